import type { Page } from "@playwright/test";
import { generalPolicyDefaults } from "@/lib/settings/general/schema";
import {
  expectAccessible,
  expectNoViolations,
  expectReadable,
  PHONE,
  violationsOn,
} from "./fixtures/accessible";
import { expect, test } from "./fixtures/test";
import { ApiDocsPage } from "./pages/api-docs-page";
import { KeyRing } from "./pages/key-ring";
import { LoginPage } from "./pages/login-page";
import { MobilePage } from "./pages/mobile-page";
import { RotationDialog } from "./pages/rotation-dialog";
import { SecuritySettingsPage } from "./pages/security-settings-page";

const DAY_MS = 86_400_000;
const PHONE_APP = {
  kind: "anonymous",
  address: "203.0.113.8",
  userAgent: "tb-app/1.0",
  requestId: "",
} as const;

test("axe finds nothing on the pages before the login", async ({ page, arrange, logIn, noise }) => {
  test.slow();
  const { activationLink } = await arrange("provision");
  const login = new LoginPage(page);
  await login.fail("nobody@example.org", "wrong");
  await expectAccessible(page, "login, refused");
  for (const path of [
    "/login?notice=session-ended",
    "/link-expired",
    "/scan-in-app",
    "/forgot-password",
    activationLink?.url ?? "",
  ]) {
    await page.goto(path);
    await expectAccessible(page, path);
  }
  await page.getByLabel("New password", { exact: true }).fill("short");
  await page.getByRole("button", { name: "Activate account" }).click();
  await expectAccessible(page, "activate, refused");

  await arrange(
    "makeSettings",
    { password: { passwordExpirationPeriodDays: 1 } },
    {
      expirySwitchedOnAt: new Date(Date.now() - 9 * DAY_MS),
    },
  );
  const { email, password } = await arrange("makeUser", { passwordSetAt: new Date(Date.now() - 9 * DAY_MS) });
  await login.open();
  await login.logIn(email, password);
  await expect(page).toHaveURL("/password-expired");
  await expectAccessible(page, "password expired");

  await logIn({ authority: "CUSTOMER_USER" });
  await page.goto("/settings/security");
  await expect(page).toHaveURL("/no-access");
  await expectAccessible(page, "no access");
  noise.allow(/404/);
  await page.goto("/nowhere");
  await expectAccessible(page, "404");
});

test("axe finds nothing on the security settings, in any of their states", async ({
  administrator: _,
  page,
  sql,
}) => {
  test.slow();
  const settings = new SecuritySettingsPage(page);
  const dialog = new RotationDialog(page);
  const jwt = settings.panel("JWT security");
  await settings.open();
  await expectAccessible(page, "settings");
  // A very long pasted value must not make the page wider either.
  await settings.panel("General policy").fill({ "Mobile secret key length": "1".repeat(90) });
  await settings.panel("General policy").save.press("Enter");
  await expect(settings.panel("General policy").summary).toBeVisible();
  await expectAccessible(page, "settings, refused");
  await jwt.region.getByRole("button", { name: "Show key" }).click();
  await expectAccessible(page, "show key");
  await page.keyboard.press("Escape");
  await jwt.region.getByRole("button", { name: "Generate key" }).click();
  await jwt.save.click();
  await dialog.signOut.check();
  await dialog.confirm.click();
  await expectAccessible(page, "rotation");
  await dialog.keep.check();
  await dialog.confirm.click();
  await expect(settings.notices).toContainText("Saved. In effect now.");
  await page.reload();
  const ring = new KeyRing(page);
  await expectAccessible(page, "two keys");
  await sql("UPDATE sessions SET confirmed_at = now() - interval '301 seconds'");
  await ring.retire().click();
  await ring.confirm.click();
  await expectAccessible(page, "retire a key, refused");
  await ring.cancel.click();
  await ring.rollBack().click();
  await expect(ring.box).toContainText("Sign with the earlier key again?");
  await expectAccessible(page, "roll back");
  await ring.cancel.click();
  await settings.panel("General policy").fill({
    "Mobile secret key length": "65",
    "Notification on account lockout": `${"operations".repeat(6)}@${"example-".repeat(6)}x.org`,
  });
  await page.getByRole("link", { name: "Audit" }).click();
  await expect(page.getByRole("alertdialog")).toBeVisible();
  await expectAccessible(page, "leaving");
});

test("axe finds nothing on the console's other pages, its menu and its navigation", async ({
  administrator,
  arrange,
  page,
  sql,
}) => {
  test.slow();
  const actor = await arrange("administrator");
  const values = { ...generalPolicyDefaults, maxFailedLoginAttempts: 9 };
  await arrange("updateGeneralPolicy", actor, { version: 1, values });
  const someone = await arrange("makeUser", { email: "jane@example.org" });
  for (const kind of ["BROWSER", "REST"] as const) await arrange("loggedIn", someone, { kind });
  await arrange("makeUser", { lockedAt: new Date() });
  await arrange("makeSettings", { password: { forceUserToResetPasswordIfNotValid: true } });
  await page.goto("/overview");
  await expect(page.getByText("1 account is locked")).toBeVisible();
  await expect(page.getByText(/^Problem: Anyone whose password breaks the rules/)).toBeVisible();
  await expectAccessible(page, "/overview");
  for (const path of ["/sessions", `/sessions?user=${someone.id}`, "/sessions?search=nobody"]) {
    await page.goto(path);
    await expectAccessible(page, path);
  }
  await page.goto("/sessions");
  await page.getByRole("button", { name: "End everyone’s sessions" }).click();
  await page.getByRole("button", { name: "End all other sessions" }).click();
  await expectAccessible(page, "end everyone's sessions, refused");
  await page.getByRole("button", { name: "Cancel" }).click();
  for (const path of ["/audit", "/audit?person=nobody", "/mail", "/settings/mail", "/account/password"]) {
    await page.goto(path);
    await expectAccessible(page, path);
  }
  const [address, program] = ["2001:db8:85a3:1319:8a2e:370:7344:abcd", `${"inventory".repeat(5)}/1.0`];
  await sql(
    `INSERT INTO sessions (id, user_id, kind, kid, created_at, renewed_at, renewable_until, last_seen_at, confirmed_at, address, user_agent)
     SELECT gen_random_uuid(), user_id, 'REST', kid, now(), now(), renewable_until, now(), now(), $2, $3 FROM sessions
     WHERE id = $1`,
    administrator.sessionId,
    address,
    program,
  );
  await page.goto("/account");
  await expect(page.getByText(address)).toBeVisible();
  await expectAccessible(page, "/account, however long the address of a session is");
  await page.getByRole("button", { name: "Ada Lovelace" }).click();
  await expectAccessible(page, "the person's menu");
  await page.setViewportSize(PHONE);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Open navigation" }).click();
  await expect(page.getByRole("dialog", { name: "Navigation" })).toBeVisible();
  expect(await violationsOn(page)).toEqual([]);
});

test("axe finds nothing on the history of the settings", async ({ administrator: _, arrange, page, sql }) => {
  test.slow();
  const actor = await arrange("administrator");
  const values = { ...generalPolicyDefaults, maxFailedLoginAttempts: 9, mobileSecretKeyLength: 65 };
  await arrange("updateGeneralPolicy", actor, { version: 1, values });
  await sql(`INSERT INTO settings_revisions (panel, version, "values", saved_by_email, saved_at) VALUES
    ('general', 3, '{"mobileSecretKeyLength": "long"}', '${"operations".repeat(6)}@${"example-".repeat(6)}x.org', now()),
    ('jwt', 2, '{"tokenIssuer": "x", "tokenExpirationTime": 60, "refreshTokenExpTime": 900}', 'host', now())`);
  for (const path of [
    "/settings/history",
    "/settings/history?after=1-general.1",
    "/settings/history/general/2",
    "/settings/history/general/3?only=differences",
    "/settings/history/general/0?with=99",
    "/settings/history/jwt/1",
    "/settings/security?restore=general.2#general",
  ]) {
    await page.goto(path);
    await expectAccessible(page, path);
  }
});

async function openAllCalls(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const call of document.querySelectorAll("details")) call.open = true;
  });
}

/**
 * Opens each call with an element unlike all those in the calls before it: another tag, class or attribute, of its own
 * or of an element around it. Axe would take several times as long for all calls, and find the same.
 */
async function openOneOfEachKind(page: Page): Promise<void> {
  // A call gets its form when it is first opened.
  await openAllCalls(page);
  await expect(page.locator("details form")).toHaveCount(await page.locator("details").count());
  const opened = await page.evaluate(() => {
    const kindOf = (element: Element | null): string =>
      element === null
        ? ""
        : [kindOf(element.parentElement), element.tagName, element.getAttribute("class")]
            .concat(element.getAttributeNames().sort())
            .join(" ");
    const seen = new Set<string>();
    const calls = [...document.querySelectorAll("details")];
    for (const call of calls) {
      const before = seen.size;
      for (const element of call.querySelectorAll("*")) seen.add(kindOf(element));
      call.open = seen.size > before;
    }
    return calls.filter((call) => call.open).length;
  });
  expect(opened).toBeGreaterThan(1);
}

test("axe finds nothing on the description of the API, opened and tried out", async ({
  administrator,
  page,
  noise,
}) => {
  test.slow();
  noise.allow(/status of 40[01]/);
  const docs = new ApiDocsPage(page);
  await docs.open();
  await docs.login.getByRole("button", { name: "Get a token" }).click();
  await docs.logIn("not the password");
  await expect(docs.login).toContainText("Authentication failed.");
  await expectAccessible(page, "API, no token");
  await docs.logIn(administrator.password);
  await expect(docs.held).toBeVisible();
  await openOneOfEachKind(page);
  const list = docs.call("GET", "/api/users");
  if (!(await list.form.isVisible())) await list.open();
  await list.form.getByLabel("page", { exact: true }).fill("-1");
  await list.send.click();
  await expect(list.outcome).toContainText("400");
  await expectNoViolations(page, "API, one of each kind opened");
  await openAllCalls(page);
  await expectReadable(page, "API, everything opened");
  await docs.call("DELETE", "/api/user/{id}").form.getByLabel("id").fill("x");
  await docs.call("DELETE", "/api/user/{id}").send.click();
  await expect(page.getByRole("alertdialog")).toBeVisible();
  await expectAccessible(page, "API, asking");
});

test("axe finds nothing on the page for the mobile app, in any of its states", async ({
  arrange,
  logIn,
  page,
  sql,
}) => {
  test.slow();
  await page.clock.install();
  // Somebody who is no administrator has a navigation of their own.
  await logIn();
  const mobile = new MobilePage(page);
  await mobile.open();
  await expectAccessible(page, "no code");
  await mobile.make();
  await expectAccessible(page, "a code");
  await arrange("exchangeMobileSecret", PHONE_APP, { secret: await mobile.secretText() });
  await page.clock.runFor(4_000);
  await expect(mobile.title("A device logged in")).toBeVisible();
  await expectAccessible(page, "a used code");
  await mobile.make();
  await page.clock.runFor(120_000);
  await expect(mobile.title("The code has expired")).toBeVisible();
  await expectAccessible(page, "an expired code");
  await mobile.make();
  await page.reload();
  await expect(mobile.title("A code is already open")).toBeVisible();
  await expectAccessible(page, "a code that was shown before");
  await arrange(
    "makeSettings",
    { password: { passwordExpirationPeriodDays: 1 } },
    { expirySwitchedOnAt: new Date(Date.now() - 9 * DAY_MS) },
  );
  await sql("UPDATE users SET password_set_at = now() - interval '9 days'");
  await mobile.button.click();
  await expect(mobile.title("Your password has expired")).toBeVisible();
  await expectAccessible(page, "an expired password");
});
