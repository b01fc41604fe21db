import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { choosePassword } from "@/lib/accounts/service/new-password";
import { logIn } from "@/lib/auth/service/log-in";
import type { Person } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { enqueueMail } from "@/lib/mail/outbox";
import { exchangeMobileSecret, makeMobileCode } from "@/lib/mobile/service";
import { disableUser } from "@/lib/users/service/administer-user";
import { createUser } from "@/lib/users/service/create-user";
import { describeUser } from "@/lib/users/service/describe-user";
import { issueUserLink } from "@/lib/users/service/issue-link";
import { makeSettings, makeUser, PASSWORD } from "./support/accounts";
import { administrator, anonymous, loggedIn } from "./support/actors";
import { emptyDatabase } from "./support/database";
import { makeLink } from "./support/links";
import { deliverMails, useMailServer } from "./support/mail";
import { rowsRead } from "./support/plans";
import { startSmtp, type TestSmtp } from "./support/smtp";

const NOW = new Date("2026-03-01T12:00:00Z");
const later = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);
const DAY = 24 * 60;

let admin: Person;
let smtp: TestSmtp;

beforeAll(async () => {
  smtp = await startSmtp();
});
afterAll(() => smtp.stop());
beforeEach(async () => {
  await emptyDatabase();
  smtp.reset();
  await makeSettings({}, { savedAt: NOW });
  admin = await administrator();
});

const why = async (userId: string, at = later(1)) => (await describeUser(admin, userId, at))?.obstacle;
const attempt = (email: string, password = PASSWORD, now = later(1)) =>
  logIn(anonymous(), { email, password, kind: "BROWSER" }, now);

async function invite(email: string, sendMail: boolean): Promise<string> {
  const input = { email, firstName: "", lastName: "", authority: "CUSTOMER_USER", sendMail } as const;
  const created = await createUser(admin, input, NOW);
  if (!created.ok) throw new Error(created.code);
  return created.userId;
}

describe("why somebody cannot log in, who is invited", () => {
  const linkExpiresAt = later(DAY);

  it("is that they have not used a link that was handed over, or that it has run out", async () => {
    const userId = await invite("ada@example.org", false);
    expect(await why(userId)).toEqual({ code: "invited", linkExpiresAt, mail: null });
    expect(await why(userId, later(DAY))).toEqual({ code: "invited", linkExpiresAt: null, mail: null });
  });

  it("is that its mail is not sent, and once it is, that it was not used", async () => {
    const userId = await invite("ada@example.org", true);
    expect(await why(userId)).toEqual({ code: "invited", linkExpiresAt, mail: "waiting" });
    await useMailServer({ port: smtp.port });
    await deliverMails(later(1));
    expect(await why(userId)).toEqual({ code: "invited", linkExpiresAt, mail: "sent" });
  });

  it("is that the mail server refused its mail, until there is a newer link", async () => {
    const userId = await invite("nobody@example.org", true);
    await useMailServer({ port: smtp.port });
    smtp.onRecipient = () => 550;
    await deliverMails(later(1));
    expect(await why(userId)).toEqual({ code: "invited", linkExpiresAt, mail: "failed" });
    await issueUserLink(admin, { userId, purpose: "ACTIVATION", delivery: "copy" }, later(2));
    expect(await why(userId, later(3))).toMatchObject({ code: "invited", mail: null });
  });
});

describe("why somebody cannot log in, who has a password", () => {
  it("is nothing", async () => {
    const { id } = await makeUser({ passwordSetAt: NOW });
    expect(await why(id)).toBeNull();
  });

  it("is that the account is disabled, whatever else there is", async () => {
    const { id } = await makeUser({ lockedAt: NOW, lockedUntil: null });
    await disableUser(admin, { userId: id }, NOW);
    expect(await why(id)).toEqual({ code: "disabled" });
  });

  it("is a lock, while it lasts", async () => {
    const { id, email } = await makeUser({ passwordSetAt: NOW });
    for (let i = 0; i < 5; i += 1) await attempt(email, "a guess");
    expect(await why(id)).toEqual({ code: "locked", since: later(1), until: later(31) });
    expect(await why(id, later(31))).toBeNull();
  });

  it("is that the password has expired", async () => {
    const { id } = await makeUser({ passwordSetAt: later(-31 * DAY) });
    const password = { passwordExpirationPeriodDays: 30 };
    await makeSettings({ password }, { savedAt: NOW, expirySwitchedOnAt: later(-90 * DAY) });
    expect(await why(id)).toEqual({ code: "password-expired", since: later(-DAY) });
  });

  it("is that the password was found unfit, until another is chosen or will do", async () => {
    const { id, email } = await makeUser({ passwordSetAt: later(-DAY) });
    const password = { minimumDigits: 1, forceUserToResetPasswordIfNotValid: true };
    await makeSettings({ password }, { savedAt: NOW });
    expect(await why(id)).toEqual({ code: "reset-possible", since: NOW });
    expect(await attempt(email)).toEqual({ ok: false, code: "reset-required", isMailed: false });
    expect(await why(id, later(2))).toEqual({ code: "reset-required", since: later(1), mail: "waiting" });
    expect(await attempt(email, PASSWORD, later(2))).toEqual({
      ok: false,
      code: "reset-required",
      isMailed: false,
    });
    expect(await why(id, later(2))).toEqual({ code: "reset-required", since: later(1), mail: "waiting" });
    await makeSettings({ general: { maxFailedLoginAttempts: 0 } }, { savedAt: NOW });
    for (let i = 0; i < 21; i += 1) await attempt(email, "a guess", later(2));
    expect(await why(id, later(2))).toMatchObject({ code: "reset-required" });
    await useMailServer({ port: smtp.port });
    smtp.onRecipient = () => 550;
    await deliverMails(later(2));
    expect(await why(id, later(3))).toMatchObject({ code: "reset-required", mail: "failed" });
    await makeSettings({ password: { forceUserToResetPasswordIfNotValid: false } }, { savedAt: later(3) });
    expect(await why(id, later(3))).toBeNull();
    await makeSettings({ password }, { savedAt: later(4) });
    await db().user.update({ where: { id }, data: { passwordSetAt: later(4) } });
    expect(await why(id, later(5))).toBeNull();
  });

  it("may be that the password is unfit, once the policy has changed since it was found so", async () => {
    const { id, email } = await makeUser({ passwordSetAt: later(-DAY) });
    const password = { minimumDigits: 1, forceUserToResetPasswordIfNotValid: true };
    await makeSettings({ password }, { savedAt: NOW });
    await attempt(email);
    await makeSettings({ password: { minimumDigits: 0 } }, { savedAt: later(2) });
    expect(await why(id, later(3))).toEqual({ code: "reset-doubtful", since: later(1) });
    expect(await attempt(email, PASSWORD, later(3))).toMatchObject({ ok: true });
    expect(await why(id, later(4))).toBeNull();
  });

  it("may be that the password is unfit, until a login shows that it meets the policy saved since", async () => {
    const { id, email } = await makeUser({ passwordSetAt: later(-DAY) });
    const password = { minimumDigits: 0, forceUserToResetPasswordIfNotValid: true };
    await makeSettings({ password }, { savedAt: NOW });
    await attempt(email, "a guess");
    expect(await why(id, later(2))).toEqual({ code: "reset-possible", since: NOW });
    await attempt(email, PASSWORD, later(2));
    expect(await why(id, later(3))).toBeNull();
    await makeSettings({ password }, { savedAt: later(4) });
    expect(await why(id, later(5))).toEqual({ code: "reset-possible", since: later(4) });
  });

  it("is not answered by an app's login, which no password proves", async () => {
    const user = await makeUser({ passwordSetAt: later(-DAY) });
    const { person } = await loggedIn(user, { now: NOW });
    const signInApp = async (now: Date) => {
      const code = await makeMobileCode(person, now);
      const secret = code.ok ? code.secret : "";
      expect(await exchangeMobileSecret(anonymous(), { secret }, now)).toMatchObject({ ok: true });
    };
    const password = { minimumDigits: 1, forceUserToResetPasswordIfNotValid: true };
    await makeSettings({ password }, { savedAt: NOW });
    await signInApp(later(1));
    expect(await why(user.id, later(2))).toEqual({ code: "reset-possible", since: NOW });
    await attempt(user.email, PASSWORD, later(2));
    await signInApp(later(3));
    expect(await why(user.id, later(4))).toEqual({
      code: "reset-required",
      since: later(2),
      mail: "waiting",
    });
  });

  it("is nothing once another password is chosen, at a server whose clock is behind the one that found it unfit", async () => {
    const { id, email } = await makeUser({ passwordSetAt: later(-DAY) });
    const password = { minimumDigits: 1, forceUserToResetPasswordIfNotValid: true };
    await makeSettings({ password }, { savedAt: NOW });
    expect(await attempt(email, PASSWORD, later(10))).toMatchObject({ code: "reset-required" });
    const { secret } = await makeLink(id, "PASSWORD_RESET", later(9.5));
    const reset = { purpose: "PASSWORD_RESET", secret, password: "7 bridges of it" } as const;
    expect(await choosePassword(anonymous(), reset, later(9.5))).toMatchObject({ ok: true });
    expect(await why(id, later(11))).toBeNull();
  });

  it("is that the password was found unfit, although the clock of the server that had set it was ahead of the policy", async () => {
    const { id, email } = await makeUser({ passwordSetAt: later(0.5) });
    const password = { minimumDigits: 1, forceUserToResetPasswordIfNotValid: true };
    await makeSettings({ password }, { savedAt: NOW });
    await attempt(email);
    expect(await why(id, later(2))).toEqual({ code: "reset-required", since: later(1), mail: "waiting" });
  });

  it("is that the mail with the reset link was withdrawn, once another link was handed over", async () => {
    const { id: userId, email } = await makeUser({ passwordSetAt: later(-DAY) });
    const password = { minimumDigits: 1, forceUserToResetPasswordIfNotValid: true };
    await makeSettings({ password }, { savedAt: NOW });
    await attempt(email);
    await issueUserLink(admin, { userId, purpose: "PASSWORD_RESET", delivery: "copy" }, later(2));
    expect(await why(userId, later(3))).toEqual({
      code: "reset-required",
      since: later(1),
      mail: "withdrawn",
    });
  });

  it("is that the reset link was not delivered, however many other mails came after it", async () => {
    const { id: userId, email } = await makeUser({ passwordSetAt: later(-DAY) });
    const password = { minimumDigits: 1, forceUserToResetPasswordIfNotValid: true };
    await makeSettings({ password }, { savedAt: NOW });
    await attempt(email);
    await useMailServer({ port: smtp.port });
    smtp.onRecipient = () => 550;
    await deliverMails(later(1));
    const lock = {
      attempts: 5,
      lockedAt: later(2).toISOString(),
      lockedUntil: null,
      address: "",
      userAgent: "",
    };
    const mail = {
      kind: "account-locked",
      recipient: admin.email,
      userId,
      values: { email, ...lock },
    } as const;
    for (let i = 0; i < 20; i += 1) await db().$transaction((tx) => enqueueMail(tx, mail, later(2)));
    expect(await why(userId, later(3))).toEqual({ code: "reset-required", since: later(1), mail: "failed" });
  });
});

it("is found among few events, however many passwords were tried on the account", async () => {
  const { id } = await makeUser();
  await db().$executeRaw`
    INSERT INTO audit_events (at, kind, actor_email, subject_id, subject_email, address, user_agent, request_id, details)
    SELECT ${NOW}::timestamptz + i * interval '1 millisecond', CASE i % 2 WHEN 0 THEN 'login-failed' ELSE 'login-succeeded' END, '',
      CASE i % 2 WHEN 0 THEN ${id}::uuid ELSE gen_random_uuid() END, '', '192.0.2.1', '', '', '{}'
    FROM generate_series(1, 10000) AS i`;
  await db().$executeRaw`ANALYZE audit_events`;
  expect(await rowsRead("audit_events", () => why(id))).toBeLessThan(100);
  const attempts = (await describeUser(admin, id, later(1)))?.loginAttempts ?? [];
  const newest = attempts.map(({ at }) => at.getTime() - NOW.getTime());
  expect(newest).toEqual(Array.from({ length: 20 }, (_, i) => 10_000 - 2 * i));
});
