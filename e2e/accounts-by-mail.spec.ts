import type { Page } from "@playwright/test";
import { expect, linkIn, Mailbox, test } from "./fixtures/mailbox";
import { listen } from "./fixtures/quiet";
import { AccountPage } from "./pages/account-page";
import { ActivationPage } from "./pages/activation-page";
import { LoginPage } from "./pages/login-page";

const EMAIL = "grace@example.org";
const OPERATIONS = "ops@example.org";
const FIRST = "a gate, a house, a lamp";
const SECOND = "a lamp, a house, a gate";
const THIRD = "two gates, one house, no lamp";
const FOURTH = "Two gates, one house, no lamp at all";

/** Logs the person in, and expects to arrive at their account page. */
async function logIn(page: Page, password: string): Promise<void> {
  const login = new LoginPage(page);
  await login.open();
  await login.logIn(EMAIL, password);
  await expect(page).toHaveURL("/account");
}

test("every mail of an account's life works, from the invitation to a password that may not be reused", async ({
  page,
  administrator,
  arrange,
  browser,
  product,
  smtp,
  sql,
}) => {
  test.slow();
  const long = { expirySwitchedOnAt: new Date("2026-01-01T00:00:00Z") };
  const general = { maxFailedLoginAttempts: 3, userLockoutNotificationEmail: OPERATIONS };
  const password = { passwordExpirationPeriodDays: 30, passwordReuseFrequencyDays: 90 };
  await arrange("makeSettings", { general, password }, long);
  await arrange("useMailServer", { port: smtp.port });
  const mailbox = new Mailbox(smtp);
  // Two browsers: the person's, and another one that has its own sessions.
  const contexts = await Promise.all([0, 1].map(() => browser.newContext({ baseURL: product.url })));
  const reports = await Promise.all(contexts.map((context) => listen(context)));
  const [person, other] = (await Promise.all(contexts.map((context) => context.newPage()))) as [Page, Page];
  const choice = new ActivationPage(person);
  const account = new AccountPage(person);
  const chosen = async () => expect(person).toHaveURL("/login?notice=password-set");

  await test.step("invited: the mailed link leads to a password", async () => {
    await page.goto("/users/new");
    await page.getByLabel("E-mail").fill(EMAIL);
    await page.getByLabel("First name").fill("Grace");
    await expect(page.getByLabel("Send the activation link by mail")).toBeChecked();
    await page.getByRole("button", { name: "Invite user" }).click();
    const shown = await page.getByRole("textbox", { name: "Activation link" }).inputValue();
    const mail = await mailbox.next(EMAIL, "Activate your account");
    expect(mail.parsed.text).toContain("Hello Grace");
    expect(linkIn(mail, "/activate")).toBe(shown);
    await person.goto(shown);
    await expect(person.getByText("Your account g•••@example.org is ready.")).toBeVisible();
  });

  await test.step("a link that is sent again replaces the first", async () => {
    await page.getByRole("link", { name: "Open the account" }).click();
    await page.getByRole("button", { name: "Send activation link" }).click();
    await expect(page.getByText(`An activation link is on its way to ${EMAIL}.`)).toBeVisible();
    const link = linkIn(await mailbox.next(EMAIL, "Activate your account"), "/activate");
    // The page of the first link is still open.
    await choice.choose(FIRST);
    await expect(person).toHaveURL("/link-expired?kind=activation");
    await person.goto(link);
    await choice.choose(FIRST);
    await chosen();
    await mailbox.next(EMAIL, "Your account is active");
  });

  await test.step("locked: one mail to the operators, one to the owner, and nobody is logged out", async () => {
    await logIn(person, FIRST);
    for (let i = 0; i < 3; i += 1) await new LoginPage(other).fail(EMAIL, `a guess, ${i}`);
    expect(await new LoginPage(other).fail(EMAIL, FIRST)).toContain("password is wrong");
    await page.reload();
    await expect(page.getByText(/cannot log in until .*: too many wrong passwords locked/)).toBeVisible();
    await person.reload();
    await expect(person).toHaveURL("/account");
    const notice = await mailbox.next(OPERATIONS, `Account locked: ${EMAIL}`);
    expect(notice.parsed.text).toMatch(/3 wrong passwords in a row locked the account grace@example\.org/);
    expect(notice.parsed.text).toMatch(/127\.0\.0\.1|::1/);
    expect(notice.raw).not.toContain("token=");
  });

  await test.step("unlocked by the owner's link", async () => {
    await other.goto(linkIn(await mailbox.next(EMAIL, "Your account was locked"), "/unlock"));
    await other.getByRole("button", { name: "Unlock account" }).click();
    await expect(other.getByRole("heading", { name: "Your account is unlocked" })).toBeVisible();
    await logIn(other, FIRST);
  });

  await test.step("forgotten: the mailed link resets it, and every session is over", async () => {
    const forgetful = await browser.newPage({ baseURL: product.url });
    await forgetful.goto("/forgot-password");
    await forgetful.getByLabel("E-mail").fill("GRACE@example.org");
    await forgetful.getByRole("button", { name: "Send link" }).click();
    await expect(forgetful.getByRole("heading", { name: "Check your mail" })).toBeVisible();
    await forgetful.goto(linkIn(await mailbox.next(EMAIL, "Choose a new password"), "/reset-password"));
    await forgetful.getByLabel("New password", { exact: true }).fill(SECOND);
    await forgetful.getByRole("button", { name: "Save new password" }).click();
    await expect(forgetful).toHaveURL("/login?notice=password-set");
    await forgetful.close();
    await mailbox.next(EMAIL, "Your password was changed");
    for (const left of [person, other]) {
      await left.goto("/account");
      await expect(left).toHaveURL(/\/login/);
    }
  });

  await test.step("an administrator's reset link does the same", async () => {
    await page.reload();
    const send = page.getByRole("button", { name: "Send reset link" });
    await expect(send).toBeVisible();
    await expect(page.getByRole("button", { name: "Copy reset link" })).toHaveCount(0);
    await send.click();
    await expect(page.getByText(`A reset link is on its way to ${EMAIL}.`)).toBeVisible();
    const mail = await mailbox.next(EMAIL, "Choose a new password");
    expect(mail.parsed.text).toContain("Your administrator has sent you a link");
    await person.goto(linkIn(mail, "/reset-password"));
    await choice.password.fill(SECOND);
    await choice.save.click();
    await expect(person.getByText("This is the current password. Choose another one.")).toBeVisible();
    await choice.password.fill(FIRST);
    await choice.save.click();
    await expect(person.getByText("You used this password within the last 90 days.")).toBeVisible();
    await choice.password.fill(THIRD);
    await choice.save.click();
    await chosen();
    await mailbox.next(EMAIL, "Your password was changed");
  });

  const age = (days: number) =>
    sql("UPDATE users SET password_set_at = now() - $1 * interval '1 day' WHERE email_key = $2", days, EMAIL);

  await test.step("soon expired: a mail says so, once", async () => {
    await age(24.5);
    await arrange("sendExpiryNotices");
    expect(await arrange("sendExpiryNotices")).toBe(0);
    const mail = await mailbox.next(EMAIL, "Your password expires within 6 days");
    expect(linkIn(mail, "/login")).toBe(`${product.url}/login?notice=mailed-link&next=%2Faccount%2Fpassword`);
  });

  await test.step("expired: the login leads to another one, and no earlier one comes back", async () => {
    await age(31);
    const login = new LoginPage(person);
    await login.open();
    await login.logIn(EMAIL, THIRD);
    await expect(person).toHaveURL("/password-expired");
    await choice.password.fill(SECOND);
    await choice.save.click();
    await expect(person.getByText("You used this password within the last 90 days.")).toBeVisible();
    await choice.password.fill("three gates, one house, no lamp");
    await choice.save.click();
    await chosen();
    await mailbox.next(EMAIL, "Your password was changed");
    await logIn(person, "three gates, one house, no lamp");
    await person.goto("/account/password");
    await account.changePassword("three gates, one house, no lamp", THIRD);
    await expect(person.getByText("You used this password within the last 90 days.")).toBeVisible();
  });

  await test.step("unfit for a stricter policy: a login mails the link to one that fits", async () => {
    const stricter = { ...password, minimumUppercaseLetters: 1, forceUserToResetPasswordIfNotValid: true };
    await arrange("makeSettings", { password: stricter }, long);
    const login = new LoginPage(other);
    await login.open();
    await login.logIn(EMAIL, "three gates, one house, no lamp");
    await expect(other.getByText("We have e-mailed you a link to choose a new one")).toBeVisible();
    const mail = await mailbox.next(EMAIL, "Your password must be reset");
    await person.goto(linkIn(mail, "/reset-password"));
    await choice.password.fill(FOURTH);
    await choice.save.click();
    await chosen();
    await mailbox.next(EMAIL, "Your password was changed");
    await logIn(person, FOURTH);
  });

  await test.step("another address: both are told, and the new one logs in", async () => {
    const moved = "grace.hopper@example.org";
    await page.reload();
    await page.getByRole("button", { name: "Edit name and e-mail" }).click();
    await page.getByRole("dialog").getByLabel("E-mail").fill(moved);
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await expect(page.getByText(`The account’s address is ${moved}.`)).toBeVisible();
    const subject = "Your e-mail address was changed";
    expect((await mailbox.next(moved, subject)).parsed.text).toContain(moved);
    expect((await mailbox.next(EMAIL, subject)).parsed.text).not.toContain(moved);
    await person.goto("/account");
    await expect(person.getByRole("main").getByText(moved)).toBeVisible();
  });

  await test.step("a test mail arrives, and nothing came that nobody waited for", async () => {
    await page.goto("/settings/mail");
    await page.getByRole("button", { name: "Send test mail" }).click();
    await expect(page.getByText(`The mail server has accepted it for ${administrator.email}`)).toBeVisible();
    await mailbox.next(administrator.email, "Test mail from Gatehouse");
    expect(mailbox.unread()).toEqual([]);
    expect(reports.flat()).toEqual([]);
  });

  await Promise.all(contexts.map((context) => context.close()));
});
