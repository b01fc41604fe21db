import { randomBytes } from "node:crypto";
import { hash } from "@node-rs/argon2";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { issueLink } from "@/lib/accounts/links";
import { grantOwner, linkOwner } from "@/lib/accounts/service/link-owner";
import { choosePassword } from "@/lib/accounts/service/new-password";
import { unlockByLink } from "@/lib/accounts/service/unlock";
import { lockUserRow, type User } from "@/lib/accounts/store";
import { logIn } from "@/lib/auth/service/log-in";
import { type Db, db } from "@/lib/core/db";
import { digestOf } from "@/lib/core/secrets";
import { describeUser } from "@/lib/users/service/describe-user";
import { makeSettings, makeUser, PASSWORD } from "./support/accounts";
import { administrator, anonymous, loggedIn } from "./support/actors";
import { countWaiting, emptyDatabase } from "./support/database";
import { makeLink } from "./support/links";
import { readMails } from "./support/outbox";
import { startWorkers, stopWorkers, type Worker } from "./support/workers";

const NOW = new Date("2026-03-01T12:00:00Z");
const HOUR_MS = 3_600_000;
const later = (ms: number) => new Date(NOW.getTime() + ms);
const UNUSABLE = { ok: false, code: "link-unusable" };
const NEW_PASSWORD = "another gate, another house";

type Purpose = "ACTIVATION" | "PASSWORD_RESET" | "PASSWORD_EXPIRED";
const purposes: [Purpose, User["state"]][] = [
  ["ACTIVATION", "INVITED"],
  ["PASSWORD_RESET", "ACTIVE"],
  ["PASSWORD_EXPIRED", "ACTIVE"],
];

const linkFor = (user: User, purpose: Purpose | "UNLOCK", now = NOW) => makeLink(user.id, purpose, now);
const choose = (purpose: Purpose, secret: string, password = NEW_PASSWORD, now = later(1)) =>
  choosePassword(anonymous(), { purpose, secret, password }, now);
const tryPassword = async ({ email }: User, password: string) =>
  (await logIn(anonymous(), { email, password, kind: "BROWSER" }, later(HOUR_MS))).ok;
const account = ({ id }: User) => db().user.findUniqueOrThrow({ where: { id } });

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings({ general: { maxFailedLoginAttempts: null } }, { savedAt: NOW });
  await db().auditEvent.deleteMany();
});

describe.each(purposes)("a link for %s", (purpose, state) => {
  it("gives the account the password, once, and forgets the wrong ones", async () => {
    const user = await makeUser({ state, failedAttempts: 4 });
    const { secret } = await linkFor(user, purpose);
    expect(await choose(purpose, secret)).toEqual({ ok: true, userId: user.id });
    expect(await account(user)).toMatchObject({
      state: "ACTIVE",
      failedAttempts: 0,
      passwordSetAt: later(1),
    });
    expect(await tryPassword(user, NEW_PASSWORD)).toBe(true);
    expect(await choose(purpose, secret, "yet another password")).toEqual(UNUSABLE);
    expect(await linkOwner(purpose, secret, later(1))).toBeNull();
  });

  it("is kept as a digest only", async () => {
    const user = await makeUser({ state });
    const { secret } = await linkFor(user, purpose);
    const [{ dump } = { dump: "" }] = await db().$queryRaw<{ dump: string }[]>`
      SELECT (SELECT json_agg(l) FROM account_links l)::text || coalesce((SELECT json_agg(a) FROM audit_events a)::text, '')
        AS dump`;
    expect(dump).toContain(digestOf(secret));
    expect(dump).not.toContain(secret);
    expect(secret).toMatch(/^[A-Za-z0-9]{43}$/);
  });

  it("does not work with what is stored in its place", async () => {
    const { secret } = await linkFor(await makeUser({ state }), purpose);
    expect(await choose(purpose, digestOf(secret))).toEqual(UNUSABLE);
  });

  it("works until the last millisecond of its hour, and not in the next", async () => {
    const early = await linkFor(await makeUser({ state }), purpose);
    expect(await linkOwner(purpose, early.secret, later(HOUR_MS - 1))).not.toBeNull();
    expect(await linkOwner(purpose, early.secret, later(HOUR_MS))).toBeNull();
    expect(await choose(purpose, early.secret, NEW_PASSWORD, later(HOUR_MS))).toEqual(UNUSABLE);
    expect(await choose(purpose, early.secret, NEW_PASSWORD, later(HOUR_MS - 1))).toMatchObject({ ok: true });
  });

  it("is superseded by a newer one", async () => {
    const user = await makeUser({ state });
    const older = await linkFor(user, purpose);
    const newer = await linkFor(user, purpose, later(1));
    expect(await choose(purpose, older.secret, NEW_PASSWORD, later(2))).toEqual(UNUSABLE);
    expect(await choose(purpose, newer.secret, NEW_PASSWORD, later(2))).toMatchObject({ ok: true });
  });

  it("is superseded by one that is made in the same moment", async () => {
    const user = await makeUser({ state });
    const { secret, newer } = await db().$transaction(async (tx) => {
      const terms = { userId: user.id, purpose, lifetimeMs: HOUR_MS, now: NOW };
      const link = await issueLink(tx, terms);
      const made = linkFor(user, purpose);
      await expect.poll(countWaiting).toBe(1);
      return { ...link, newer: { made } };
    });
    expect(await choose(purpose, secret)).toEqual(UNUSABLE);
    expect(await choose(purpose, (await newer.made).secret)).toMatchObject({ ok: true });
  });

  it("serves no other purpose", async () => {
    const { secret } = await linkFor(await makeUser({ state }), purpose);
    for (const [other] of purposes.filter(([name]) => name !== purpose)) {
      expect(await choose(other, secret)).toEqual(UNUSABLE);
    }
    expect(await unlockByLink(anonymous(), secret, later(1))).toEqual(UNUSABLE);
    expect(await choose(purpose, secret)).toMatchObject({ ok: true });
  });

  it("works no more once the account is disabled", async () => {
    const user = await makeUser({ state });
    const { secret } = await linkFor(user, purpose);
    await db().user.update({ where: { id: user.id }, data: { state: "DISABLED" } });
    expect(await linkOwner(purpose, secret, later(1))).toBeNull();
    expect(await choose(purpose, secret)).toEqual(UNUSABLE);
    expect(await account(user)).toMatchObject({ state: "DISABLED", passwordHash: user.passwordHash });
    expect(await db().accountLink.count({ where: { usedAt: { not: null } } })).toBe(0);
  });

  it("survives a password that the policy refuses", async () => {
    const { secret } = await linkFor(await makeUser({ state }), purpose);
    expect(await choose(purpose, secret, "short")).toMatchObject({ ok: false, code: "violates-policy" });
    expect(await choose(purpose, secret)).toMatchObject({ ok: true });
  });

  it("shows its owner, and nobody else, whose it is", async () => {
    const { secret } = await linkFor(await makeUser({ state, email: "jane.doe@example.org" }), purpose);
    expect(await linkOwner(purpose, secret, NOW)).toEqual({ maskedEmail: "j•••@example.org" });
  });

  it("is built from BASE_URL", async () => {
    const { url, secret } = await linkFor(await makeUser({ state }), purpose);
    expect(new URL(url).origin).toBe(process.env.BASE_URL);
    expect(new URL(url).searchParams.get("token")).toBe(secret);
  });
});

describe("an activation", () => {
  it("is not undone by a second account with the same link", async () => {
    const user = await makeUser({ state: "INVITED" });
    const { secret } = await linkFor(user, "ACTIVATION");
    await choose("ACTIVATION", secret);
    expect(await account(user)).toMatchObject({ state: "ACTIVE" });
    const again = await linkFor(user, "ACTIVATION", later(2));
    expect(await choose("ACTIVATION", again.secret, "yet another password", later(3))).toEqual(UNUSABLE);
  });
});

it("the form for an expired password names the period, unless a longer one, or none, came after the login", async () => {
  const user = await makeUser({ passwordSetAt: later(-31 * 24 * HOUR_MS) });
  const { secret } = await linkFor(user, "PASSWORD_EXPIRED");
  const owner = async (passwordExpirationPeriodDays: number) => {
    const dates = { savedAt: NOW, expirySwitchedOnAt: later(-90 * 24 * HOUR_MS) };
    await makeSettings({ password: { passwordExpirationPeriodDays } }, dates);
    return grantOwner(secret, later(1));
  };
  expect(await owner(30)).toEqual({ userId: user.id, email: user.email, periodDays: 30 });
  expect(await owner(32)).toEqual({ userId: user.id, email: user.email, periodDays: null });
  expect(await owner(0)).toEqual({ userId: user.id, email: user.email, periodDays: null });
});

describe("a reset", () => {
  it("ends every session, lifts the lock, and is told to the owner", async () => {
    const user = await makeUser({ lockedAt: NOW, lockedUntil: null, failedAttempts: 5 });
    const { person } = await loggedIn(user, { now: NOW });
    const { secret } = await linkFor(user, "PASSWORD_RESET");
    await choose("PASSWORD_RESET", secret);
    expect(await account(user)).toMatchObject({ lockedAt: null, failedAttempts: 0 });
    expect(await db().session.findUnique({ where: { id: person.sessionId } })).toMatchObject({
      endReason: "password-changed",
    });
    expect(await readMails()).toMatchObject([
      { kind: "password-changed", recipient: user.email, values: { endedAll: true } },
    ]);
    expect(await db().auditEvent.findMany({ orderBy: { id: "asc" } })).toMatchObject([
      { kind: "password-changed", details: { how: "PASSWORD_RESET", sessions: 1 } },
      { kind: "account-unlocked", details: { by: "reset" } },
    ]);
  });
});

describe("an unlock link", () => {
  it("lifts the lock once and leaves the password alone", async () => {
    const user = await makeUser({ lockedAt: NOW, lockedUntil: null, failedAttempts: 5 });
    const { secret } = await linkFor(user, "UNLOCK");
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => unlockByLink(anonymous(), secret, later(1))),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await account(user)).toMatchObject({ lockedAt: null, failedAttempts: 0 });
    expect(await tryPassword(user, PASSWORD)).toBe(true);
    expect(await db().auditEvent.count({ where: { kind: "account-unlocked" } })).toBe(1);
  });

  it("is used up where the lock is lifted already, and tells the audit of no other", async () => {
    const { secret } = await linkFor(await makeUser(), "UNLOCK");
    expect(await unlockByLink(anonymous(), secret, later(1))).toEqual({ ok: true });
    expect(await db().auditEvent.count({ where: { kind: "account-unlocked" } })).toBe(0);
    expect(await unlockByLink(anonymous(), secret, later(2))).toEqual(UNUSABLE);
  });

  it("does nothing for a disabled account", async () => {
    const user = await makeUser({ state: "DISABLED", lockedAt: NOW, lockedUntil: null });
    const { secret } = await linkFor(user, "UNLOCK");
    expect(await unlockByLink(anonymous(), secret, later(1))).toEqual(UNUSABLE);
    expect(await account(user)).toMatchObject({ lockedAt: NOW });
  });
});

it.each([
  "",
  " ",
  "null",
  "a\0b",
  "'; DROP TABLE users; --",
  "\ud83d",
  "x".repeat(100_000),
  randomBytes(32).toString("base64url"),
])("%.20j is no link", async (secret) => {
  await linkFor(await makeUser(), "PASSWORD_RESET");
  expect(await choose("PASSWORD_RESET", secret)).toEqual(UNUSABLE);
  expect(await unlockByLink(anonymous(), secret, NOW)).toEqual(UNUSABLE);
});

it("an administrator is shown the links that can still be used, the newest first, and no others", async () => {
  const admin = await administrator();
  const user = await makeUser();
  const used = await linkFor(user, "PASSWORD_EXPIRED");
  await db().accountLink.update({ where: { id: used.id }, data: { usedAt: later(1) } });
  await linkFor(user, "PASSWORD_RESET");
  const newer = await linkFor(user, "PASSWORD_RESET", later(1));
  const unlock = await linkFor(user, "UNLOCK", later(2));
  await linkFor(await makeUser(), "UNLOCK");
  const shown = async (now: Date) =>
    (await describeUser(admin, user.id, now))?.openLinks.map(({ purpose, expiresAt }) => [
      purpose,
      expiresAt,
    ]);
  expect(await shown(later(3))).toEqual([
    ["UNLOCK", unlock.expiresAt],
    ["PASSWORD_RESET", newer.expiresAt],
  ]);
  expect(await shown(later(HOUR_MS + 1))).toEqual([["UNLOCK", unlock.expiresAt]]);
});

describe("many submits of one link at once", () => {
  let workers: Worker[] = [];
  beforeAll(async () => {
    workers = await startWorkers(2);
  });
  afterAll(() => stopWorkers(workers));

  it("have one winner, whose password it then is", async () => {
    const user = await makeUser();
    const { secret } = await linkFor(user, "PASSWORD_RESET");
    const passwords = Array.from({ length: 20 }, (_, i) => `candidate number ${i} of twenty`);
    const answers = await Promise.all(
      passwords.map((password, i) =>
        workers[i % 2]?.call(
          "choosePassword",
          anonymous(),
          { purpose: "PASSWORD_RESET", secret, password },
          later(1),
        ),
      ),
    );
    const winners = passwords.filter((_, i) => answers[i]?.ok);
    expect(winners).toHaveLength(1);
    for (const [i, password] of passwords.entries()) {
      if (!answers[i]?.ok) expect(answers[i]).toEqual(UNUSABLE);
      expect(await tryPassword(user, password)).toBe(password === winners[0]);
    }
    expect(await db().outboxMessage.count({ where: { kind: "password-changed" } })).toBe(1);
    expect(await db().auditEvent.count({ where: { kind: "password-changed" } })).toBe(1);
  });
});

it("a submit waits for a change to the account, and does not block it", async () => {
  const user = await makeUser();
  const { secret } = await linkFor(user, "PASSWORD_RESET");
  let submit: ReturnType<typeof choose> | undefined;
  await db().$transaction(async (tx) => {
    await tx.user.update({ where: { id: user.id }, data: { state: "DISABLED" } });
    submit = choose("PASSWORD_RESET", secret);
    await expect.poll(countWaiting).toBe(1);
    await tx.accountLink.updateMany({ data: { supersededAt: NOW } });
  });
  expect(await submit).toEqual(UNUSABLE);
});

/** The changes that each end a link, made between the check of the link and its use. */
const ends: [string, (tx: Db, user: User) => Promise<unknown>][] = [
  ["superseded", (tx) => tx.accountLink.updateMany({ data: { supersededAt: NOW } })],
  ["used", (tx) => tx.accountLink.updateMany({ data: { usedAt: NOW } })],
  [
    "its account’s no more, which is disabled",
    (tx, { id }) => tx.user.update({ where: { id }, data: { state: "DISABLED" } }),
  ],
  [
    "overtaken by another password",
    (tx, { id }) => tx.user.update({ where: { id }, data: { passwordHash: "another" } }),
  ],
];

it.each(ends)("a link does nothing that is %s while the new password is hashed", async (_how, end) => {
  const user = await makeUser();
  const { secret } = await linkFor(user, "PASSWORD_RESET");
  let submit: ReturnType<typeof choose> | undefined;
  const left = await db().$transaction(async (tx) => {
    await lockUserRow(tx, user.id);
    submit = choose("PASSWORD_RESET", secret);
    await expect.poll(countWaiting).toBe(1);
    await end(tx, user);
    return tx.user.findUniqueOrThrow({ where: { id: user.id } });
  });
  expect(await submit).toEqual(UNUSABLE);
  expect(await account(user)).toEqual(left);
  expect((await db().auditEvent.findMany()).map(({ kind }) => kind)).toEqual(["link-refused"]);
});

it("a link gives its password also where a login makes the hash of the present one again meanwhile", async () => {
  const passwordHash = await hash(PASSWORD, { memoryCost: 8, timeCost: 1 });
  const user = await makeUser();
  await db().user.update({ where: { id: user.id }, data: { passwordHash } });
  const { secret } = await linkFor(user, "PASSWORD_RESET");
  let submit: ReturnType<typeof choose> | undefined;
  await db().$transaction(async (tx) => {
    await lockUserRow(tx, user.id);
    submit = choose("PASSWORD_RESET", secret);
    await expect.poll(countWaiting).toBe(1);
    await tx.user.update({ where: { id: user.id }, data: { passwordHash: user.passwordHash } });
  });
  expect(await submit).toMatchObject({ ok: true });
});

it("a link gives its password also where the hash of the present one is damaged, with which nobody logs in", async () => {
  await makeSettings({ password: { passwordReuseFrequencyDays: 30 } });
  const user = await makeUser();
  await db().user.update({ where: { id: user.id }, data: { passwordHash: "damaged" } });
  expect(await tryPassword(user, PASSWORD)).toBe(false);
  for (const password of [NEW_PASSWORD, "a third gate, a third house"]) {
    const { secret } = await linkFor(user, "PASSWORD_RESET");
    expect(await choose("PASSWORD_RESET", secret, password)).toMatchObject({ ok: true });
    expect(await tryPassword(user, password)).toBe(true);
  }
});

it("an unlock link lifts nothing that is superseded while it waits for the account", async () => {
  const user = await makeUser({ lockedAt: NOW, lockedUntil: null });
  const { secret } = await linkFor(user, "UNLOCK");
  let submit: ReturnType<typeof unlockByLink> | undefined;
  await db().$transaction(async (tx) => {
    await lockUserRow(tx, user.id);
    submit = unlockByLink(anonymous(), secret, later(1));
    await expect.poll(countWaiting).toBe(1);
    await tx.accountLink.updateMany({ data: { supersededAt: NOW } });
  });
  expect(await submit).toEqual(UNUSABLE);
  expect(await account(user)).toMatchObject({ lockedAt: NOW });
});

it("a lock that comes upon an account while its new password is hashed is lifted, and the audit tells", async () => {
  const user = await makeUser();
  const { secret } = await linkFor(user, "PASSWORD_RESET");
  let submit: ReturnType<typeof choose> | undefined;
  await db().$transaction(async (tx) => {
    await tx.user.update({ where: { id: user.id }, data: { lockedAt: NOW } });
    submit = choose("PASSWORD_RESET", secret);
    await expect.poll(countWaiting).toBe(1);
  });
  expect(await submit).toMatchObject({ ok: true });
  expect(await db().user.findUnique({ where: { id: user.id } })).toMatchObject({ lockedAt: null });
  expect(await db().auditEvent.findMany({ where: { kind: "account-unlocked" } })).toMatchObject([
    { subjectEmail: user.email, details: { by: "reset" } },
  ]);
});
