import { decodeJwt, decodeProtectedHeader } from "jose";
import { keyFingerprint } from "@/lib/core/secrets";
import { holdRequests } from "./fixtures/held-requests";
import { sendTwice } from "./fixtures/sent-twice";
import { auditDetails, storedPanel } from "./fixtures/stored";
import { expect, giveSession, sessionToken, test } from "./fixtures/test";
import { LoginPage } from "./pages/login-page";
import { RotationDialog } from "./pages/rotation-dialog";
import { SecuritySettingsPage } from "./pages/security-settings-page";

const ISSUER = "Issuer name";
const TOKEN = /^Token expiration time/;
const REFRESH = /^Refresh token expiration time/;
const KEY = /^Signing key$/;

const keysOf =
  'SELECT kid, issuer, fingerprint, verify_until AS "verifyUntil" FROM signing_keys ORDER BY created_at';
type Key = { kid: string; issuer: string; fingerprint: string; verifyUntil: Date | null };

test("the times are said in words, checked, saved and undone", async ({ administrator: _, page, sql }) => {
  const settings = new SecuritySettingsPage(page);
  const panel = settings.panel("JWT security");
  async function enter(issuer: string, token: string, refresh: string): Promise<void> {
    await panel.field(ISSUER).fill(issuer);
    await panel.field(TOKEN).fill(token);
    await panel.field(REFRESH).fill(refresh);
  }
  await settings.open();
  await expect(panel.field(TOKEN)).toHaveAccessibleDescription(/ 9000 s = 2 h 30 min$/);

  await test.step("what is wrong is named", async () => {
    await enter("   ", "59", "2147483648");
    await expect(panel.field(REFRESH)).toHaveAttribute("aria-invalid", "true");
    await panel.save.click();
    await expect(panel.field(ISSUER)).toBeFocused();
    await expect(panel.field(ISSUER)).toHaveAccessibleDescription(/Issuer name must not be blank\.$/);
    await expect(panel.field(TOKEN)).toHaveAccessibleDescription(
      /from 60 to 2,147,483,647 seconds, not 59\.$/,
    );
    await expect(panel.field(REFRESH)).toHaveAccessibleDescription(/not 2147483648\.$/);
    await enter("gatehouse", "9e3", "");
    await expect(panel.summary.getByRole("link")).toHaveCount(2);
    await enter("gatehouse", "900", "900");
    await expect(panel.field(REFRESH)).toHaveAccessibleDescription(
      /must be greater than the token expiration time, 900 seconds; it is 900\.$/,
    );
    await panel.undo.click();
    await expect(panel.field(TOKEN)).toHaveValue("9000");
    await expect(panel.unsaved).toHaveCount(0);
    expect((await storedPanel(sql, "jwt")).version).toBe(1);
  });

  await test.step("in hours, stored in seconds", async () => {
    await panel.region
      .getByRole("combobox", { name: "Token expiration time (sec): unit", exact: true })
      .selectOption("hours");
    await expect(panel.field(TOKEN)).toHaveValue("2.5");
    await expect(panel.unsaved).toHaveCount(0);
    for (const [key, shown] of [
      ["ArrowUp", "3"],
      ["ArrowDown", "2"],
    ] as const) {
      await panel.field(TOKEN).press(key);
      await expect(panel.field(TOKEN)).toHaveValue(shown);
    }
    await panel.field(TOKEN).fill("0.5");
    await panel.field(TOKEN).press("ArrowDown");
    await expect(panel.field(TOKEN)).toHaveValue("0.5");
    await panel.field(TOKEN).fill("4");
    await expect(panel.effect).toContainText(
      "A token expires after 4 hours and is renewed automatically; after 7 days",
    );
    await panel.save.click();
    await expect(settings.notices).toContainText("Saved. In effect now.");
    expect((await storedPanel(sql, "jwt")).values).toMatchObject({ tokenExpirationTime: 14_400 });
    await page.reload();
    await expect(panel.field(TOKEN)).toHaveValue("14400");
    await panel.reset("Token expiration time").click();
    await expect(panel.field(TOKEN)).toHaveValue("9000");
    await panel.undo.click();
  });
});

test("a generated key has no effect until Save, which keeps people signed in", async ({
  administrator,
  page,
  context,
  browser,
  product,
  sql,
}) => {
  const settings = new SecuritySettingsPage(page);
  const panel = settings.panel("JWT security");
  const dialog = new RotationDialog(page);
  await settings.open();
  const [before] = await sql<Key>(keysOf);

  await test.step("until Save it stands in the browser alone", async () => {
    await panel.region.getByRole("button", { name: "Generate key" }).click();
    await expect(panel.field(KEY)).toHaveValue(/^[A-Za-z0-9+/]{86}==$/);
    const proposed = keyFingerprint(Buffer.from(await panel.field(KEY).inputValue(), "base64"));
    await expect(panel.region).toContainText("New key, 512 bits. In effect once you save.");
    await expect(panel.unsaved).toHaveText("1 unsaved change");
    await panel.save.click();
    await expect(dialog.box).toContainText("Replace the signing key?");
    await expect(dialog.box).toContainText("Only your own session is open. It continues.");
    await expect(dialog.change("Key")).toHaveText(/^from [\da-f: ]+ to [\da-f: ]+$/i);
    await expect(dialog.change("Key").locator("del")).toHaveText(before?.fingerprint ?? "?");
    await expect(dialog.change("Key").locator("ins")).toHaveText(proposed);
    await expect(dialog.change("Issuer name")).toHaveText("gatehouse, unchanged");
    await dialog.cancel.click();
    await expect(panel.unsaved).toHaveText("1 unsaved change");
    expect(await sql<Key>(keysOf)).toEqual([before]);
    await panel.undo.click();
    await expect(panel.region.getByRole("textbox", { name: "Signing key, hidden" })).toBeVisible();
    await expect(panel.unsaved).toHaveCount(0);
  });

  await test.step("a key that is none is refused", async () => {
    await panel.region.getByRole("button", { name: "Paste key" }).click();
    const good = Buffer.alloc(64, 251).toString("base64");
    for (const [text, message] of [
      [good.replaceAll("+", "-").replaceAll("/", "_"), /must be Base64/],
      [good.replace(/(.{20})/, "$1 "), /must be Base64/],
      [good.replace("==", "="), /must be Base64/],
      [Buffer.alloc(63, 251).toString("base64"), /512 to 4,096 bits; this one has 504 bits\.$/],
      ["A".repeat(1_000_000), /at most 4,096 bits/],
    ] as const) {
      await panel.field(KEY).fill(text);
      await expect(panel.field(KEY)).toHaveAccessibleDescription(message);
    }
    await panel.undo.click();
  });

  await test.step("kept: the own session goes on, the old key verifies, the new one signs", async () => {
    await panel.region.getByRole("button", { name: "Generate key" }).click();
    const generated = await panel.field(KEY).inputValue();
    await panel.save.click();
    await expect(dialog.keep).toBeChecked();
    await dialog.confirm.click();
    await expect(settings.notices).toContainText("Saved. In effect now.");
    await expect(panel.region.getByRole("textbox", { name: "Signing key, hidden" })).toBeVisible();
    const [old, current] = await sql<Key>(keysOf);
    expect(old?.verifyUntil?.getTime()).toBeGreaterThan(Date.now() + 604_000_000);
    expect(current).toMatchObject({
      fingerprint: keyFingerprint(Buffer.from(generated, "base64")),
      verifyUntil: null,
    });
    await expect(panel.region).toContainText(current?.fingerprint ?? "?");
    expect(await auditDetails(sql, "settings-changed")).toEqual([
      {
        panel: "jwt",
        version: 2,
        changes: { tokenSigningKey: { from: old?.fingerprint, to: current?.fingerprint }, sessions: "kept" },
      },
    ]);

    await page.reload();
    await expect(page).toHaveURL("/settings/security");
    const kidOf = async (from: typeof context) => {
      const token = (await sessionToken(from)) ?? "";
      return decodeProtectedHeader(token).kid;
    };
    expect(await kidOf(context)).toBe(old?.kid);
    const other = await browser.newContext({ baseURL: product.url });
    const otherPage = await other.newPage();
    await otherPage.goto("/login");
    await new LoginPage(otherPage).logIn(administrator.email, administrator.password);
    await expect(otherPage).toHaveURL("/settings/security");
    expect(await kidOf(other)).toBe(current?.kid);
    await other.close();
  });
});

test("a new issuer may sign everyone out, which takes a word and ends every session", async ({
  administrator,
  page,
  arrange,
  browser,
  context,
  product,
  sql,
}) => {
  const settings = new SecuritySettingsPage(page);
  const panel = settings.panel("JWT security");
  const dialog = new RotationDialog(page);
  const other = await arrange("loggedIn", await arrange("makeUser", { authority: "SYS_ADMIN" }));
  await settings.open();
  // An invisible character, which comes with pasted text, shows before it is in every token.
  await panel.fill({ [ISSUER]: "id.example.org\u200b" });
  await panel.save.click();
  await expect(dialog.box).toContainText("id.example.org\\u{200B}");
  await page.keyboard.press("Escape");
  await panel.fill({ [ISSUER]: "id.example.org" });
  await panel.save.click();
  await expect(dialog.box).toContainText("Change the issuer name?");
  await expect(dialog.box).toContainText("2 sessions of 2 people end now, including yours.");
  await page.setViewportSize({ width: 375, height: 667 });
  await dialog.signOut.check();
  await dialog.confirm.click();
  await expect(dialog.word).toBeFocused();
  await expect(dialog.word).toHaveAccessibleDescription(/^Type \W?everyone\W? to sign everyone out\.$/);
  // The dialog is taller than a small phone's screen: focusing the field must scroll its description into view too.
  await expect(dialog.box.getByText("to sign everyone out.")).toBeInViewport({ ratio: 1 });
  await dialog.word.fill("nobody");
  await dialog.confirm.click();
  await expect(dialog.word).toBeFocused();
  expect((await storedPanel(sql, "jwt")).version).toBe(1);

  await dialog.word.fill("everyone");
  await dialog.confirm.click();
  await expect(page).toHaveURL("/login?notice=session-ended");
  await expect(page.getByText("Your session has ended. Log in again to continue.")).toBeVisible();
  expect(await sql("SELECT FROM sessions WHERE ended_at IS NULL")).toHaveLength(0);
  expect(await auditDetails(sql, "sessions-ended")).toEqual([
    { reason: "key-changed", sessions: 2, people: 2 },
  ]);

  await test.step("for everyone, also with the cookies they still have", async () => {
    await page.goto("/audit");
    await expect(page).toHaveURL(/\/login\?next=/);
    const theirs = await browser.newContext({ baseURL: product.url });
    await giveSession(theirs, product.url, other.token);
    const answer = await theirs.request.get("/audit", { maxRedirects: 0 });
    expect(answer.status()).toBe(303);
    await theirs.close();
  });

  await test.step("and the next token bears the new name", async () => {
    const login = new LoginPage(page);
    await login.logIn(administrator.email, administrator.password);
    await expect(page).toHaveURL("/audit");
    const token = (await sessionToken(context)) ?? "";
    expect(decodeJwt(token).iss).toBe("id.example.org");
  });
});

test("a rotation asks for the password again when the login is older than five minutes", async ({
  administrator,
  page,
  sql,
}) => {
  const settings = new SecuritySettingsPage(page);
  const panel = settings.panel("JWT security");
  const dialog = new RotationDialog(page);
  const failures = () => sql("SELECT failed_attempts AS n FROM users WHERE email = $1", administrator.email);
  await settings.open();
  await sql("UPDATE sessions SET confirmed_at = now() - interval '301 seconds'");
  await panel.region.getByRole("button", { name: "Generate key" }).click();
  await panel.save.click();
  await dialog.confirm.click();
  await expect(dialog.password).toBeFocused();
  await expect(dialog.password).toHaveAccessibleDescription("Enter your password.");
  await expect(
    page.locator("form#rotation input[autocomplete=username]"),
    "for password managers",
  ).toHaveValue(administrator.email);
  await dialog.password.fill("wrong");
  await dialog.confirm.click();
  await expect(dialog.password).toHaveAccessibleDescription(
    /^Wrong password, or your account is currently locked/,
  );
  await expect(dialog.password).toBeFocused();
  expect(await failures()).toEqual([{ n: 1 }]);
  expect(await sql(keysOf)).toHaveLength(1);
  // The wrong one is selected.
  await page.keyboard.type(administrator.password);
  await dialog.confirm.click();
  await expect(settings.notices).toContainText("Saved. In effect now.");
  expect(await sql(keysOf)).toHaveLength(2);
  expect(await failures()).toEqual([{ n: 0 }]);
});

test("a key that arrives late does not replace the one that was pasted meanwhile", async ({
  administrator: _,
  page,
}) => {
  const settings = new SecuritySettingsPage(page);
  const panel = settings.panel("JWT security");
  await settings.open();
  const release = await holdRequests(page, "**");
  const generate = panel.region.getByRole("button", { name: "Generate key" });
  await generate.click();
  await panel.region.getByRole("button", { name: "Paste key" }).click();
  const pasted = Buffer.alloc(64, 251).toString("base64");
  await panel.field(KEY).fill(pasted);
  release();
  await expect(generate).toBeEnabled();
  await expect(panel.field(KEY)).toHaveValue(pasted);
});

test("the key is shown to whoever proves the password, and that is audited", async ({
  administrator,
  page,
  sql,
}) => {
  const settings = new SecuritySettingsPage(page);
  const panel = settings.panel("JWT security");
  await settings.open();
  await panel.fill({ [ISSUER]: "not.saved.example.org" });
  await panel.region.getByRole("button", { name: "Show key" }).click();
  const dialog = page.getByRole("dialog", { name: "Show the signing key" });
  const password = dialog.getByRole("textbox", { name: "Your password" });
  const show = dialog.getByRole("button", { name: "Show key" });

  await show.click();
  await expect(password).toHaveAccessibleDescription("Enter your password.");
  await expect(password).toBeFocused();
  await expect(dialog.locator("input[autocomplete=username]")).toHaveValue(administrator.email);
  await password.fill("wrong");
  await show.click();
  await expect(password).toHaveAccessibleDescription(/^Wrong password, or your account is currently locked/);
  await expect(password).toBeFocused();
  expect(await sql("SELECT failed_attempts AS n FROM users WHERE email = $1", administrator.email)).toEqual([
    { n: 1 },
  ]);
  expect(await auditDetails(sql, "signing-key-shown")).toEqual([]);

  // The wrong one is selected.
  await page.keyboard.type(administrator.password);
  await show.click();
  const shown = dialog.getByRole("textbox", { name: "Current signing key" });
  await expect(shown).toBeFocused();
  const [key] = await sql<Key>(keysOf);
  const text = await shown.inputValue();
  expect(keyFingerprint(Buffer.from(text, "base64"))).toBe(key?.fingerprint);
  expect(await auditDetails(sql, "signing-key-shown")).toEqual([{ fingerprint: key?.fingerprint }]);

  await test.step("what is unsaved in the panel stays so", async () => {
    await expect(panel.unsaved).toHaveText("1 unsaved change");
    await expect(page.getByRole("alertdialog")).toHaveCount(0);
    expect((await storedPanel(sql, "jwt")).version).toBe(1);
  });

  await test.step("closed, it is gone", async () => {
    await page.keyboard.press("Escape");
    await expect(dialog).toHaveCount(0);
    expect(await page.content()).not.toContain(text.slice(0, 40));
    await panel.region.getByRole("button", { name: "Show key" }).click();
    await expect(password).toHaveValue("");
  });
});

test("a key that arrives after its dialog was closed is not shown", async ({ administrator, page }) => {
  const settings = new SecuritySettingsPage(page);
  const panel = settings.panel("JWT security");
  const dialog = page.getByRole("dialog", { name: "Show the signing key" });
  const password = dialog.getByRole("textbox", { name: "Your password" });
  const open = panel.region.getByRole("button", { name: "Show key" });
  await settings.open();
  const release = await holdRequests(page, "/settings/security");
  await open.click();
  await password.fill(administrator.password);
  await dialog.getByRole("button", { name: "Show key" }).click();
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  release();

  // Actions are answered in turn, so this one comes after the key.
  await panel.region.getByRole("button", { name: "Generate key" }).click();
  await panel.region.getByRole("button", { name: "Keep stored key" }).click();
  await open.click();
  await expect(password).toHaveValue("");
});

test("a save of a new issuer that gets no answer closes its dialog, which begins anew afterwards", async ({
  administrator: _,
  page,
  noise,
}) => {
  noise.allow(/ERR_FAILED/);
  const settings = new SecuritySettingsPage(page);
  const panel = settings.panel("JWT security");
  const dialog = new RotationDialog(page);
  await settings.open();
  await panel.fill({ [ISSUER]: "new.example.org" });
  await panel.save.click();
  await dialog.signOut.check();
  await dialog.word.fill("everyone");
  await page.route("/settings/security", (route) => route.abort());
  await dialog.confirm.click();
  await expect(dialog.box).toHaveCount(0);
  await expect(panel.region.getByRole("alert")).toContainText("Gatehouse cannot be reached");
  await page.unroute("/settings/security");
  await panel.save.click();
  await expect(dialog.keep).toBeChecked();
});

test("a sign-out whose request was sent twice is not said to be undone, and may be saved again", async ({
  administrator,
  page,
  context,
  sql,
}) => {
  const settings = new SecuritySettingsPage(page);
  const panel = settings.panel("JWT security");
  const dialog = new RotationDialog(page);
  await settings.open();
  await panel.fill({ [ISSUER]: "new.example.org" });
  await panel.save.click();
  await dialog.signOut.check();
  await dialog.word.fill("everyone");
  await sendTwice(page, "/settings/security");
  await dialog.confirm.click();
  const said = panel.region.getByRole("alert");
  await expect(said).toContainText("Your changes may have been saved, and everyone signed out.");
  const other = await context.newPage();
  const login = new LoginPage(other);
  await login.open();
  await login.logIn(administrator.email, administrator.password);
  await expect(other).not.toHaveURL(/login/);
  await panel.save.click();
  await expect(settings.notices).toContainText("Saved. In effect now.");
  expect((await storedPanel(sql, "jwt")).version).toBe(2);
  expect(await auditDetails(sql, "sessions-ended"), "nobody was signed out again").toHaveLength(1);
});

test("what is typed before a new issuer is confirmed is not saved with it, and stands in nobody's way", async ({
  administrator: _,
  page,
  sql,
}) => {
  const settings = new SecuritySettingsPage(page);
  const panel = settings.panel("JWT security");
  const dialog = new RotationDialog(page);
  await settings.open();
  const release = await holdRequests(page, "/settings/security");
  await panel.fill({ [ISSUER]: "new.example.org" });
  await panel.save.click();
  await panel.field(TOKEN).fill("5");
  release();
  await expect(dialog.change("Issuer name")).toContainText("new.example.org");
  await dialog.confirm.click();
  await expect(settings.notices).toContainText("Saved. In effect now.");
  expect((await storedPanel(sql, "jwt")).values).toMatchObject({ tokenIssuer: "new.example.org" });
  await expect(panel.field(TOKEN)).toHaveValue("5");
  await expect(panel.field(TOKEN)).toHaveAccessibleDescription(/must be a whole number from 60/);
  await expect(panel.unsaved).toHaveText("1 unsaved change");
});
