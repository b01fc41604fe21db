import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { findWorkingLink, requiredState } from "@/lib/accounts/links";
import { requestPasswordReset, resolveResetRequests } from "@/lib/accounts/reset-requests/service";
import { LINK_MAIL_INTERVAL_MS } from "@/lib/accounts/rules";
import { choosePassword } from "@/lib/accounts/service/new-password";
import { unlockByLink } from "@/lib/accounts/service/unlock";
import type { User } from "@/lib/accounts/store";
import { changePassword } from "@/lib/auth/service/change-password";
import { host, type Person } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { CONTENT_BATCH_SIZE, forgetOldContent } from "@/lib/mail/retention";
import { listOutbox, resendMail } from "@/lib/mail/service/outbox";
import { rescueUnlock } from "@/lib/rescue/service/accounts";
import { deleteUser, disableUser, unlockUser } from "@/lib/users/service/administer-user";
import { editUser } from "@/lib/users/service/edit-user";
import { issueUserLink } from "@/lib/users/service/issue-link";
import { makeSettings, makeUser, PASSWORD } from "./support/accounts";
import { administrator, anonymous, loggedIn } from "./support/actors";
import { countWaiting, emptyDatabase } from "./support/database";
import { makeLink } from "./support/links";
import { deliverMails, queueMail, useMailServer } from "./support/mail";
import { readMails, secretOf } from "./support/outbox";
import { startSmtp, type TestSmtp } from "./support/smtp";

const NOW = new Date("2026-03-01T12:00:00Z");
const HOUR_MS = 3_600_000;
const later = (ms: number) => new Date(NOW.getTime() + ms);
const UNUSABLE = { ok: false, code: "link-unusable" };
const OTHER_PASSWORD = "another gate, another house";

type Purpose = Parameters<typeof choosePassword>[1]["purpose"];

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
  await db().auditEvent.deleteMany();
});

const choose = (purpose: Purpose, url: string, now = later(HOUR_MS), password = OTHER_PASSWORD) =>
  choosePassword(anonymous(), { purpose, secret: secretOf(url), password }, now);

/** Requests a password reset, as anybody may, and runs the background work that answers it. */
async function forget({ email }: User, now: Date): Promise<void> {
  await requestPasswordReset(anonymous(), email, now);
  await resolveResetRequests(now);
}

/** Changes the password in the account itself. */
async function changeIn(user: User) {
  const { person } = await loggedIn(user);
  return changePassword(person, { currentPassword: PASSWORD, newPassword: OTHER_PASSWORD });
}

/** Gives the account another address, as an administrator. */
async function readdress({ id: userId, email, firstName, lastName }: User) {
  const seen = { email, firstName, lastName };
  return editUser(admin, { userId, seen, ...seen, email: `new.${email}` }, NOW);
}

/** Issues a link as an administrator who copies it. @returns its URL */
async function copied(user: User, purpose: "ACTIVATION" | "PASSWORD_RESET", now = NOW): Promise<string> {
  const issued = await issueUserLink(admin, { userId: user.id, purpose, delivery: "copy" }, now);
  if (!issued.ok) throw new Error(issued.code);
  return issued.url ?? "";
}

/** The links in an account's queued mails, oldest first. */
async function mailedUrls(user: User): Promise<string[]> {
  return (await readMails(user.id)).flatMap(({ values }) => {
    const { activationUrl, resetUrl } = values as { activationUrl?: string; resetUrl?: string };
    return activationUrl ?? resetUrl ?? [];
  });
}

describe.each([
  ["INVITED", "ACTIVATION"],
  ["ACTIVE", "PASSWORD_RESET"],
] as const)("while an account is %s", (state, purpose) => {
  it("no stranger takes an administrator’s link away from its person", async () => {
    const user = await makeUser({ state });
    const url = await copied(user, purpose);
    for (let i = 1; i <= 5; i += 1) await forget(user, later(i * LINK_MAIL_INTERVAL_MS));
    expect(await choose(purpose, url)).toMatchObject({ ok: true });
  });

  it("of all its links one is used, once, and the others end with it", async () => {
    const user = await makeUser({ state });
    const url = await copied(user, purpose);
    await forget(user, later(1));
    const [mailed = ""] = await mailedUrls(user);
    expect(await choose(purpose, mailed)).toMatchObject({ ok: true });
    for (const link of [url, mailed]) {
      expect(await choose(purpose, link, later(HOUR_MS), "a third house")).toEqual(UNUSABLE);
    }
  });

  it("of two links in one instant one wins", async () => {
    for (let round = 0; round < 5; round += 1) {
      const user = await makeUser({ state });
      const url = await copied(user, purpose);
      await forget(user, later(1));
      const [mailed = ""] = await mailedUrls(user);
      const answers = await Promise.all([url, mailed].map((link) => choose(purpose, link)));
      expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
      expect(answers).toContainEqual(UNUSABLE);
    }
  });

  it("a newer mail for the same request replaces the older one, in the outbox too", async () => {
    const user = await makeUser({ state });
    await forget(user, NOW);
    const [older = ""] = await mailedUrls(user);
    await forget(user, later(LINK_MAIL_INTERVAL_MS));
    const [newer = "", ...others] = await mailedUrls(user);
    expect([others, newer === older]).toEqual([[], false]);
    expect(await choose(purpose, older)).toEqual(UNUSABLE);
    await useMailServer({ port: smtp.port });
    await deliverMails(later(HOUR_MS));
    expect(smtp.mails).toHaveLength(1);
    expect(smtp.mails[0]?.parsed.text).toContain(newer);
    const { entries } = await listOutbox(admin, {});
    expect(entries.map(({ state, lastAnswer, canResend }) => ({ state, lastAnswer, canResend }))).toEqual([
      { state: "SENT", lastAnswer: expect.stringMatching(/^250/), canResend: false },
      { state: "WITHDRAWN", lastAnswer: "Not sent: its link was used or replaced first.", canResend: false },
    ]);
  });

  it("an administrator’s link supersedes whatever was asked for", async () => {
    const user = await makeUser({ state });
    await forget(user, NOW);
    const [mailed = ""] = await mailedUrls(user);
    const url = await copied(user, purpose, later(1));
    expect(await choose(purpose, mailed)).toEqual(UNUSABLE);
    expect(await readMails(user.id)).toEqual([]);
    expect(await choose(purpose, url)).toMatchObject({ ok: true });
  });

  it("whoever has used a link may ask for another at once", async () => {
    const user = await makeUser({ state });
    await forget(user, NOW);
    const [mailed = ""] = await mailedUrls(user);
    await choose(purpose, mailed, later(1));
    await forget(user, later(2));
    expect(await mailedUrls(user)).toEqual([expect.stringContaining("/reset-password?")]);
  });
});

it("a link that is used while it is read comes with its account as it was before, or not at all", async () => {
  const user = await makeUser();
  const { id, secret } = await makeLink(user.id, "PASSWORD_RESET", NOW);
  let reading: ReturnType<typeof findWorkingLink> | undefined;
  await db().$transaction(async (tx) => {
    await tx.$executeRaw`LOCK TABLE users IN ACCESS EXCLUSIVE MODE`;
    reading = findWorkingLink(db(), "PASSWORD_RESET", secret, NOW);
    await expect.poll(countWaiting).toBe(1);
    await tx.accountLink.update({ where: { id }, data: { usedAt: NOW } });
    await tx.user.update({ where: { id: user.id }, data: { passwordHash: "of the new password" } });
  });
  expect(await reading).toBeNull();
});

describe("a new password ends every link that could replace it:", () => {
  it("the grant of whoever knew the expired one, and the reset link in the mailbox", async () => {
    const user = await makeUser();
    const grant = await makeLink(user.id, "PASSWORD_EXPIRED", NOW);
    const reset = await makeLink(user.id, "PASSWORD_RESET", NOW);
    expect(await choose("PASSWORD_RESET", reset.url, later(1))).toMatchObject({ ok: true });
    expect(await choose("PASSWORD_EXPIRED", grant.url, later(2), "a third house")).toEqual(UNUSABLE);
  });

  it("also where it was changed in the account itself", async () => {
    const user = await makeUser();
    const reset = await makeLink(user.id, "PASSWORD_RESET", new Date());
    expect(await changeIn(user)).toMatchObject({ ok: true });
    expect(await choose("PASSWORD_RESET", reset.url, new Date(), "a third house")).toEqual(UNUSABLE);
  });
});

describe("what a mail says is forgotten", () => {
  const contents = () =>
    db().outboxMessage.findMany({ select: { kind: true, state: true, sealedPayload: true } });

  it.each([
    ["disabled", (user: User) => disableUser(admin, { userId: user.id }, NOW)],
    ["deleted", (user: User) => deleteUser(admin, { userId: user.id, email: user.email }, NOW)],
  ])("when its account is %s first; it is not sent then", async (_name, remove) => {
    const user = await makeUser();
    await forget(user, NOW);
    expect(await remove(user)).toEqual({ ok: true, email: user.email });
    expect(await contents()).toEqual([{ kind: "password-reset", state: "FAILED", sealedPayload: null }]);
    await useMailServer({ port: smtp.port });
    await deliverMails(later(1));
    expect(smtp.mails).toEqual([]);
  });

  it("when its link has expired: it is neither sent nor sent again", async () => {
    const user = await makeUser();
    await forget(user, NOW);
    const [{ id } = { id: "" }] = await db().outboxMessage.findMany();
    const end = later(24 * HOUR_MS);
    await useMailServer({ port: smtp.port });
    expect(await deliverMails(end)).toMatchObject({ tried: 0 });
    expect(await resendMail(admin, { id }, end)).toEqual({ ok: false, code: "not-waiting" });
    expect(await forgetOldContent(new Date(end.getTime() - 1))).toBe(0);
    expect(await forgetOldContent(end)).toBe(1);
    expect(await contents()).toEqual([{ kind: "password-reset", state: "FAILED", sealedPayload: null }]);
    expect((await listOutbox(admin, {})).entries).toMatchObject([
      { lastAnswer: expect.stringMatching(/no longer of use/), canResend: false, dueAt: null },
    ]);
  });

  it("thirty days after it failed", async () => {
    await useMailServer({ port: smtp.port });
    smtp.onRecipient = () => 550;
    const days = 30 * 24 * HOUR_MS;
    await queueMail("password-changed", { now: later(-days) });
    await deliverMails(NOW);
    expect(await forgetOldContent(later(days - 1))).toBe(0);
    expect(await forgetOldContent(later(days))).toBe(1);
    const [row] = await db().outboxMessage.findMany();
    expect(row).toMatchObject({
      state: "FAILED",
      sealedPayload: null,
      lastAnswer: expect.stringMatching(/^550/),
    });
  });

  it("in batches, however many are over at once", async () => {
    await db().$executeRaw`
      INSERT INTO outbox_messages (id, kind, recipient, message_id, created_at, due_at, sealed_payload, useful_until)
      SELECT gen_random_uuid(), 'password-expires-soon', 'ada@example.org', '<' || i || '@example.org>', ${NOW}, ${NOW}, '-', ${NOW}
      FROM generate_series(1, ${CONTENT_BATCH_SIZE + 1}::int) AS i`;
    expect(await forgetOldContent(NOW)).toBe(CONTENT_BATCH_SIZE + 1);
    const transactions = await db().$queryRaw`
      SELECT count(*)::int AS mails FROM outbox_messages GROUP BY xmin::text ORDER BY mails DESC`;
    expect(transactions).toEqual([{ mails: CONTENT_BATCH_SIZE }, { mails: 1 }]);
  });

  it("but a notice that waits is kept, tried before or not, and says late what happened", async () => {
    await useMailServer({ port: smtp.port });
    smtp.onRecipient = () => 451;
    await queueMail("account-locked-owner", { now: NOW });
    await deliverMails(NOW);
    await queueMail("account-locked-owner", { now: NOW });
    const month = later(31 * 24 * HOUR_MS);
    expect(await forgetOldContent(month)).toBe(0);
    smtp.onRecipient = () => null;
    await deliverMails(month);
    expect(smtp.mails).toHaveLength(2);
  });
});

it.each<[string, (user: User, copy: string) => Promise<unknown>, purpose?: "ACTIVATION" | "PASSWORD_RESET"]>([
  ["its link was used or replaced first.", (_, copy) => choose("ACTIVATION", copy, NOW), "ACTIVATION"],
  ["the password was replaced first.", changeIn],
  ["the password was replaced first.", (_, copy) => choose("PASSWORD_RESET", copy, NOW)],
  ["the account’s address was changed first.", readdress],
  ["the account was disabled or deleted first.", ({ id }) => disableUser(admin, { userId: id }, NOW)],
  [
    "the account was disabled or deleted first.",
    ({ id, email }) => deleteUser(admin, { userId: id, email }, NOW),
  ],
])("the list of mails says why a link was not sent: %s", async (why, change, purpose = "PASSWORD_RESET") => {
  const user = await makeUser({ state: requiredState(purpose) });
  const copy = await copied(user, purpose);
  await forget(user, NOW);
  expect(await change(user, copy)).toMatchObject({ ok: true });
  const { entries } = await listOutbox(admin, { recipient: user.email });
  const withdrawn = entries.filter(({ state }) => state === "WITHDRAWN");
  expect(withdrawn.map(({ lastAnswer }) => lastAnswer)).toEqual([`Not sent: ${why}`]);
});

it.each<[string, (user: User) => Promise<unknown>]>([
  ["an administrator", (user) => unlockUser(admin, { userId: user.id }, NOW)],
  ["the host", (user) => rescueUnlock(host, user, NOW)],
])(
  "a lock that %s lifted leaves its owner no link that could lift the next one, and every other link",
  async (_who, unlock) => {
    const locked = { lockedAt: NOW, lockedUntil: null };
    const user = await makeUser({ ...locked, failedAttempts: 5 });
    const { secret } = await makeLink(user.id, "UNLOCK", NOW);
    const reset = await makeLink(user.id, "PASSWORD_RESET", NOW);
    expect(await unlock(user)).toMatchObject({ ok: true });
    await db().user.update({ where: { id: user.id }, data: locked });
    expect(await unlockByLink(anonymous(), secret, later(1))).toEqual(UNUSABLE);
    expect(await db().user.findUniqueOrThrow({ where: { id: user.id } })).toMatchObject(locked);
    expect(await choose("PASSWORD_RESET", reset.url, later(1))).toMatchObject({ ok: true });
  },
);
