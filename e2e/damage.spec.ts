import type { Product } from "./fixtures/product";
import { storedPanel } from "./fixtures/stored";
import { expect, test } from "./fixtures/test";
import { LoginPage } from "./pages/login-page";
import { SecuritySettingsPage } from "./pages/security-settings-page";

const ATTEMPTS = "Maximum number of failed login attempts";
const RESET = "Password reset link TTL (hours)";

/** The last line of an event in the log, to be polled: the log does not hold up an answer. */
function lastLogged({ output }: Product, event: string): object {
  const lines = output().match(new RegExp(`^\\{.*"event":"${event}".*\\n`, "gm")) ?? [];
  return JSON.parse(lines.at(-1) ?? "{}");
}

/** Runs `look` while no event of the audit can be read. */
async function withoutEvents(sql: (text: string) => Promise<unknown>, look: () => Promise<void>) {
  await sql("ALTER TABLE audit_events RENAME TO audit_events_away");
  try {
    await look();
  } finally {
    await sql("ALTER TABLE audit_events_away RENAME TO audit_events");
  }
}

test("a damaged setting takes no page down: the console and the log say so, and a save mends it", async ({
  administrator,
  page,
  browser,
  product,
  sql,
}) => {
  const settings = new SecuritySettingsPage(page);
  const panel = settings.panel("General policy");
  const notice = panel.region.getByText("Stored values were damaged");
  await sql(`UPDATE settings_revisions SET "values" = "values" || '{"maxFailedLoginAttempts": "many",
    "passwordResetTokenTtl": 3}' WHERE panel = 'general'`);

  await test.step("people still log in", async () => {
    const context = await browser.newContext({ baseURL: product.url });
    const other = await context.newPage();
    await other.goto("/login");
    await new LoginPage(other).logIn(administrator.email, administrator.password);
    await expect(other).toHaveURL("/settings/security");
    await context.close();
  });

  await test.step("the default stands in for the damaged field, and for no other", async () => {
    await settings.open();
    await expect(notice).toBeVisible();
    await expect(panel.region).toContainText(`The default is in effect for ${ATTEMPTS}.`);
    await expect(panel.field(ATTEMPTS)).toHaveValue("5");
    await expect(panel.field(RESET)).toHaveValue("3");
    await expect
      .poll(() => lastLogged(product, "settings-damaged"))
      .toMatchObject({
        level: "error",
        panel: "general",
        fields: ["maxFailedLoginAttempts"],
      });
  });

  await test.step("a save without a change mends it", async () => {
    await panel.save.click();
    await expect(settings.notices).toContainText("Saved. In effect now.");
    await expect(notice).toHaveCount(0);
    expect(await storedPanel(sql, "general")).toMatchObject({
      version: 2,
      values: { maxFailedLoginAttempts: 5, passwordResetTokenTtl: 3 },
    });
    await page.reload();
    await expect(panel.field(ATTEMPTS)).toBeVisible();
    await expect(notice).toHaveCount(0);
  });
});

test("a page that cannot be read says so, names the error in the log, and is tried again", async ({
  administrator: _,
  page,
  noise,
  product,
  sql,
}) => {
  noise.allow(/500|React error #441/);
  await withoutEvents(sql, async () => {
    await page.goto("/audit");
    const failure = page.getByRole("alert").filter({ hasText: "The events could not be loaded" });
    await expect(failure).toContainText(/Error number \d+/);
    const digest = /Error number (\d+)/.exec((await failure.textContent()) ?? "")?.[1];
    await expect.poll(product.output).toContain(`"digest":"${digest}"`);
    await expect(page.getByRole("link", { name: "Security settings" })).toBeVisible();
  });
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { name: "Audit" })).toBeVisible();
});

test("a logout that fails on the server is not shown as done", async ({
  administrator: _,
  page,
  noise,
  sql,
}) => {
  noise.allow(/500|React error #441/);
  await page.goto("/users");
  await page.getByRole("button", { name: "Ada Lovelace" }).click();
  await withoutEvents(sql, async () => {
    await page.getByRole("button", { name: "Log out" }).click();
    await expect(page.getByRole("main").getByRole("alert")).toContainText("you may still be logged in");
  });
});

test("a file that cannot be created says so, and is tried again", async ({
  administrator: _,
  page,
  noise,
  product,
  sql,
}) => {
  noise.allow(/500/);
  await page.goto("/audit");
  await withoutEvents(sql, async () => {
    await page.getByRole("link", { name: "Download as CSV" }).click();
    await expect(page.getByRole("heading", { name: "The file could not be created" })).toBeVisible();
    const requestId = await page.getByRole("code").textContent();
    await expect
      .poll(product.output)
      .toMatch(new RegExp(`"event":"request-failed","requestId":"${requestId}"`));
  });
  const downloading = page.waitForEvent("download");
  await page.getByRole("link", { name: "Try again" }).click();
  await downloading;
});

test("a signing key that cannot be opened lets nobody in, and says so", async ({
  administrator,
  page,
  noise,
  product,
  sql,
}) => {
  noise.allow(/500/);
  const settings = new SecuritySettingsPage(page);
  const [{ sealed } = { sealed: "" }] = await sql<{ sealed: string }>(
    "SELECT sealed_key AS sealed FROM signing_keys",
  );
  const flipped = sealed.slice(0, -4) + (sealed.at(-4) === "A" ? "B" : "A") + sealed.slice(-3);
  const put = (text: string) => sql("UPDATE signing_keys SET sealed_key = $1", text);
  await put(flipped);
  await settings.open();
  await expect(page.getByRole("heading", { name: "Gatehouse could not be shown" })).toBeVisible();
  await put(sealed);
  await page.getByRole("link", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { name: "Security settings" })).toBeVisible();
  await put(flipped);
  await settings.open();
  const broken = { err: { name: "SealBroken" } };
  await expect.poll(() => lastLogged(product, "gate-failed")).toMatchObject({ level: "error", ...broken });
  await page.context().clearCookies();
  const answer = await new LoginPage(page).fail(administrator.email, administrator.password);
  expect(answer).toMatch(/^The login could not be completed\. Try again \(request [\da-f-]+\)\.$/);
  const requestId = /request ([\da-f-]+)/.exec(answer)?.[1];
  await expect.poll(() => lastLogged(product, "action-failed")).toMatchObject({ requestId, ...broken });
  await put(sealed);
  await new LoginPage(page).logIn(administrator.email, administrator.password);
  await expect(page).toHaveURL("/settings/security");
});
