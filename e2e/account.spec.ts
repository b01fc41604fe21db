import type { Page } from "@playwright/test";
import { violationsOn } from "./fixtures/accessible";
import { holdRequests } from "./fixtures/held-requests";
import { expect, giveSession, sessionToken, test } from "./fixtures/test";
import { AccountPage } from "./pages/account-page";
import { LoginPage } from "./pages/login-page";
import { MobilePage } from "./pages/mobile-page";

const RESET = "a gate, a house, a lamp";
const CHANGED = "a lamp, a house, a gate";

/** Expects that axe finds no violation. */
async function expectAccessible(page: Page): Promise<void> {
  expect(await violationsOn(page)).toEqual([]);
}

test("a forgotten password, from the mailed link to a password of one's own choosing", async ({
  page,
  browser,
  logIn,
  arrange,
  product,
}) => {
  const { email } = await logIn({ email: "Ada@Example.org" });
  const account = new AccountPage(page);
  const elsewhere = await browser.newContext({ baseURL: product.url });
  const other = await elsewhere.newPage();
  const otherLogin = new LoginPage(other);

  await test.step("somebody who is no administrator begins at their own account", async () => {
    await page.goto("/");
    await expect(page).toHaveURL("/account");
    await expect(page.getByRole("heading", { level: 1, name: "Your account" })).toBeVisible();
  });

  await test.step("somebody forgets the password", async () => {
    await otherLogin.open();
    await other.getByRole("link", { name: "Forgot your password?" }).click();
    await expect(other.getByRole("heading", { name: "Forgot your password?" })).toBeVisible();
    await other.getByLabel("E-mail").fill("ada@example.ORG");
    await other.getByRole("button", { name: "Send link" }).click();
    await expect(other.getByRole("heading", { name: "No mail can be sent yet" })).toBeVisible();
    await expectAccessible(other);
  });

  let link = "";
  await test.step("a mail goes to the address of the account", async () => {
    await expect.poll(async () => (await arrange("readMails")).length).toBe(1);
    const [mail] = await arrange("readMails");
    expect(mail).toMatchObject({ kind: "password-reset", recipient: email });
    link = String(Object(mail?.values).resetUrl);
    expect(link).toContain(`${product.url}/reset-password?token=`);
  });

  await test.step("its link leads to a new password", async () => {
    await other.goto(link);
    await expect(other.getByText("A•••@Example.org")).toBeVisible();
    await other.getByLabel("New password", { exact: true }).fill("password1234");
    await expect(other.getByText("Easy to guess.")).toBeVisible();
    await other.getByLabel("New password", { exact: true }).fill("password");
    await expect(other.getByText("Easy to guess.")).toHaveCount(0);
    await other.getByLabel("New password", { exact: true }).fill(RESET);
    await expect(other.getByText("Hard to guess.")).toBeVisible();
    await expectAccessible(other);
    await other.getByRole("button", { name: "Save new password" }).click();
    await expect(other).toHaveURL(/\/login\?notice=password-set/);
    await expect(other.getByText("Your password is set")).toBeVisible();
  });

  await test.step("the link works no more, and offers another", async () => {
    await other.goto(link);
    await expect(other).toHaveURL("/link-expired?kind=reset");
    await other.getByRole("link", { name: "Get a new link" }).click();
    await expect(other).toHaveURL("/forgot-password");
  });

  await test.step("the session from before is over", async () => {
    await page.reload();
    await expect(page).toHaveURL(/\/login/);
  });

  await test.step("the new password lets in, here and elsewhere", async () => {
    await otherLogin.open();
    await otherLogin.logIn(email, RESET);
    await expect(other).toHaveURL("/account");
    await new LoginPage(page).logIn(email, RESET);
    await expect(page).toHaveURL("/account");
    await expect(account.sessions).toHaveCount(2);
    await expect(account.sessions.first()).toContainText("This one");
  });

  await test.step("the other session is ended from here", async () => {
    await account.sessions.getByRole("button", { name: /^End session/ }).click();
    await expect(page.getByText("That session has ended.")).toBeVisible();
    await expect(account.sessions).toHaveCount(1);
    await other.getByRole("link", { name: "Change password" }).click();
    await expect(other).toHaveURL("/login?next=%2Faccount%2Fpassword&notice=session-ended");
    await expect(other.getByText("Your session has ended. Log in again to continue.")).toBeVisible();
  });

  await test.step("a wrong current password changes nothing", async () => {
    await page.getByRole("link", { name: "Change password" }).click();
    await expect(page).toHaveURL("/account/password");
    await expect(page.getByRole("banner")).toContainText("Your account / Password");
    await expect(account.newPassword).toHaveAccessibleDescription(/^At least 12 characters At most 128/);
    await account.changePassword("not the password", CHANGED);
    await expect(page.getByText("Wrong password, or your account is currently locked")).toBeVisible();
    await expect(account.currentPassword).toBeFocused();
    await expect(account.currentPassword).toHaveValue("");
    await expect(account.newPassword, "which was typed well").toHaveValue(CHANGED);
    await expect(
      page.locator("form:has(#current-password) input:is([type=text], [type=password])").first(),
      "Firefox takes the name of an account from the field before the first password",
    ).toHaveValue(email);
    await expect(account.currentPassword).toHaveAccessibleDescription(/^Wrong password, or your account/);
    await expectAccessible(page);
  });

  await test.step("so does a new password that is the current one, which need not be typed again", async () => {
    await account.changePassword(RESET, RESET);
    await expect(account.newPassword).toBeFocused();
    await expect(account.newPassword).toHaveValue("");
    await expect(account.newPassword).toHaveAccessibleDescription(/^This is the current password/);
    await expect(account.currentPassword).toHaveValue(RESET);
  });

  await test.step("the right one does, and the others are logged out", async () => {
    await otherLogin.open();
    await otherLogin.logIn(email, RESET);
    await expect(other).toHaveURL("/account");
    const copied = (await sessionToken(page.context())) ?? "";
    expect(copied).not.toBe("");
    await account.changePassword(RESET, CHANGED);
    await expect(page).toHaveURL("/account?notice=password-changed");
    await expect(page.getByText("Your password has been changed")).toBeVisible();
    await expect(page.getByText("A notice is on its way"), "without a mail server").toBeHidden();
    await expect(account.sessions).toHaveCount(1);
    await expectAccessible(page);
    await other.reload();
    await expect(other).toHaveURL(/\/login/);
    // A copy of this browser's cookie from before the change has stopped working, too.
    await giveSession(elsewhere, product.url, copied);
    await other.goto("/account");
    await expect(other).toHaveURL(/\/login/);
    await otherLogin.logIn(email, CHANGED);
    await expect(other).toHaveURL("/account");
    await page.reload();
    await expect(account.sessions).toHaveCount(2);
  });

  await test.step("the name is the person's own to change", async () => {
    await page.getByLabel("First name").fill("<b>Augusta</b>");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await expect(page.getByText("Saved.")).toBeVisible();
    await expect(page.getByRole("banner").getByText("<b>Augusta</b> Lovelace").first()).toBeVisible();
  });

  await test.step("the console stays closed", async () => {
    await page.goto("/settings/security");
    await expect(page).toHaveURL("/no-access");
    await page.getByRole("link", { name: "Go to your account" }).click();
    await expect(page).toHaveURL("/account");
  });

  await elsewhere.close();
});

test("a password change succeeds although the token expires while the form is open", async ({
  page,
  context,
  arrange,
  product,
}) => {
  await arrange("makeSettings", { jwt: { tokenExpirationTime: 60, refreshTokenExpTime: 900 } });
  const user = await arrange("makeUser");
  const { token } = await arrange("loggedIn", user, { now: new Date(Date.now() - 61_000) });
  const fresh = await arrange("loggedIn", user);
  await giveSession(context, product.url, fresh.token);
  await page.goto("/account/password");
  await giveSession(context, product.url, token);
  await new AccountPage(page).changePassword(user.password, CHANGED);
  await expect(page.getByText("Your password has been changed")).toBeVisible();
  await page.goto("/account");
  await expect(new AccountPage(page).sessions).toHaveCount(1);
});

test("a password change is told of while it is new, and not to whoever comes back to that address", async ({
  page,
  logIn,
  sql,
}) => {
  const { password } = await logIn();
  await page.goto("/account/password");
  await new AccountPage(page).changePassword(password, CHANGED);
  await expect(page.getByText("Your password has been changed")).toBeVisible();
  await sql("UPDATE users SET password_set_at = password_set_at - interval '10 minutes'");
  await page.reload();
  await expect(page.getByRole("heading", { name: "Your account", level: 1 })).toBeVisible();
  await expect(page.getByText("Your password has been changed")).toHaveCount(0);
});

test("a password change whose answer is lost is not reported as failed", async ({
  page,
  context,
  logIn,
  product,
  noise,
}) => {
  noise.allow(/ERR_CONNECTION_RESET/);
  const { email, password } = await logIn();
  const earlier = (await sessionToken(context)) ?? "";
  const account = new AccountPage(page);
  await page.goto("/account/password");
  await page.route("/account/password", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    await route.fetch({ maxRedirects: 0 });
    await giveSession(context, product.url, earlier); // The new token is lost with the answer.
    return route.abort("connectionreset");
  });
  await account.changePassword(password, CHANGED);
  await expect(page.getByText("this may or may not have worked")).toContainText(
    "if you are asked to log in, use the new password",
  );
  await page.unroute("/account/password");
  await account.changePassword(password, CHANGED);
  await expect(page.getByText("Your session has ended. Reload the page to log in again.")).toContainText(
    "If your password is refused there, use the new one",
  );
  await page.reload();
  await new LoginPage(page).logIn(email, CHANGED);
  await expect(page).toHaveURL("/account/password");
});

test("a password that expired during the session is said to have", async ({ page, logIn, arrange, sql }) => {
  const expirySwitchedOnAt = new Date("2026-01-01T00:00:00Z");
  await arrange("makeSettings", { password: { passwordExpirationPeriodDays: 1 } }, { expirySwitchedOnAt });
  await logIn();
  await page.goto("/account");
  await expect(page.getByRole("term")).toContainText(["Expires"]);
  await sql("UPDATE users SET password_set_at = now() - interval '25 hours'");
  await page.reload();
  await expect(page.getByRole("term")).toContainText(["Expired"]);
});

test("the part of the name that its owner leaves alone is as an administrator has corrected it", async ({
  page,
  logIn,
  sql,
}) => {
  const { email } = await logIn();
  await page.goto("/account");
  await sql("UPDATE users SET last_name = 'Byron' WHERE email = $1", email);
  await page.getByLabel("First name").fill("Augusta");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  await expect(page.getByLabel("Last name")).toHaveValue("Byron");
  await page.getByLabel("Last name").fill("King");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("banner").getByText("Augusta King").first()).toBeVisible();
});

test("the profile is that of whoever has logged in at the same browser, once the page is read again", async ({
  page,
  context,
  arrange,
  product,
}) => {
  const jane = await arrange("makeUser", { firstName: "Jane" });
  const john = await arrange("makeUser", { firstName: "John" });
  await arrange("loggedIn", jane);
  await giveSession(context, product.url, (await arrange("loggedIn", jane)).token);
  await page.goto("/account");
  await giveSession(context, product.url, (await arrange("loggedIn", john)).token);
  await page.getByRole("button", { name: /^End session/ }).click();
  await expect(page.getByRole("main")).toContainText(john.email);
  await expect(page.getByLabel("First name")).toHaveValue("John");
});

test("what is typed while the profile is saved is kept", async ({ page, logIn }) => {
  await logIn();
  await page.goto("/account");
  const release = await holdRequests(page, "/account");
  await page.getByLabel("First name").fill(" Augusta ");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("button", { name: "Saving…" })).toBeVisible();
  await page.getByLabel("Last name").fill("King");
  // Not sent again. Playwright takes a busy button for a disabled one.
  await page.getByRole("button", { name: "Saving…" }).click({ force: true });
  release();
  await expect(page.getByText("Saved, except what you typed since.")).toBeVisible();
  await expect(page.getByLabel("First name")).toHaveValue("Augusta");
  await expect(page.getByLabel("Last name")).toHaveValue("King");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("banner").getByText("Augusta King").first()).toBeVisible();
  await expect(page.getByText("Saved.")).toBeVisible();
});

test("a name that a session’s end kept from being saved stays, and undoes nothing when it is sent again", async ({
  page,
  context,
  logIn,
  sql,
}) => {
  const { email, password } = await logIn({ firstName: "Ada", lastName: "Byron" });
  await page.goto("/account");
  await page.getByLabel("First name").fill("Augusta");
  await sql("UPDATE sessions SET ended_at = now(), end_reason = 'signed-out-by-administrator'");
  await sql("UPDATE users SET last_name = 'King' WHERE email = $1", email);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("What you entered is still here: log in again in another tab")).toBeVisible();
  const other = await context.newPage();
  await new LoginPage(other).open();
  await new LoginPage(other).logIn(email, password);
  await expect(other.getByLabel("Last name")).toHaveValue("King");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("banner").getByText("Augusta King").first()).toBeVisible();
});

test("sessions are not ended, nor said to have ended, for somebody who has logged in at this browser since", async ({
  page,
  context,
  product,
  arrange,
  sql,
}) => {
  const logInTwice = async (email: string) => {
    const user = await arrange("makeUser", { email });
    await arrange("loggedIn", user);
    return arrange("loggedIn", user);
  };
  const [jane, john] = [await logInTwice("jane@example.org"), await logInTwice("john@example.org")];
  const message = page.getByText("No session was ended, and these are theirs.");
  for (const button of [/^End session/, "End all others"]) {
    await giveSession(context, product.url, jane.token);
    await page.goto("/account");
    await giveSession(context, product.url, john.token);
    await page.getByRole("button", { name: button }).click();
    await expect(message).toBeVisible();
    await expect(page.getByRole("main")).toContainText("john@example.org");
  }
  expect(await sql("SELECT FROM sessions WHERE ended_at IS NULL")).toHaveLength(4);
  await page.getByRole("button", { name: "End all others" }).click();
  await expect(page.getByText("The other session has ended.")).toBeVisible();
});

test("what is typed on one person's page is done for nobody who has logged in at this browser since", async ({
  page,
  context,
  product,
  arrange,
  sql,
}) => {
  const [jane, john] = [
    await arrange("loggedIn", await arrange("makeUser", { firstName: "Jane" })),
    await arrange("loggedIn", await arrange("makeUser", { firstName: "John" })),
  ];
  const open = async (path: string) => {
    await giveSession(context, product.url, jane.token);
    await page.goto(path);
    await giveSession(context, product.url, john.token);
  };
  await open("/account");
  await page.getByLabel("First name").fill("Janet");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(
    page.getByText("Somebody else has logged in at this browser. Nothing was saved."),
  ).toBeVisible();
  await expect(page.getByLabel("First name")).toHaveValue("Janet");
  expect(await sql("SELECT FROM users WHERE first_name IN ('Jane', 'John')")).toHaveLength(2);
  const mobile = new MobilePage(page);
  await open("/account/mobile");
  await mobile.button.click();
  await expect(
    page.getByText("Somebody else has logged in at this browser. No code was made."),
  ).toBeVisible();
  expect(await sql("SELECT FROM mobile_secrets")).toHaveLength(0);
  await open("/account/password");
  await new AccountPage(page).changePassword("correct horse battery staple", CHANGED);
  await expect(
    page.getByText("Somebody else has logged in at this browser. No password was changed."),
  ).toBeVisible();
  expect(
    await sql("SELECT FROM audit_events WHERE kind IN ('login-failed', 'password-changed')"),
  ).toHaveLength(0);
});

test("a name is called wrong only for as long as it is the one that was refused", async ({
  page,
  logIn,
  noise,
}) => {
  noise.allow(/ERR_INTERNET_DISCONNECTED/);
  await logIn();
  await page.goto("/account");
  const name = page.getByLabel("First name");
  await name.fill("Ada\u202e");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(name).toHaveAccessibleDescription(/cannot be shown/);
  await expect(name).toBeFocused();
  await page.getByLabel("Last name").fill("King");
  await expect(name).toHaveAccessibleDescription(/cannot be shown/);
  await name.fill("Augusta");
  await expect(name, "the error was about the other text").toHaveAccessibleDescription("");
  await page.context().setOffline(true);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Gatehouse did not answer")).toBeVisible();
  await expect(name).toHaveAccessibleDescription("");
  await expect(name).toHaveValue("Augusta");
});

test("a mailed link unlocks an account by its button, not by being opened", async ({ page, arrange }) => {
  const user = await arrange("makeUser", { lockedAt: new Date(), lockedUntil: null, failedAttempts: 5 });
  const { url } = await arrange("makeLink", user.id, "UNLOCK");
  const login = new LoginPage(page);
  await page.goto(url);
  await expect(page.getByRole("heading", { name: "Unlock your account" })).toBeVisible();
  await expectAccessible(page);
  await login.open();
  await login.logIn(user.email, user.password);
  await expect(page.getByText("The e-mail address or password is wrong")).toBeVisible();
  await page.goto(url);
  await page.getByRole("button", { name: "Unlock account" }).click();
  await expect(page.getByRole("heading", { name: "Your account is unlocked" })).toBeVisible();
  await expect(page).toHaveTitle(/^Your account is unlocked/);
  await expectAccessible(page);
  await page.getByRole("link", { name: "Go to login" }).click();
  await login.logIn(user.email, user.password);
  await expect(page).toHaveURL("/account");
  await page.goto(url);
  await expect(page).toHaveURL("/link-expired?kind=unlock");
});

test("more sessions than a page holds are shown in pages, and the oldest can be ended by itself", async ({
  page,
  context,
  arrange,
  product,
  sql,
}) => {
  const user = await arrange("makeUser");
  await giveSession(context, product.url, (await arrange("loggedIn", user)).token);
  const oldest = await arrange("loggedIn", user, {
    address: "198.51.100.9",
    now: new Date(Date.now() - 60_000),
  });
  await sql(
    `INSERT INTO sessions (id, user_id, kind, kid, created_at, renewed_at, renewable_until, last_seen_at, confirmed_at, address, user_agent)
     SELECT gen_random_uuid(), user_id, kind, kid, now(), now(), renewable_until, now(), now(), address, user_agent
     FROM sessions CROSS JOIN generate_series(1, 55) WHERE id = $1`,
    oldest.sessionId,
  );
  const account = new AccountPage(page);
  await account.open();
  await expect(account.sessions).toHaveCount(51);
  await expect(page.getByRole("button", { name: "End all 56 others" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Older" }).click();
  await expect(page, "at the list, which is the last card").toHaveURL(/^[^#]+\?sessions=[^#]+#sessions$/);
  await expect(account.sessions).toHaveCount(7);
  await expect(account.sessions.first()).toContainText("This one");
  await account.sessions
    .last()
    .getByRole("button", { name: /^End session: .+, from 198\.51\.100\.9$/ })
    .click();
  await expect(page.getByText("That session has ended.")).toBeVisible();
  await expect(account.sessions).toHaveCount(6);
  expect(await sql("SELECT id FROM sessions WHERE ended_at IS NOT NULL")).toEqual([{ id: oldest.sessionId }]);
  await page.getByRole("link", { name: "Newest" }).click();
  await expect(account.sessions).toHaveCount(51);
  await expect(page.getByText("That session has ended."), "which is not on this page").toHaveCount(0);
  await page.getByRole("button", { name: "End all 55 others" }).click();
  await expect(account.sessions).toHaveCount(1);
});

test("an administrator is told where to change what the account's own page cannot", async ({
  administrator: _,
  page,
}) => {
  await page.goto("/account");
  await page.getByRole("link", { name: "your user page" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Ada Lovelace" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Edit name and e-mail" })).toBeEnabled();
});
