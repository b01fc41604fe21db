import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { noticeWindows } from "@/lib/accounts/expiry-notices/rules";
import { sendExpiryNotices } from "@/lib/accounts/expiry-notices/service";
import { type NoticeCursor, noteExpiryNotices } from "@/lib/accounts/expiry-notices/store";
import { changePassword } from "@/lib/auth/service/change-password";
import { db } from "@/lib/core/db";
import { findOutboxEntries } from "@/lib/mail/entries/store";
import { enqueueMail, openPayload } from "@/lib/mail/outbox";
import { withdrawnAnswers } from "@/lib/mail/schema";
import { requeueMessage } from "@/lib/mail/store";
import { sampleValues } from "@/lib/mail/templates/samples";
import { deleteUser, disableUser } from "@/lib/users/service/administer-user";
import { editUser } from "@/lib/users/service/edit-user";
import { makeSettings, makeUser, PASSWORD } from "./support/accounts";
import { administrator, loggedIn } from "./support/actors";
import { countWaiting, emptyDatabase } from "./support/database";
import { deliverMails, useMailServer } from "./support/mail";
import { rowsRead } from "./support/plans";
import { startSmtp, type TestSmtp } from "./support/smtp";
import { startWorkers, stopWorkers } from "./support/workers";

beforeEach(emptyDatabase);

const DAY_MS = 86_400_000;
const now = new Date("2026-11-24T09:00:00Z");
const daysAgo = (days: number) => new Date(now.getTime() - days * DAY_MS);
const inDays = (days: number) => daysAgo(-days);
/** Looks at once, and then every six hours from before the first notice of a 90-day period until after its end. */
async function lookFrom(day: number): Promise<void> {
  await sendExpiryNotices(inDays(day));
  for (let hour = 75 * 24; hour <= 91 * 24; hour += 6) await sendExpiryNotices(inDays(day + hour / 24));
}
const expiring = (days: number) =>
  makeSettings(
    { password: { passwordExpirationPeriodDays: days } },
    { savedAt: daysAgo(400), expirySwitchedOnAt: daysAgo(400) },
  );

/** The recipients of queued expiry notices, each with the days left, in the order of the notices. */
async function noticesSent(): Promise<[string, number][]> {
  const rows = await db().outboxMessage.findMany({
    where: { state: "QUEUED" },
    orderBy: [{ createdAt: "asc" }, { recipient: "asc" }],
  });
  return rows.map(({ kind, recipient, sealedPayload }) => {
    expect(kind).toBe("password-expires-soon");
    return [recipient, openPayload("password-expires-soon", sealedPayload ?? "").daysLeft];
  });
}

describe("whose password expires soon", () => {
  it("is told 14, 7 and 1 days before, once each, however often one looks", async () => {
    await expiring(90);
    const { email } = await makeUser({ passwordSetAt: now });
    await lookFrom(0);
    expect(await noticesSent()).toEqual([
      [email, 14],
      [email, 7],
      [email, 1],
    ]);
  });

  it("is told only the nearest when the others were missed", async () => {
    await expiring(90);
    const { email } = await makeUser({ passwordSetAt: daysAgo(85) });
    // Whose password expires now is told so when they log in.
    await makeUser({ passwordSetAt: daysAgo(90) });
    await sendExpiryNotices(now);
    await sendExpiryNotices(now);
    expect(await noticesSent()).toEqual([[email, 5]]);
  });

  it("is told again of the next password", async () => {
    await expiring(90);
    const { email, id } = await makeUser({ passwordSetAt: daysAgo(89.5) });
    await sendExpiryNotices(now);
    await db().user.update({ where: { id }, data: { passwordSetAt: now } });
    await sendExpiryNotices(now);
    await sendExpiryNotices(inDays(76));
    expect(await noticesSent()).toEqual([
      [email, 1],
      [email, 14],
    ]);
  });

  it("is no longer told once it is replaced, as the list of mails says; no other notice is withdrawn", async () => {
    await expiring(90);
    const passwordSetAt = daysAgo(80);
    const [user, other] = [await makeUser({ passwordSetAt }), await makeUser({ passwordSetAt })];
    await sendExpiryNotices(now);
    const { id: userId, email: recipient } = user;
    const values = sampleValues(now)["account-activated"];
    await db().$transaction((tx) =>
      enqueueMail(tx, { kind: "account-activated", recipient, userId, values }, now),
    );
    const { person } = await loggedIn(user, { now });
    const change = { currentPassword: PASSWORD, newPassword: "another gate, another house" };
    expect(await changePassword(person, change, now)).toMatchObject({ ok: true });
    const kinds = ["password-expires-soon"] as const;
    const noticesTo = ({ id: userId }: { id: string }) => findOutboxEntries(db(), { userId, kinds }, 2);
    const lastAnswer = "Not sent: the password was replaced first.";
    expect(await noticesTo(user)).toMatchObject([{ state: "WITHDRAWN", canResend: false, lastAnswer }]);
    expect(await noticesTo(other)).toMatchObject([{ state: "QUEUED", canResend: true, lastAnswer: null }]);
    const another = await findOutboxEntries(db(), { userId, kinds: ["account-activated"] }, 2);
    expect(another).toMatchObject([{ state: "QUEUED" }]);
  });

  it("is told again of another day, when expiry was off meanwhile or lasts longer now", async () => {
    const since = (days: number, switchedOn: number) =>
      makeSettings(
        { password: { passwordExpirationPeriodDays: days } },
        { savedAt: inDays(switchedOn), expirySwitchedOnAt: inDays(switchedOn) },
      );
    await since(90, -400);
    const { email } = await makeUser({ passwordSetAt: daysAgo(85) });
    await sendExpiryNotices(now);
    expect(await noticesSent()).toEqual([[email, 5]]);
    await since(90, 1);
    await lookFrom(1);
    expect(await noticesSent()).toEqual([14, 7, 1].map((left) => [email, left]));
    await since(120, 1);
    await sendExpiryNotices(inDays(116));
    expect((await noticesSent()).at(-1)).toEqual([email, 5]);
  });

  it("is counted from when expiry was switched on", async () => {
    const savedAt = daysAgo(1);
    const options = { savedAt, expirySwitchedOnAt: savedAt };
    await makeSettings({ password: { passwordExpirationPeriodDays: 8 } }, options);
    const { email } = await makeUser({ passwordSetAt: daysAgo(300) });
    await sendExpiryNotices(now);
    expect(await noticesSent()).toEqual([[email, 7]]);
  });
});

describe("a notice that waits for its mail server", () => {
  let smtp: TestSmtp;

  beforeEach(async () => {
    smtp = await startSmtp();
    await useMailServer({ port: smtp.port });
    await expiring(90);
  });
  afterEach(() => smtp.stop());

  async function deliverAt(day: number): Promise<(string | undefined)[]> {
    await deliverMails(inDays(day));
    return smtp.mails.map(({ parsed }) => parsed.subject);
  }

  it("gives way to the next one: whoever waited for all of them gets the last alone", async () => {
    await makeUser({ passwordSetAt: now });
    for (const day of [76, 83, 89]) await sendExpiryNotices(inDays(day));
    expect(await noticesSent()).toHaveLength(3);
    expect(await deliverAt(89)).toEqual(["Your password expires within a day"]);
  });

  it("is sent until then, and the last one until the password expires", async () => {
    await makeUser({ passwordSetAt: now });
    await sendExpiryNotices(inDays(76));
    expect(await deliverAt(82.99)).toEqual(["Your password expires within 14 days"]);
    await sendExpiryNotices(inDays(89));
    expect((await deliverAt(89.99)).at(-1)).toBe("Your password expires within a day");
  });

  const withdrawnByPolicy = { state: "WITHDRAWN", canResend: false, lastAnswer: withdrawnAnswers.policy };

  it("is withdrawn once expiry is switched off", async () => {
    await makeUser({ passwordSetAt: daysAgo(80) });
    await sendExpiryNotices(now);
    await makeSettings({ password: { passwordExpirationPeriodDays: 0 } });
    await sendExpiryNotices(inDays(1));
    expect(await findOutboxEntries(db(), {}, 2)).toMatchObject([withdrawnByPolicy]);
    expect(await deliverAt(1)).toEqual([]);
  });

  it("is withdrawn once expiry was off: what it says will not happen then", async () => {
    const [{ id: userId }, other] = [await makeUser({ passwordSetAt: daysAgo(80) }), await makeUser()];
    await sendExpiryNotices(now);
    const values = sampleValues(now)["account-activated"];
    const mail = { kind: "account-activated", recipient: other.email, userId: other.id, values } as const;
    await db().$transaction((tx) => enqueueMail(tx, mail, now));
    await makeSettings(
      { password: { passwordExpirationPeriodDays: 8 } },
      { savedAt: inDays(1), expirySwitchedOnAt: inDays(1) },
    );
    await sendExpiryNotices(inDays(2));
    expect(await findOutboxEntries(db(), { userId }, 3)).toMatchObject([
      { state: "QUEUED" },
      withdrawnByPolicy,
    ]);
    expect(
      await findOutboxEntries(db(), { userId: other.id, kinds: ["account-activated"] }, 2),
    ).toMatchObject([{ state: "QUEUED" }]);
  });

  it("is kept while the policy is damaged, so that nobody knows whether it is true", async () => {
    await makeUser({ passwordSetAt: daysAgo(80) });
    await sendExpiryNotices(now);
    const { count } = await db().settingsRevision.updateMany({
      where: { panel: "password" },
      data: { values: { passwordExpirationPeriodDays: "?" } },
    });
    expect(count).toBeGreaterThan(0);
    await sendExpiryNotices(inDays(1));
    expect(await findOutboxEntries(db(), {}, 2)).toMatchObject([{ state: "QUEUED" }]);
  });

  it("is sent to the account’s new address, where that was changed first", async () => {
    const admin = await administrator({ passwordSetAt: daysAgo(1) });
    const { id: userId, email, firstName, lastName } = await makeUser({ passwordSetAt: daysAgo(80) });
    await sendExpiryNotices(now);
    const seen = { email, firstName, lastName };
    expect(await editUser(admin, { userId, seen, ...seen, email: "new@example.org" }, now)).toEqual({
      ok: true,
    });
    await deliverMails(now);
    const notices = smtp.mails.filter(
      ({ parsed }) => parsed.subject === "Your password expires within 10 days",
    );
    expect(notices.map(({ to }) => to)).toEqual([["new@example.org"]]);
  });

  it("is not sent again to the account’s earlier address, where it failed", async () => {
    const admin = await administrator({ passwordSetAt: daysAgo(1) });
    const { id: userId, email, firstName, lastName } = await makeUser({ passwordSetAt: daysAgo(80) });
    await sendExpiryNotices(now);
    await db().outboxMessage.updateMany({ data: { state: "FAILED" } });
    const seen = { email, firstName, lastName };
    await editUser(admin, { userId, seen, ...seen, email: "new@example.org" }, now);
    const failed = await db().outboxMessage.findFirstOrThrow({ where: { kind: "password-expires-soon" } });
    expect(failed.recipient).toBe(email);
    expect(await requeueMessage(db(), failed.id, now)).toBe(false);
  });

  it.each([
    ["disabled", disableUser],
    ["deleted", deleteUser],
  ])("is not sent to somebody whose account was %s first", async (_what, remove) => {
    const admin = await administrator({ passwordSetAt: daysAgo(1) });
    const { id: userId, email } = await makeUser({ passwordSetAt: daysAgo(80) });
    await sendExpiryNotices(now);
    expect(await remove(admin, { userId, email }, new Date())).toEqual({ ok: true, email });
    const lastAnswer = "Not sent: the account was disabled or deleted first.";
    expect(await findOutboxEntries(db(), {}, 2)).toMatchObject([{ state: "WITHDRAWN", lastAnswer }]);
    expect(await deliverAt(1)).toEqual([]);
  });
});

it("nobody is told while passwords do not expire, and nobody whose account is not active", async () => {
  await makeSettings();
  await makeUser({ passwordSetAt: daysAgo(89.5) });
  expect(await sendExpiryNotices(now)).toBe(0);
  await expiring(90);
  await db().user.updateMany({ data: { state: "DISABLED" } });
  await makeUser({ state: "INVITED" });
  expect(await sendExpiryNotices(now)).toBe(0);
});

it("an account that is deleted, or gets another address, at that moment delays nobody else's notice", async () => {
  await expiring(90);
  const [gone, moved, third] = [
    await makeUser({ passwordSetAt: daysAgo(80) }),
    await makeUser({ passwordSetAt: daysAgo(79) }),
    await makeUser({ passwordSetAt: daysAgo(78) }),
  ];
  const address = { email: "moved@example.org", emailKey: "moved@example.org" };
  await db().$transaction(async (tx) => {
    await tx.user.delete({ where: { id: gone.id } });
    await tx.user.update({ where: { id: moved.id }, data: address });
    expect(await sendExpiryNotices(now)).toBe(1);
  });
  expect(await sendExpiryNotices(now)).toBe(1);
  expect(await noticesSent()).toEqual(
    [
      [address.email, 11],
      [third.email, 12],
    ].toSorted(),
  );
});

it("an account whose password is replaced at that moment gets no notice of the one before", async () => {
  await expiring(90);
  const user = await makeUser({ passwordSetAt: daysAgo(80) });
  const userId = user.id;
  const { person } = await loggedIn(user, { now });
  const change = { currentPassword: PASSWORD, newPassword: "another gate, another house" };
  const { sent, changed } = await db().$transaction(async (tx) => {
    // As if another process had begun to send the same notice, and failed.
    const notice = { userId, expiresAt: inDays(10), days: 14 };
    await tx.expiryNotice.create({ data: { ...notice, sentAt: now } });
    const sent = sendExpiryNotices(now);
    await expect.poll(countWaiting).toBe(1);
    const changed = changePassword(person, change, now);
    await expect.poll(countWaiting).toBe(2);
    await tx.expiryNotice.delete({ where: { userId_expiresAt_days: notice } });
    return { sent, changed };
  });
  expect(await sent).toBe(1);
  expect(await changed).toMatchObject({ ok: true });
  const kinds = ["password-expires-soon"] as const;
  expect(await findOutboxEntries(db(), { userId, kinds }, 2)).toMatchObject([{ state: "WITHDRAWN" }]);
});

it("two processes at once tell 250 people once each", async () => {
  await expiring(90);
  const { passwordHash } = await makeUser({ passwordSetAt: daysAgo(80) });
  await db().user.createMany({
    data: Array.from({ length: 249 }, (_, i) => ({
      email: `p${i}@example.org`,
      emailKey: `p${i}@example.org`,
      authority: "CUSTOMER_USER" as const,
      state: "ACTIVE" as const,
      passwordHash,
      passwordSetAt: daysAgo(80),
    })),
  });
  const workers = await startWorkers(2);
  await Promise.all(workers.map((worker) => worker.call("sendExpiryNotices", now)));
  await stopWorkers(workers);
  await sendExpiryNotices(now);
  const recipients = (await noticesSent()).map(([recipient]) => recipient);
  expect(recipients).toHaveLength(250);
  expect(new Set(recipients).size).toBe(250);
});

it.each([
  ["long ago", 400],
  ["since their passwords were set", 79],
])("no account is read again for each hundred that are notified, with expiry on %s", async (_name, days) => {
  const [people, here] = [1_000, daysAgo(80)];
  await db().$executeRaw`
    INSERT INTO users (id, email, email_key, authority, state, password_set_at)
    SELECT gen_random_uuid(), i || '@crowd.example', i || '@crowd.example', 'CUSTOMER_USER', 'ACTIVE', ${here}
    FROM generate_series(1, ${people}::int) AS i`;
  await db().$executeRaw`ANALYZE users`;
  const period = { periodMs: 90 * DAY_MS, switchedOnAt: daysAgo(days) };
  const [window] = noticeWindows(90, now);
  if (!window) throw new Error("There is no distance.");
  const seen: number[] = [];
  let after: NoticeCursor | null = null;
  do {
    const options: { after: NoticeCursor | null; limit: number; now: Date } = { after, limit: 100, now };
    const undone = new Error("This look is undone: the one by which its rows are counted stands.");
    const look = () =>
      db().$transaction(async (tx) => {
        after = (await noteExpiryNotices(tx, window, period, options)).end;
        throw undone;
      });
    seen.push(await rowsRead("users", () => look().catch((error) => expect(error).toBe(undone))));
  } while (after);
  expect(Math.max(...seen)).toBeLessThan(250);
  expect(await db().expiryNotice.count()).toBe(people);
  // Also when all have been notified already, one call reads only a batch.
  const again = { after: null, limit: 100, now };
  expect(
    await rowsRead("users", () => noteExpiryNotices(db(), window, period, again)),
    "at once",
  ).toBeLessThan(250);
});
