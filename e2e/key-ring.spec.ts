import { keyFingerprint } from "@/lib/core/secrets";
import { holdRequests } from "./fixtures/held-requests";
import { auditDetails, storedPanel } from "./fixtures/stored";
import { COOKIE, expect, giveSession, test } from "./fixtures/test";
import { KeyRing } from "./pages/key-ring";
import { RotationDialog } from "./pages/rotation-dialog";
import { SecuritySettingsPage } from "./pages/security-settings-page";

const ISSUER = "Issuer name";
/** With an invisible character, as it comes with pasted text, and how it is shown. */
const PASTED = "id.example.org\u200b";
const SHOWN = "id.example.org\\u{200B}";

type Key = { kid: string; issuer: string; fingerprint: string };
const current = "SELECT kid, issuer, fingerprint FROM signing_keys WHERE verify_until IS NULL";

test("a rotation is rolled back, and a key retired before its time, each after saying who is hit", async ({
  administrator,
  page,
  arrange,
  browser,
  product,
  sql,
}) => {
  const settings = new SecuritySettingsPage(page);
  const panel = settings.panel("JWT security");
  const rotation = new RotationDialog(page);
  const ring = new KeyRing(page);
  const bob = await arrange("makeUser");
  await arrange("loggedIn", bob);
  await settings.open();
  const [first] = await sql<Key>(current);
  await expect(ring.rows).toHaveCount(1);
  await expect(ring.rows).toContainText(`${first?.fingerprint}Issuer gatehouse`);
  await expect(ring.rows).toContainText("Signs now");

  await test.step("rotated, the earlier key verifies, with how many are on it", async () => {
    await panel.region.getByRole("button", { name: "Generate key" }).click();
    await expect(panel.region).toContainText("New key, 512 bits.");
    await panel.fill({ [ISSUER]: PASTED });
    await panel.save.click();
    await rotation.confirm.click();
    await expect(ring.rows).toHaveCount(2);
    await expect(ring.rows.nth(0)).toContainText(`Issuer ${SHOWN}`);
    await expect(ring.rows.nth(1)).toContainText(first?.fingerprint ?? "?");
    await expect(ring.rows.nth(1)).toContainText("Retires in 7 days; 2 sessions still use it.");
  });

  await test.step("the list of sessions tells whose they are", async () => {
    await page.goto("/sessions");
    await page.getByLabel("Key").selectOption(`${first?.fingerprint.slice(0, 9)}, verifies`);
    await page.getByRole("button", { name: "Find" }).click();
    await expect(page.getByRole("rowheader")).toContainText([bob.email, administrator.email]);
    await page.getByLabel("Key").selectOption({ index: 1 });
    await page.getByRole("button", { name: "Find" }).click();
    await expect(page.getByRole("heading", { name: "No live session uses this key" })).toBeVisible();
    await settings.open();
  });
  const [second] = await sql<Key>(current);
  const carol = await arrange("loggedIn", bob);

  await test.step("rolled back, key and issuer are as before, and nobody is signed out", async () => {
    await ring.rollBack(first?.fingerprint).click();
    await expect(ring.box).toContainText("Sign with the earlier key again?");
    await expect(ring.box).toHaveAccessibleDescription(/ The 3 sessions of 2 people continue\. /);
    await expect(ring.box).toContainText(/id\.example\.org\\u\{200B\}.*gatehouse/);
    await ring.cancel.click();
    expect(await sql<Key>(current)).toEqual([second]);
    await ring.rollBack(first?.fingerprint).click();
    await ring.confirm.click();
    await expect(settings.notices).toContainText("The earlier key signs again.");
    await expect(ring.rows.nth(0)).toContainText(first?.fingerprint ?? "?");
    await expect(ring.rows.nth(1)).toContainText("Retires in 7 days; 1 session still uses it.");
    await expect(panel.field(ISSUER)).toHaveValue("gatehouse");
    await expect(panel.unsaved).toHaveCount(0);
    expect(await sql<Key>(current)).toEqual([first]);
    expect((await storedPanel(sql, "jwt")).version).toBe(3);
    expect(await sql("SELECT FROM sessions WHERE ended_at IS NULL")).toHaveLength(3);
    expect(await auditDetails(sql, "settings-changed")).toContainEqual({
      panel: "jwt",
      version: 3,
      changes: {
        tokenIssuer: { from: PASTED, to: "gatehouse" },
        tokenSigningKey: { from: second?.fingerprint, to: first?.fingerprint },
        rolledBack: true,
      },
    });
  });

  await test.step("not retired while more sessions use it than were agreed to, which is said", async () => {
    const move = "UPDATE sessions SET kid = $2 WHERE kid = $1 AND user_id = $3 AND id <> $4";
    const other = [bob.id, carol.person.sessionId];
    await ring.retire(second?.fingerprint).click();
    await ring.word.fill("retire");
    await sql(move, first?.kid, second?.kid, ...other);
    await ring.confirm.click();
    await expect(ring.word).toBeFocused();
    await expect(ring.word).toHaveValue("");
    await expect(ring.word).toHaveAccessibleDescription(
      /^Nothing was done: there are more sessions by now\./,
    );
    await expect(ring.box).toHaveAccessibleDescription(/ 2 sessions of 1 person end now\.$/);
    expect(await auditDetails(sql, "signing-key-retired")).toEqual([]);
    await ring.cancel.click();
    await sql(move, second?.kid, first?.kid, ...other);
  });

  await test.step("retired early, its sessions end; that takes a word, and the password again", async () => {
    await sql("UPDATE sessions SET confirmed_at = now() - interval '301 seconds'");
    await ring.retire(second?.fingerprint).click();
    await expect(ring.box).toHaveAccessibleDescription(
      / every token that it signed under this issuer name is refused\. .* 1 session of 1 person ends now\.$/,
    );
    await expect(ring.box).toContainText(SHOWN);
    await ring.confirm.click();
    await expect(ring.word).toBeFocused();
    await expect(ring.word).toHaveAccessibleDescription(/^Type \W?retire\W? to end these sessions\.$/);
    await expect(ring.password).toHaveAccessibleDescription("Enter your password.");
    await ring.word.fill("Retire");
    await expect(ring.word).toHaveAccessibleDescription("");
    await ring.password.fill("wrong");
    await ring.confirm.click();
    await expect(ring.password).toHaveAccessibleDescription(/^Wrong password, or your account/);
    await expect(ring.password).toBeFocused();
    await ring.password.fill(administrator.password);
    await ring.confirm.click();
    await expect(settings.notices).toContainText("The key is retired.");
    await expect(ring.rows.nth(1)).toContainText("Early, by an administrator.");
    await expect(ring.retire(second?.fingerprint)).toHaveCount(0);
    await expect(ring.section).toBeFocused();
    const theirs = await browser.newContext({ baseURL: product.url });
    await giveSession(theirs, product.url, carol.token);
    expect((await theirs.request.get("/account", { maxRedirects: 0 })).status()).toBe(303);
    await theirs.close();
    const details = { fingerprint: second?.fingerprint, issuer: PASTED, sessions: 1, people: 1 };
    expect(await auditDetails(sql, "signing-key-retired")).toEqual([details]);
  });

  await test.step("retired with the own session on it, it leads to the login", async () => {
    await panel.region.getByRole("button", { name: "Generate key" }).click();
    await panel.save.click();
    await rotation.confirm.click();
    await expect(ring.rows).toHaveCount(3);
    await ring.retire(first?.fingerprint).click();
    await expect(ring.box).toContainText("2 sessions of 2 people end now, including yours.");
    await ring.word.fill("retire");
    await ring.confirm.click();
    await expect(page).toHaveURL("/login?notice=session-ended");
    expect(await sql("SELECT FROM sessions WHERE ended_at IS NULL")).toHaveLength(0);
  });
});

test("the same key under two issuers is told apart, and no page says that a key was replaced", async ({
  administrator,
  page,
  arrange,
  sql,
}) => {
  const settings = new SecuritySettingsPage(page);
  const panel = settings.panel("JWT security");
  const ring = new KeyRing(page);
  const bob = await arrange("makeUser");
  await arrange("loggedIn", bob);
  await settings.open();
  await panel.fill({ [ISSUER]: PASTED });
  await panel.save.click();
  await new RotationDialog(page).confirm.click();
  await expect(ring.rows).toHaveCount(2);
  await arrange("loggedIn", bob);
  const [{ fingerprint = "" } = {}] = await sql<Key>(current);
  const short = fingerprint.slice(0, 9);

  await page.goto("/sessions");
  await expect(page.getByLabel("Key").getByRole("option")).toHaveText([
    "Any key",
    `${short}, ${SHOWN}, signs now`,
    `${short}, gatehouse, verifies`,
  ]);
  const rows = page.getByRole("row", { name: bob.email });
  await expect(rows).toContainText([short, `${short}, verifies`]);
  await expect(rows.nth(0)).not.toContainText("verifies");
  await page.goto("/overview");
  await expect(page.getByRole("main")).toContainText(
    "The earlier issuer name is still accepted, for 2 live sessions.",
  );

  await settings.open();
  await ring.retire().click();
  await expect(ring.box).toHaveAccessibleName("Retire this issuer name now?");
  await expect(ring.box).toHaveAccessibleDescription(/ The key goes on signing\. /);
  await ring.cancel.click();
  await ring.rollBack().click();
  await expect(ring.box).toHaveAccessibleName("Use the earlier issuer name again?");
  await ring.confirm.click();
  await expect(settings.notices).toContainText("The earlier issuer name is in use again.");
  await page.goto("/audit?kind=settings-changed");
  await expect(page.getByRole("row").nth(1)).toContainText(
    `${administrator.email} rolled back to an earlier issuer name; everyone stays logged in`,
  );
});

test("dialogs that were asked for while a proxy showed its own page open once it is gone", async ({
  administrator: _,
  page,
}) => {
  const settings = new SecuritySettingsPage(page);
  const jwt = settings.panel("JWT security");
  const ring = new KeyRing(page);
  const showKey = page.getByRole("button", { name: "Show key", exact: true });
  await settings.open();
  await jwt.region.getByRole("button", { name: "Generate key" }).click();
  await jwt.save.click();
  await new RotationDialog(page).confirm.click();
  await expect(ring.rows).toHaveCount(2);
  await expect(ring.rollBack()).not.toHaveAttribute("aria-busy");
  const maintenance = { contentType: "text/html", body: "<h1>Back soon</h1>" };
  await page.route("**", (route) => route.fulfill(maintenance));
  await showKey.click();
  await expect(page.getByText("The key was not shown. Gatehouse cannot be reached")).toBeVisible();
  await ring.rollBack().click();
  await expect(ring.failure).toContainText("Nothing was done. Gatehouse cannot be reached");
  await page.unrouteAll();
  await ring.rollBack().click();
  await expect(ring.box).toBeVisible();
  await ring.cancel.click();
  await showKey.click();
  await expect(page.getByRole("dialog", { name: "Show the signing key" })).toBeVisible();
});

test("a change of keys that was only asked about was not done, whatever the answer", async ({
  administrator: _,
  page,
  sql,
}) => {
  const ring = new KeyRing(page);
  const settings = new SecuritySettingsPage(page);
  const jwt = settings.panel("JWT security");
  await settings.open();
  await jwt.region.getByRole("button", { name: "Generate key" }).click();
  await jwt.save.click();
  await new RotationDialog(page).confirm.click();
  await ring.retire().click();
  await ring.word.fill("retire");
  await sql("UPDATE users SET authority = 'CUSTOMER_USER'");
  await ring.confirm.click();
  await expect(ring.failure).toHaveText("Nothing was done. You can no longer change these settings.");
  await sql("UPDATE sessions SET ended_at = now(), end_reason = 'signed-out-by-administrator'");
  await ring.rollBack().click();
  await expect(ring.failure).toHaveText("Nothing was done. Your session has ended.");
});

test("whoever acts on keys that have changed meanwhile is told, and nothing is done", async ({
  administrator,
  colleague,
  page,
  sql,
}) => {
  const ring = new KeyRing(page);
  const settings = new SecuritySettingsPage(page);
  const rotation = new RotationDialog(page);
  const jwt = settings.panel("JWT security");
  await settings.open();
  await jwt.region.getByRole("button", { name: "Generate key" }).click();
  await jwt.save.click();
  await rotation.confirm.click();
  await expect(ring.rows).toHaveCount(2);
  await ring.retire().click();
  await expect(ring.box).toContainText("2 sessions of 2 people end now, including yours.");

  await new SecuritySettingsPage(colleague.page).open();
  const theirs = new KeyRing(colleague.page);
  await theirs.rollBack().click();
  await theirs.confirm.click();
  await expect(theirs.rows.nth(1)).toContainText("no session still uses it");

  await ring.word.fill("retire");
  await ring.confirm.click();
  await expect(ring.box).toHaveCount(0);
  await expect(ring.failure).toContainText("The keys have changed in the meantime. Nothing was done now");
  await expect(ring.rows.nth(1)).toContainText("no session still uses it");
  expect(await sql("SELECT FROM sessions WHERE ended_at IS NOT NULL")).toHaveLength(0);
  expect((await page.context().cookies()).map(({ name }) => name)).toContain(COOKIE);

  await test.step("who has the key shown, gets the one that signs now, and its own fingerprint", async () => {
    await theirs.rollBack().click();
    await theirs.confirm.click();
    await expect(theirs.box).toHaveCount(0);
    await jwt.region.getByRole("button", { name: "Show key" }).click();
    const dialog = page.getByRole("dialog", { name: "Show the signing key" });
    await dialog.getByRole("textbox", { name: "Your password" }).fill(administrator.password);
    await dialog.getByRole("button", { name: "Show key" }).click();
    const key = await dialog.getByRole("textbox", { name: "Current signing key" }).inputValue();
    const [signing] = await sql<Key>(current);
    expect(keyFingerprint(Buffer.from(key, "base64"))).toBe(signing?.fingerprint);
    await expect(dialog).toContainText(`Fingerprint ${signing?.fingerprint}`);
  });

  await test.step("a roll-back from one key is not made from another, even if the page shows that meanwhile", async () => {
    await settings.open();
    const release = await holdRequests(page, /_rsc=/);
    const general = settings.panel("General policy");
    await general.fill({ "Mobile secret key length": "128" });
    await general.save.click();
    await expect(settings.notices).toContainText("Saved. In effect now.");
    await ring.rollBack().click();
    await expect(ring.box).toContainText("Sign with the earlier key again?");
    const theirJwt = new SecuritySettingsPage(colleague.page).panel("JWT security");
    await theirJwt.region.getByRole("button", { name: "Generate key" }).click();
    await theirJwt.save.click();
    await new RotationDialog(colleague.page).confirm.click();
    await expect(theirs.rows).toHaveCount(3);
    release();
    await expect(page.getByRole("table", { includeHidden: true }).locator("tbody tr")).toHaveCount(3);
    await ring.confirm.click();
    await expect(ring.failure).toContainText("The keys have changed in the meantime. Nothing was done now");
  });
});
