import type { BrowserContext, Locator, Page } from "@playwright/test";
import { expectAccessible } from "./fixtures/accessible";
import { holdRequests } from "./fixtures/held-requests";
import { COOKIE, expect, giveSession, sessionToken, test } from "./fixtures/test";
import { ActivationPage } from "./pages/activation-page";
import { LoginPage } from "./pages/login-page";

const PASSWORD = "correct horse battery staple";
const NEW_PASSWORD = "a gate, a house, a lamp";
const REFUSED =
  "The e-mail address or password is wrong, or this account cannot log in right now. If you are sure of both, look in your mail, or choose a new password.";
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const ago = (ms: number) => new Date(Date.now() - ms);

/** The field from which password managers take the account's name: the text field before a form's first password. */
const usernameBefore = (password: Locator) =>
  password.locator(
    "xpath=ancestor::form/descendant::input[@type='password'][1]/preceding::input[@type='text'][1]",
  );

/** The seconds until the browser drops the session cookie. */
const cookieSecondsLeft = async (context: BrowserContext) =>
  ((await context.cookies()).find(({ name }) => name === COOKIE)?.expires ?? 0) - Date.now() / 1000;

/** Waits for the document that the login page loads in place of one that has shown pages to somebody. */
const expectFreshDocument = (page: Page) =>
  expect(page.locator("html"), "a document that has shown no page").not.toHaveAttribute("data-frame");

/** Watches a page from now on. @returns tells whether its main part was ever gone */
async function watchMain(page: Page): Promise<() => Promise<boolean>> {
  await page.evaluate(() => {
    const watched = Object.assign(window, { wasGone: false });
    const look = () => {
      watched.wasGone ||= document.querySelector("main") === null;
    };
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
  });
  return () => page.evaluate(() => Reflect.get(window, "wasGone"));
}

test("a form that scripts send has no field with a colon in its name, which firewalls refuse", async ({
  page,
}) => {
  const login = new LoginPage(page);
  const sent = page.waitForRequest((request) => request.method() === "POST");
  await login.fail("nobody@example.org", PASSWORD);
  const body = (await sent).postData();
  expect(body).toContain("nobody@example.org");
  expect(body).not.toMatch(/ name="[^"]*:/);
});

test("the fifth wrong password locks an account, every refusal is alike, and time unlocks it", async ({
  page,
  arrange,
  sql,
}) => {
  const login = new LoginPage(page);
  const { email } = await arrange("makeUser", { authority: "SYS_ADMIN" });
  const invited = await arrange("makeUser", { state: "INVITED", password: PASSWORD });
  const disabled = await arrange("makeUser", { state: "DISABLED" });

  await test.step("unknown, invited, disabled and wrong get the same answer", async () => {
    for (const other of ["nobody@example.org", invited.email, disabled.email]) {
      expect(await login.fail(other, PASSWORD)).toBe(REFUSED);
    }
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      expect(await login.fail(email, `wrong ${attempt}`)).toBe(REFUSED);
    }
    await expect(login.password).toBeFocused();
    await expect(login.email).toHaveValue(email);
    await expect(login.password).toHaveValue("");
  });

  await test.step("the right password is then refused with that answer too", async () => {
    expect(await login.fail(email, PASSWORD)).toBe(REFUSED);
    expect(await sessionToken(page.context())).toBeUndefined();
    const [mail] = await sql("SELECT kind, recipient FROM outbox_messages");
    expect(mail).toEqual({ kind: "account-locked-owner", recipient: email });
    expect(await sql("SELECT FROM audit_events WHERE kind = 'account-locked'")).toHaveLength(1);
  });

  await test.step("when its time is over, the right password lets in", async () => {
    await sql("UPDATE users SET locked_until = now() - interval '1 second' WHERE email = $1", email);
    const wasGone = await watchMain(page);
    await login.logIn(email, PASSWORD);
    await expect(page).toHaveURL("/settings/security");
    await expect(page.getByRole("heading", { name: "Security settings" })).toBeVisible();
    expect(await wasGone(), "the form stays until the console is there").toBe(false);
    const events = await sql<{ details: object }>(
      "SELECT details FROM audit_events WHERE kind = 'account-unlocked'",
    );
    expect(events).toEqual([{ details: { by: "time" } }]);
  });
});

test("an empty form is no attempt, and says what to enter", async ({ page, sql }) => {
  const login = new LoginPage(page);
  const missing = "Enter your e-mail address and password.";
  expect(await login.fail("", "")).toBe(missing);
  await expect(login.email).toBeFocused();
  expect(await login.fail("ada@example.org", "")).toBe(missing);
  await expect(login.password).toBeFocused();
  await expect(login.email).toHaveValue("ada@example.org");
  expect(await login.fail("", PASSWORD)).toBe(missing);
  await expect(login.email).toBeFocused();
  await expect(login.password).toHaveValue(PASSWORD);
  expect(await sql("SELECT FROM audit_events WHERE kind = 'login-failed'")).toEqual([]);
});

test("an expired password must be replaced before anything else", async ({ page, context, arrange }) => {
  const login = new LoginPage(page);
  const form = new ActivationPage(page);
  await arrange(
    "makeSettings",
    { password: { passwordExpirationPeriodDays: 30 } },
    {
      expirySwitchedOnAt: ago(90 * DAY_MS),
    },
  );
  const { email } = await arrange("makeUser", { authority: "SYS_ADMIN", passwordSetAt: ago(31 * DAY_MS) });

  await login.open();
  await test.step("a password manager knows the fields, and a password can be pasted", async () => {
    await expect(login.email).toHaveAttribute("autocomplete", "username");
    await expect(login.password).toHaveAttribute("autocomplete", "current-password");
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.evaluate((text) => navigator.clipboard.writeText(text), PASSWORD);
    await login.email.fill(email);
    await login.password.press("ControlOrMeta+V");
    await login.submit.click();
  });
  await expect(page).toHaveURL("/password-expired");
  await expect(page.getByText("passwords here last 30 days")).toBeVisible();
  await expect(page.getByText("within ten minutes of logging in"), "so after a reload, too").toBeVisible();
  expect(await sessionToken(page.context())).toBeUndefined();

  await test.step("the permission to replace it is no session", async () => {
    await page.goto("/audit");
    await expect(page).toHaveURL(/\/login\?next=/);
    await page.goto("/password-expired");
  });

  await test.step("a password manager learns whose it is", async () => {
    await expect(usernameBefore(form.password)).toHaveValue(email);
    await expect(form.password).toHaveAttribute("autocomplete", "new-password");
  });

  await test.step("the checklist and the server hold it to the policy", async () => {
    await form.password.fill("short");
    await expect(form.requirement(/^not met: At least 12 characters/)).toBeVisible();
    await expect(page.locator("[aria-live]", { hasText: "1 of 2 requirements met" })).toHaveCount(1);
    await form.password.press("Enter");
    await expect(form.password).toBeFocused();
    const unmet = page.getByText("This password does not meet every rule yet.");
    await expect(unmet).toBeVisible();
    await expect(form.password).toHaveAccessibleDescription(/^This password does not meet every rule/);
    await expect(form.password).toHaveAttribute("aria-invalid", "true");
    await form.password.press("a");
    await expect(unmet).toBeHidden();
    await form.password.fill(PASSWORD);
    await form.save.click();
    const objection = page.getByText("This is the current password. Choose another one.");
    await expect(objection).toBeVisible();
    await expect(form.password).toBeFocused();
    await expect(form.password).toHaveAccessibleDescription(/^This is the current password/);
    // The message is not true of any other password.
    await form.password.press("a");
    await expect(objection).toBeHidden();
  });

  await test.step("the new one lets in, the old one no more, the permission not again", async () => {
    await form.password.fill(NEW_PASSWORD);
    await form.save.click();
    await expect(page.getByText("Your password is set.")).toBeVisible();
    await page.goBack();
    await expect(page, "the way back does not lead to the form").toHaveURL(/\/login\?next=/);
    await page.goto("/password-expired");
    await expect(page).toHaveURL(/\/link-expired/);
    // The person came here without a link, so the page must not mention one.
    await expect(page).toHaveTitle(/^The password can no longer be changed here/);
    await expect(page.getByRole("main")).not.toContainText("link");
    expect(await login.fail(email, PASSWORD)).toBe(REFUSED);
    await login.logIn(email, NEW_PASSWORD);
    await expect(page).toHaveURL("/settings/security");
  });
});

test("whoever chooses a password where somebody else is logged in does not end up as them", async ({
  page,
  administrator,
  arrange,
}) => {
  const { id, email } = await arrange("makeUser", { state: "INVITED" });
  await page.goto((await arrange("makeLink", id, "ACTIVATION")).url);
  await new ActivationPage(page).choose(NEW_PASSWORD);
  await expect(page).toHaveURL("/login?notice=password-set-beside");
  await expect(page.getByText("Your password is set. Log in with it.")).toBeVisible();
  const { title } = new LoginPage(page);
  await expect(title, "which a screen reader then reads").toBeFocused();
  await expect(title).toHaveAccessibleDescription("Your password is set. Log in with it.");
  await expect(page.getByText(`${administrator.email} is logged in`)).toBeVisible();
  await expectAccessible(page, "somebody else logged in");
  await page.getByRole("link", { name: `continue as ${administrator.email}` }).click();
  await expect(page).toHaveURL("/settings/security");
  // Somebody who is logged in and comes back to this address is redirected.
  await page.goto("/login?notice=password-set");
  await expect(page).toHaveURL("/settings/security");
  await page.goto("/login?notice=password-set-beside");
  await new LoginPage(page).logIn(email, NEW_PASSWORD);
  await expect(page).toHaveURL("/account");
});

test("whoever chooses a password where somebody was logged in before a break does not end up as them", async ({
  page,
  context,
  product,
  arrange,
}) => {
  await arrange("makeSettings", { jwt: { tokenExpirationTime: 60, refreshTokenExpTime: 900 } });
  const administrator = await arrange("makeUser", { authority: "SYS_ADMIN" });
  const { token } = await arrange("loggedIn", administrator, { now: ago(5 * MINUTE_MS) });
  await giveSession(context, product.url, token);
  const { id, email } = await arrange("makeUser", { state: "INVITED" });
  await page.goto((await arrange("makeLink", id, "ACTIVATION")).url);
  await new ActivationPage(page).choose(NEW_PASSWORD);
  await expect(page.getByText(`${administrator.email} is logged in`)).toBeVisible();
  await new LoginPage(page).logIn(email, NEW_PASSWORD);
  await expect(page).toHaveURL("/account");
  await page.reload();
  await expect(page).toHaveURL("/account");
});

test("the pages of mailed links lead to a login, not on into the session of somebody else", async ({
  page,
  administrator,
  arrange,
}) => {
  const { id } = await arrange("makeUser", { lockedAt: new Date(), lockedUntil: null });
  await page.goto((await arrange("makeLink", id, "UNLOCK")).url);
  await page.getByRole("button", { name: "Unlock account" }).click();
  await expect(page.getByRole("heading", { name: "Your account is unlocked" })).toBeVisible();
  for (const before of [page.url(), "/link-expired?kind=unlock", "/link-expired?kind=reset"]) {
    await page.goto(before);
    await page.getByRole("link", { name: "Go to login" }).click();
    await expect(page.getByLabel("Password", { exact: true })).toBeVisible();
    await expect(page.getByText(`${administrator.email} is logged in`)).toBeVisible();
  }
  for (const [before, link] of [
    ["/forgot-password", "Back to login"],
    ["/scan-in-app", "Log in here instead"],
  ] as const) {
    await page.goto(before);
    await page.getByRole("link", { name: link }).click();
    await expect(page.getByText(`${administrator.email} is logged in`), before).toBeVisible();
  }
  await page.getByRole("link", { name: `continue as ${administrator.email}` }).click();
  await expect(page).toHaveURL("/settings/security");
});

test("a password that no longer fits is reset by mail, or where none can be sent, by an administrator", async ({
  page,
  arrange,
  sql,
}) => {
  await arrange("makeSettings", { password: { minimumDigits: 1, forceUserToResetPasswordIfNotValid: true } });
  const { email } = await arrange("makeUser", { authority: "SYS_ADMIN" });
  const login = new LoginPage(page);
  await login.open();
  await login.logIn(email, PASSWORD);
  const { title } = login;
  await expect(title).toHaveAccessibleDescription(/Gatehouse cannot send mail yet: ask your/);
  await expect(title, "the focused form is gone").toBeFocused();
  await expect(page.getByRole("main")).not.toContainText("e-mailed");
  await arrange("useMailServer", {});
  await login.open();
  await login.logIn(email, PASSWORD);
  await expect(title).toHaveAccessibleDescription(/We have e-mailed you a link/);
  await expect(title, "the focused form is gone").toBeFocused();
  await expect(title).toHaveText("Check your mail");
  await expect(page.getByRole("link", { name: "Forgot your password?" })).toBeHidden();
  expect(await sql("SELECT kind, recipient FROM outbox_messages")).toEqual([
    { kind: "password-reset-forced", recipient: email },
  ]);
  expect(await sessionToken(page.context())).toBeUndefined();
  expect(await sql("SELECT FROM sessions")).toHaveLength(0);
});

test("showing a password leaves the focus in its field, and so a phone's keyboard open", async ({ page }) => {
  const login = new LoginPage(page);
  await login.open();
  await login.password.fill("abc");
  await page.getByRole("button", { name: "Show password" }).click();
  await expect(login.password).toHaveAttribute("type", "text");
  await expect(login.password).toBeFocused();
  await page.keyboard.type("d");
  await expect(login.password).toHaveValue("abcd");
  await login.submit.click();
  await expect(login.password, "from which a browser offers to save it").toHaveAttribute("type", "password");
});

test("a password field says that Caps Lock is on", async ({ page }) => {
  const login = new LoginPage(page);
  await login.open();
  const hint = page.locator("[aria-live]").filter({ hasText: "Caps Lock is on" });
  const press = (isOn: boolean) =>
    login.password.evaluate(
      (field, modifierCapsLock) =>
        field.dispatchEvent(
          new KeyboardEvent("keydown", { key: "a", bubbles: true, cancelable: true, modifierCapsLock }),
        ),
      isOn,
    );
  await login.password.focus();
  await press(true);
  await expect(hint).toBeVisible();
  // In one piece: a screen reader joins the words around the edge of a hidden part.
  await expect(hint.getByText("Caps Lock is on").and(page.locator(":not(:has(*))"))).toHaveCount(1);
  await expectAccessible(page, "Caps Lock on");
  await press(false);
  await expect(hint).toHaveCount(0);
  await press(true);
  await login.email.focus();
  await expect(hint).toHaveCount(0);
});

test("a network address has only so many attempts a minute", async ({ page, arrange, sql }) => {
  const login = new LoginPage(page);
  await arrange("makeSettings", { general: { loginAttemptsPerAddressPerMinute: 1 } });
  const { email } = await arrange("makeUser", { authority: "SYS_ADMIN" });
  expect(await login.fail("nobody@example.org", PASSWORD)).toBe(REFUSED);
  expect(await login.fail(email, PASSWORD)).toMatch(/^Too many attempts\. Try again in \d+ seconds?\.$/);
  expect(await sql("SELECT failed_attempts FROM users WHERE email = $1", email)).toEqual([
    { failed_attempts: 0 },
  ]);
});

test("the login goes on to where one wanted to go, and nowhere else", async ({ page, arrange, product }) => {
  const login = new LoginPage(page);
  const { email } = await arrange("makeUser", { authority: "SYS_ADMIN" });
  await page.goto("/audit?kind=logged-out");
  await expect(page).toHaveURL(/\/login\?next=/);
  await login.logIn(email, PASSWORD);
  await expect(page).toHaveURL("/audit?kind=logged-out");

  for (const foreign of [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "/\t/evil.example/",
    "/%2F/../..//evil.example",
    "javascript:alert(1)",
    `${product.url}.evil.example/`,
  ]) {
    await page.context().clearCookies();
    await page.goto(`/login?${new URLSearchParams({ next: foreign })}`);
    await login.logIn(email, PASSWORD);
    await page.waitForURL((url) => url.pathname !== "/login");
    expect(new URL(page.url()).origin, foreign).toBe(product.url);
  }
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("one activates an account, is refused, logs in, changes name and password, and logs out", async ({
    page,
    arrange,
    noise,
  }) => {
    // Chromium reports each script that it may not run as a failed request.
    noise.allow(/^failed: GET .*_next\/static\/chunks\/.* \(csp\)$/);
    const login = new LoginPage(page);
    const form = new ActivationPage(page);
    const { activationLink, adminEmail } = await arrange("provision");
    await page.goto(activationLink?.url ?? "");
    await form.choose("too short");
    await expect(page.getByText("This password does not meet every rule yet.")).toBeVisible();
    await expect(form.requirement(/^not met: At least 12 characters/)).toBeVisible();
    await form.choose(NEW_PASSWORD);
    await expect(page.getByText("Your password is set.")).toBeVisible();

    expect(await login.fail(adminEmail, "wrong")).toBe(REFUSED);
    await login.logIn(adminEmail, NEW_PASSWORD);
    await expect(page).toHaveURL("/settings/security");

    await page.goto("/account");
    await page.getByLabel("First name").fill(" Grace ");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("Saved.")).toBeVisible();
    await expect(page.getByLabel("First name")).toHaveValue("Grace");
    await page.goto("/account/password");
    await page.getByLabel("Current password", { exact: true }).fill(NEW_PASSWORD);
    await page.getByLabel("New password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Change password" }).click();
    await expect(page.getByText("Your password has been changed")).toBeVisible();

    await page.getByRole("button", { name: "Grace" }).click();
    await page.getByRole("button", { name: "Log out" }).click();
    await expect(page.getByText("You are logged out.")).toBeVisible();
  });
});

test("logging out ends the session, not only the cookie", async ({
  page,
  arrange,
  context,
  product,
  sql,
}) => {
  const login = new LoginPage(page);
  const { email } = await arrange("makeUser", { authority: "SYS_ADMIN" });
  await login.open();
  await login.logIn(email, PASSWORD);
  await expect(page).toHaveURL("/settings/security");
  const [cookie] = (await context.cookies()).filter(({ name }) => name === COOKIE);
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
  expect(await cookieSecondsLeft(context), "as long as the session can be renewed").toBeCloseTo(604_800, -3);

  await page.getByRole("button", { name: "Ada Lovelace" }).click();
  await page.getByRole("button", { name: "Log out" }).click();
  await expect(page.getByText("You are logged out.")).toBeVisible();
  await expectFreshDocument(page);
  expect(await sessionToken(context)).toBeUndefined();

  await giveSession(context, product.url, cookie?.value ?? "");
  await page.goto("/settings/security");
  await expect(page).toHaveURL(/\/login\?next=/);
  expect(await sql("SELECT FROM audit_events WHERE kind = 'logged-out'")).toHaveLength(1);
});

test("an expired token is renewed unseen while the refresh time lasts", async ({
  page,
  context,
  arrange,
  product,
  sql,
}) => {
  await arrange("makeSettings", { jwt: { tokenExpirationTime: 60, refreshTokenExpTime: 900 } });
  const user = await arrange("makeUser", { authority: "SYS_ADMIN" });
  const returnAfter = async (minutes: number) => {
    const session = await arrange("loggedIn", user, { now: ago(minutes * MINUTE_MS) });
    await giveSession(context, product.url, session.token);
    await page.goto("/audit");
    return session;
  };

  await test.step("within it", async () => {
    const { token, sessionId } = await returnAfter(14);
    await expect(page).toHaveURL("/audit");
    const renewed = await sessionToken(context);
    expect(renewed).not.toBe(token);
    const [row] = await sql<{ fresh: boolean; left: number }>(
      `SELECT renewed_at > now() - interval '1 minute' AS fresh,
              extract(epoch FROM renewable_until - renewed_at)::int AS left FROM sessions WHERE id = $1`,
      sessionId,
    );
    expect(row).toEqual({ fresh: true, left: 900 });
    expect(await cookieSecondsLeft(context)).toBeCloseTo(900, -2);
    await page.reload();
    await expect(page).toHaveURL("/audit");
    expect(await sessionToken(context), "a living token is left alone").toBe(renewed);
  });

  await test.step("also by way of a bookmark of the login page", async () => {
    const { token } = await arrange("loggedIn", user, { now: ago(14 * MINUTE_MS) });
    await giveSession(context, product.url, token);
    await page.goto("/login?next=/audit");
    await expect(page).toHaveURL("/audit");
    const renewed = await sessionToken(context);
    expect(renewed).not.toBe(token);
    await page.reload();
    await expect(page).toHaveURL("/audit");
    expect(await sessionToken(context)).toBe(renewed);
  });

  await test.step("after it", async () => {
    const { token } = await returnAfter(15.1);
    await expect(page).toHaveURL(/\/login\?next=/);
    expect(await sessionToken(context)).toBe(token);
  });
});

test("a login at a browser that another tab has logged in ends the session it takes the place of", async ({
  page,
  context,
  browser,
  arrange,
  product,
  sql,
}) => {
  const login = new LoginPage(page);
  const { email } = await arrange("makeUser", { authority: "SYS_ADMIN" });
  const before = await arrange("loggedIn", await arrange("makeUser"));
  await login.open();
  await giveSession(context, product.url, before.token);
  await login.logIn(email, PASSWORD);
  await expect(page).toHaveURL("/settings/security");
  const elsewhere = await browser.newContext({ baseURL: product.url });
  await giveSession(elsewhere, product.url, before.token);
  const other = await elsewhere.newPage();
  await other.goto("/account");
  await expect(other).toHaveURL(/\/login/);
  expect(await sql("SELECT end_reason FROM sessions WHERE ended_at IS NOT NULL")).toEqual([
    { end_reason: "another-login" },
  ]);
  await elsewhere.close();
});

test("a page of one person says so when another logs in beside it, before it acts in that name", async ({
  page,
  context,
  arrange,
  logIn,
}) => {
  await logIn({ email: "jane@example.org", firstName: "Jane", lastName: "Doe" });
  const john = await arrange("makeUser", { email: "john@example.org", firstName: "John", lastName: "Roe" });
  await page.goto("/account");
  await page.getByLabel("First name").fill("Janet");

  const other = await context.newPage();
  await other.goto("/account");
  await other.getByRole("button", { name: "Jane Doe" }).click();
  await other.getByRole("button", { name: "Log out" }).click();
  await expect(other.getByText("You are logged out.")).toBeVisible();
  await expectFreshDocument(other);
  await new LoginPage(other).logIn(john.email, john.password);
  await expect(other.getByLabel("First name")).toHaveValue("John");
  await expect(other.getByRole("alertdialog"), "the newest login needs no question").toHaveCount(0);

  const asked = page.getByRole("alertdialog", { name: "Somebody else has logged in" });
  await expect(asked).toContainText("What you do here now, you do as john@example.org.");
  await expectAccessible(page, "somebody else");
  await asked.getByRole("button", { name: "Stay on this page" }).click();
  await expect(asked).toHaveCount(0);
  await expect(page.getByLabel("First name")).toHaveValue("Janet");
  await other.getByLabel("First name").fill("Johnny");
  await other.getByRole("button", { name: "Save", exact: true }).click();
  await expect(other.getByRole("button", { name: "Johnny Roe" })).toBeVisible();
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
  await expect(asked, "a refresh of the other page is no news").toHaveCount(0);
  await other.reload();
  await asked.getByRole("button", { name: "Reload the page" }).click();
  await expect(page.getByLabel("First name")).toHaveValue("Johnny");
  await expect(page.getByRole("button", { name: "Johnny Roe" })).toBeVisible();
});

test("a login that leads to a page without access is told to the other tabs as well", async ({
  page,
  context,
  arrange,
  logIn,
}) => {
  await logIn({ email: "jane@example.org" });
  const john = await arrange("makeUser", { email: "john@example.org" });
  await page.goto("/account");
  await context.clearCookies();
  const other = await context.newPage();
  await other.goto("/login?next=/users");
  await new LoginPage(other).logIn(john.email, john.password);
  await expect(other.getByRole("heading", { name: "You have no access to the console" })).toBeVisible();
  await expect(page.getByRole("alertdialog", { name: "Somebody else has logged in" })).toContainText(
    "What you do here now, you do as john@example.org.",
  );
});

test("whoever stays on a page of somebody else is asked again on the next one, also if it is shown as it was before", async ({
  page,
  context,
  arrange,
  logIn,
}) => {
  await logIn({ email: "jane@example.org", authority: "SYS_ADMIN" });
  const john = await arrange("makeUser", { email: "john@example.org", authority: "SYS_ADMIN" });
  await page.goto("/overview");
  await page.getByRole("link", { name: "API", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "API" })).toBeVisible();

  await context.clearCookies();
  const other = await context.newPage();
  await new LoginPage(other).open();
  await new LoginPage(other).logIn(john.email, john.password);
  await expect(other.getByRole("heading", { name: "Security settings" })).toBeVisible();

  const asked = page.getByRole("alertdialog", { name: "Somebody else has logged in" });
  await asked.getByRole("button", { name: "Stay on this page" }).click();
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
  await expect(asked).toContainText("What you do here now, you do as john@example.org.");
  await expect(other.getByRole("alertdialog"), "the way back is no login").toHaveCount(0);

  await asked.getByRole("button", { name: "Stay on this page" }).click();
  await page.getByRole("link", { name: "Audit", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Audit" })).toBeVisible();
  await expect(asked, "the frame still has Jane's name").toContainText("you do as john@example.org.");
});

test("nobody comes back to what a session has shown that ended elsewhere", async ({ page, sql, logIn }) => {
  await logIn({ authority: "SYS_ADMIN" });
  await page.goto("/overview");
  await page.getByRole("link", { name: "Users", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Users" })).toBeVisible();
  await sql("UPDATE sessions SET ended_at = now(), end_reason = 'signed-out-by-administrator'");

  await page.getByRole("link", { name: "Audit", exact: true }).click();
  await expect(page).toHaveURL("/login?next=%2Faudit&notice=session-ended");
  await expectFreshDocument(page);
  await page.goBack();
  await expect(page).toHaveURL("/login?next=%2Fusers&notice=session-ended");
});

test("nobody comes back to what was shown before a logout, also if another tab has logged out already", async ({
  page,
  context,
  logIn,
}) => {
  await logIn({ authority: "SYS_ADMIN", firstName: "Ada", lastName: "Lovelace" });
  await page.goto("/users");
  await context.clearCookies();
  await page.evaluate(() => {
    window.addEventListener("pagehide", () => {
      document.getElementById("email")?.focus();
      sessionStorage.setItem("entered", String(document.activeElement?.id));
    });
  });
  await page.getByRole("button", { name: "Ada Lovelace" }).click();
  await page.getByRole("button", { name: "Log out" }).click();
  await expect(page.getByText("You are logged out.")).toBeVisible();
  await expectFreshDocument(page);
  const entered = await page.evaluate(() => sessionStorage.getItem("entered"));
  expect(entered, "what was entered meanwhile would be lost").toBe("");
  expect(await page.content(), "what the page was made of").not.toContain("Lovelace");
  await page.goBack();
  await expect(page).toHaveURL("/login?next=%2Fusers");
});

test("a browser that refuses cookies is told that they are needed", async ({ page }) => {
  // As in a Chromium whose settings let no site store data: `navigator.cookieEnabled` stays true.
  await page.addInitScript(() => {
    Object.defineProperty(document, "cookie", { get: () => "", set: () => {} });
  });
  const login = new LoginPage(page);
  await login.open();
  await expect(login.message).toContainText("This browser refuses cookies");
  await expectAccessible(page, "without cookies");
});

test("a login without an answer keeps the form, and says so", async ({ page, arrange, noise }) => {
  noise.allow(/ERR_INTERNET_DISCONNECTED/);
  const { email, password } = await arrange("makeUser");
  const login = new LoginPage(page);
  await login.open();
  await page.context().setOffline(true);
  await login.logIn(email, password);
  await expect(login.message).toContainText("Gatehouse did not answer");
  await expect(login.email).toHaveValue(email);
  await expect(login.password).toHaveValue(password);
  await expectAccessible(page, "unanswered");
  await page.context().setOffline(false);
  await login.submit.click();
  await expect(page).toHaveURL("/account");
});

test("the address stays in the form for a forgotten password when no answer comes", async ({
  page,
  noise,
}) => {
  noise.allow(/ERR_INTERNET_DISCONNECTED/);
  await page.goto("/forgot-password");
  await page.context().setOffline(true);
  await page.getByLabel("E-mail").fill("ada@example.org");
  await page.getByRole("button", { name: "Send link" }).click();
  await expect(page.getByText("Gatehouse did not answer")).toBeVisible();
  await expect(page.getByLabel("E-mail")).toHaveValue("ada@example.org");
  await page.context().setOffline(false);
  await page.getByRole("button", { name: "Send link" }).click();
  await expect(page.getByRole("heading", { name: "No mail can be sent yet" })).toBeVisible();
});

test("what is corrected while it is sent stays corrected", async ({ page, noise }) => {
  const login = new LoginPage(page);
  await test.step("for the address of a login", async () => {
    await login.open();
    const release = await holdRequests(page, "/login");
    await login.logIn("adda@example.org", PASSWORD);
    await expect(page.getByRole("button", { name: "Logging in…" })).toBeVisible();
    await login.email.fill("ada@example.org");
    release();
    await expect(login.message).toContainText(REFUSED);
    await expect(login.email).toHaveValue("ada@example.org");
    await expect(login.password).toHaveValue("");
    await expect(login.password).toBeFocused();
  });

  await test.step("for the password of a login", async () => {
    const release = await holdRequests(page, "/login");
    await login.logIn("ada@example.org", PASSWORD);
    await expect(page.getByRole("button", { name: "Logging in…" })).toBeVisible();
    await login.password.fill("another password");
    release();
    await expect(page.getByRole("button", { name: "Log in", exact: true })).toBeVisible();
    await expect(login.password).toHaveValue("another password");
  });

  await test.step("for a forgotten password", async () => {
    noise.allow(/ERR_FAILED/);
    await page.goto("/forgot-password");
    let lose: () => void = () => undefined;
    const lost = new Promise<void>((resolve) => {
      lose = resolve;
    });
    await page.route("/forgot-password", async (route) => {
      await lost;
      await route.abort();
    });
    await page.getByLabel("E-mail").fill("adda@example.org");
    await page.getByRole("button", { name: "Send link" }).click();
    await expect(page.getByRole("button", { name: "Sending…" })).toBeVisible();
    await page.getByLabel("E-mail").fill("ada@example.org");
    lose();
    await expect(page.getByText("Gatehouse did not answer")).toBeVisible();
    await expect(page.getByLabel("E-mail")).toHaveValue("ada@example.org");
  });
});

test("a logout without an answer is not shown as done", async ({ page, administrator: _, noise }) => {
  noise.allow(/ERR_INTERNET_DISCONNECTED|Failed to fetch/);
  await page.goto("/users");
  await page.getByRole("button", { name: "Ada Lovelace" }).click();
  await page.context().setOffline(true);
  await page.getByRole("button", { name: "Log out" }).click();
  await expect(page.getByRole("main").getByRole("alert")).toContainText("you may still be logged in");
  await page.context().setOffline(false);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { name: "Users" })).toBeVisible();
});
