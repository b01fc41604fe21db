import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { OWN_CHANGES_PER_MINUTE } from "@/lib/accounts/own-changes";
import { updateOwnProfile } from "@/lib/accounts/service/own-account";
import { changePassword } from "@/lib/auth/service/change-password";
import { logIn } from "@/lib/auth/service/log-in";
import { changePasswordForTokens } from "@/lib/auth/service/token-login";
import { host, type Person } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { rotate } from "@/lib/jwt-security/rotation";
import { replaceJwtSettings } from "@/lib/jwt-security/service/replace-settings";
import { updateJwtSecurity } from "@/lib/jwt-security/service/save-settings";
import { forgetMobileSecrets } from "@/lib/mobile/retention";
import {
  EXCHANGES_PER_NETWORK_AND_MINUTE,
  exchangeMobileSecret,
  makeMobileCode,
  readMobileCode,
} from "@/lib/mobile/service";
import { endAllSessions } from "@/lib/sessions/live/service";
import { authenticateBearer } from "@/lib/sessions/service/bearer";
import { logOut } from "@/lib/sessions/service/log-out";
import { endOtherSessions } from "@/lib/sessions/service/own-sessions";
import { jwtSettingsDefaults } from "@/lib/settings/jwt/schema";
import { settingsInForce } from "@/lib/settings/service";
import { currentKey, generateSigningKey } from "@/lib/tokens/key-ring";
import { deleteUser, disableUser, enableUser } from "@/lib/users/service/administer-user";
import { makeSettings, makeUser, PASSWORD } from "./support/accounts";
import { administrator, anonymous, loggedIn } from "./support/actors";
import { countWaiting, emptyDatabase, resetRateLimits } from "./support/database";
import { withStatements } from "./support/statements";
import { startWorkers, stopWorkers, type Worker } from "./support/workers";

const NOW = new Date("2026-03-01T12:00:00Z");
const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
const REFUSED = { ok: false, code: "refused" };

/** Somebody who set their password a day ago, and logged in an hour ago. */
async function signedIn(wanted: Parameters<typeof makeUser>[0] = {}) {
  const user = await makeUser({ passwordSetAt: at(-86_400), ...wanted });
  return { user, ...(await loggedIn(user, { now: at(-3_600) })) };
}

async function secretOf(person: Person, now = NOW) {
  const made = await makeMobileCode(person, now);
  if (!made.ok) throw new Error(made.code);
  return made;
}

const exchange = (secret: string, now = at(1)) => exchangeMobileSecret(anonymous(), { secret }, now);
const mobileSessions = () => db().session.findMany({ where: { kind: "MOBILE" } });
const reasons = async () => {
  const rows = await db().auditEvent.findMany({ where: { kind: "login-failed" }, orderBy: { id: "asc" } });
  return rows.map(({ subjectEmail, details }) => ({ subjectEmail, ...(details as { reason: string }) }));
};

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings({}, { savedAt: at(-86_400) });
  await db().auditEvent.deleteMany();
});

describe("a secret", () => {
  it("has the length that is set, and is stored as a digest alone", async () => {
    const { person } = await signedIn();
    expect((await secretOf(person)).secret).toMatch(/^[\w-]{64}$/);
    for (const mobileSecretKeyLength of [32, 33, 256]) {
      await makeSettings({ general: { mobileSecretKeyLength } });
      const { secret, createdAt, expiresAt } = await secretOf(person);
      expect(secret).toMatch(new RegExp(`^[\\w-]{${mobileSecretKeyLength}}$`));
      expect([createdAt, expiresAt]).toEqual([NOW, at(120)]);
      const rows = await db().mobileSecret.findMany();
      expect(rows).toMatchObject([{ userId: person.userId, sessionId: person.sessionId, usedAt: null }]);
      const events = await db().auditEvent.findMany({ omit: { id: true } });
      expect(JSON.stringify([rows, events])).not.toContain(secret);
    }
  });

  it("travels in a link to this server, as ThingsBoard's apps read it", async () => {
    const { person } = await signedIn();
    const { secret, link } = await secretOf(person);
    const url = new URL(link);
    expect([url.origin, url.pathname]).toEqual(["http://localhost:3000", "/api/noauth/qr"]);
    expect(Object.fromEntries(url.searchParams)).toEqual({ secret, ttl: "2", host: "http://localhost:3000" });
  });

  it("is made by whoever is logged in, and by nobody else", async () => {
    for (const authority of ["CUSTOMER_USER", "TENANT_ADMIN", "SYS_ADMIN"] as const) {
      expect(await makeMobileCode((await signedIn({ authority })).person, NOW)).toMatchObject({ ok: true });
    }
    for (const actor of [anonymous(), host]) {
      await expect(makeMobileCode(actor)).rejects.toMatchObject({ code: "unauthenticated" });
      await expect(readMobileCode(actor)).rejects.toMatchObject({ code: "unauthenticated" });
    }
  });

  it("is not made while an expired password waits to be replaced", async () => {
    const { person } = await signedIn();
    await makeSettings(
      { password: { passwordExpirationPeriodDays: 1 } },
      { expirySwitchedOnAt: at(-86_400 * 2) },
    );
    expect(await makeMobileCode(person, at(1))).toEqual({ ok: false, code: "password-expired" });
    expect(await db().mobileSecret.count()).toBe(0);
    expect(await makeMobileCode(person, NOW)).toMatchObject({ ok: true });
  });

  it("is made no more often than anybody needs one, by each person", async () => {
    const [{ person }, other] = [await signedIn(), await signedIn()];
    for (let times = 0; times < OWN_CHANGES_PER_MINUTE; times += 1) await secretOf(person);
    const throttled = { ok: false, code: "throttled", retryAfterSeconds: expect.any(Number) };
    expect(await makeMobileCode(person, NOW)).toEqual(throttled);
    expect(await db().auditEvent.count({ where: { kind: "link-issued" } })).toBe(OWN_CHANGES_PER_MINUTE);
    await secretOf(other.person);
    const name = { firstName: "Eve", lastName: "" };
    expect(await updateOwnProfile(person, { ...name, seen: null }, NOW)).toEqual(throttled);
    expect(await db().auditEvent.count({ where: { kind: "profile-changed" } })).toBe(0);
  });

  it("says when it was made, ends and was used, and nothing else", async () => {
    const { person } = await signedIn();
    expect(await readMobileCode(person)).toBeNull();
    const { secret } = await secretOf(person);
    expect(await readMobileCode(person)).toEqual({ createdAt: NOW, expiresAt: at(120), usedAt: null });
    await exchange(secret, at(5));
    expect(await readMobileCode(person)).toMatchObject({ usedAt: at(5) });
  });

  it("is of the session that made it, whichever made the one before", async () => {
    const { user, ...first } = await signedIn();
    const second = await loggedIn(user, { now: at(-60) });
    await secretOf(first.person);
    const { secret } = await secretOf(second.person);
    await logOut(first.person, NOW);
    expect(await exchange(secret)).toMatchObject({ ok: true });
    const third = await loggedIn(user, { now: at(-60) });
    const { secret: another } = await secretOf(third.person);
    await logOut(third.person, NOW);
    expect(await exchange(another)).toEqual(REFUSED);
  });

  it("is unused, whatever became of the one before it", async () => {
    const { person } = await signedIn();
    for (const seconds of [0, 10]) {
      const { secret } = await secretOf(person, at(seconds));
      expect(await readMobileCode(person)).toMatchObject({ createdAt: at(seconds), usedAt: null });
      expect(await exchange(secret, at(seconds + 1))).toMatchObject({ ok: true });
    }
    expect(await mobileSessions()).toHaveLength(2);
  });
});

describe("an exchange", () => {
  it("opens a session of the app's own, which lives like any other", async () => {
    const { person, user } = await signedIn({ authority: "TENANT_ADMIN" });
    const { secret } = await secretOf(person);
    const pair = await exchange(secret, at(119));
    if (!pair.ok) throw new Error(pair.code);
    const bearer = await authenticateBearer(pair.token, anonymous(), at(120));
    expect(bearer).toMatchObject({ ok: true, person: { email: user.email, authority: "TENANT_ADMIN" } });
    const [session] = await mobileSessions();
    expect(session).toMatchObject({ userId: user.id, createdAt: at(119), endedAt: null });
    expect(session?.id).not.toBe(person.sessionId);
    expect(await db().auditEvent.findMany({ where: { kind: "login-succeeded" } })).toMatchObject([
      { subjectId: user.id, details: { how: "MOBILE", sessionId: session?.id } },
    ]);
    expect(await db().user.findUnique({ where: { id: user.id } })).toMatchObject({ lastLoginAt: at(119) });
    await logOut(person, at(130));
    expect(await authenticateBearer(pair.token, anonymous(), at(131))).toMatchObject({ ok: true });
  });

  it("proves no password: what asks for it again asks in the app too", async () => {
    const { person } = await signedIn({ authority: "SYS_ADMIN" });
    const pair = await exchange((await secretOf(person)).secret);
    if (!pair.ok) throw new Error(pair.code);
    const bearer = await authenticateBearer(pair.token, anonymous(), at(2));
    if (!bearer.ok) throw new Error(bearer.code);
    expect(bearer.person.confirmedAt).toEqual(at(-3_600));
    const values = { ...jwtSettingsDefaults, tokenIssuer: "another" };
    const edit = { values, key: null, keepOldKey: true, password: null };
    expect(await replaceJwtSettings(bearer.person, edit, at(2))).toMatchObject({ code: "proof-required" });
  });

  it("wins once, whoever else tries at the same time", async () => {
    const { person, user } = await signedIn();
    const { secret } = await secretOf(person);
    const results = await Promise.all(Array.from({ length: 50 }, () => exchange(secret)));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(results.filter(({ ok }) => !ok)).toEqual(Array(49).fill(REFUSED));
    expect(await mobileSessions()).toHaveLength(1);
    expect(await reasons()).toEqual(
      Array(49).fill({ subjectEmail: user.email, how: "MOBILE", reason: "secret-used" }),
    );
  });

  it("is refused from its end on", async () => {
    const { person } = await signedIn();
    const { secret } = await secretOf(person);
    expect(await exchange(secret, at(120))).toEqual(REFUSED);
    expect(await reasons()).toMatchObject([{ reason: "secret-expired" }]);
    expect(await exchange(secret, at(119.999))).toMatchObject({ ok: true });
  });

  it("takes the newest secret of a person only", async () => {
    const { person, user } = await signedIn();
    const other = await loggedIn(user, { now: NOW });
    const older = await secretOf(person);
    const newer = await secretOf(other.person, at(1));
    const elses = await secretOf((await signedIn()).person, at(1));
    expect(await exchange(older.secret, at(2))).toEqual(REFUSED);
    expect(await exchange(newer.secret, at(2))).toMatchObject({ ok: true });
    expect(await exchange(elses.secret, at(2))).toMatchObject({ ok: true });
  });

  it("leaves one secret of those that a person makes at the same time", async () => {
    const { person } = await signedIn();
    const made = await Promise.all(Array.from({ length: 20 }, () => secretOf(person)));
    const results = await Promise.all(made.map(({ secret }) => exchange(secret)));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
  });

  it.each([["x"], [""], ["a".repeat(64)], ["' OR 1=1 --"], ["\u0000".repeat(32)]])(
    "knows no secret %j",
    async (secret) => {
      await secretOf((await signedIn()).person);
      expect(await exchange(secret)).toEqual(REFUSED);
      expect(await reasons()).toEqual([{ subjectEmail: "", how: "MOBILE", reason: "secret-unknown" }]);
    },
  );

  it("takes no stored digest for a secret", async () => {
    await secretOf((await signedIn()).person);
    const [row] = await db().mobileSecret.findMany();
    expect(await exchange(row?.digest ?? "")).toEqual(REFUSED);
  });

  it("counts what a network address tries, and tells the audit once that it was too much", async () => {
    for (let n = 0; n < EXCHANGES_PER_NETWORK_AND_MINUTE; n += 1) {
      expect(await exchange("x")).toEqual(REFUSED);
    }
    const { person, user } = await signedIn();
    const { secret } = await secretOf(person);
    for (let n = 0; n < 3; n += 1) {
      const result = await exchange(secret);
      expect(result).toMatchObject({ ok: false, code: "throttled" });
      expect(result).toHaveProperty("retryAfterSeconds", expect.any(Number));
    }
    expect((await reasons()).filter(({ reason }) => reason === "throttled")).toHaveLength(1);
    const elsewhere = anonymous("198.51.100.9");
    expect(await exchangeMobileSecret(elsewhere, { secret }, at(1))).toMatchObject({ ok: true });
    // Its logins are counted apart.
    const login = { email: user.email, password: PASSWORD, kind: "REST" } as const;
    expect(await logIn(anonymous(), login, at(1))).toMatchObject({ ok: true });
  });
});

describe("no session vouches for a secret any more", () => {
  it.each<[string, string, (signed: Awaited<ReturnType<typeof signedIn>>) => Promise<unknown>]>([
    [
      "once the key of its session is refused, by a clock that is ahead, and before the session is marked as ended",
      "session-ended",
      () => db().signingKey.updateMany({ data: { verifyUntil: at(5), retiredBy: "sign-out" } }),
    ],
    ["once its session is logged out", "session-ended", ({ person }) => logOut(person, at(1))],
    [
      "once its session is ended from elsewhere",
      "session-ended",
      async ({ user }) => endOtherSessions((await loggedIn(user, { now: NOW })).person, at(1)),
    ],
    [
      "once its session has run out",
      "session-ended",
      ({ sessionId }) => db().session.update({ where: { id: sessionId }, data: { renewableUntil: at(1) } }),
    ],
    [
      "once its session's key is no longer believed",
      "session-ended",
      () => db().signingKey.updateMany({ data: { verifyUntil: at(1) } }),
    ],
    [
      "once the account is disabled",
      "disabled",
      async ({ user }) => disableUser(await administrator(), { userId: user.id }, at(1)),
    ],
    [
      "once the account was disabled, and enabled again",
      "session-ended",
      async ({ user }) => {
        const actor = await administrator();
        await disableUser(actor, { userId: user.id }, at(1));
        await enableUser(actor, { userId: user.id }, at(1));
      },
    ],
    [
      "once there is another password, chosen in the same session",
      "password-changed",
      ({ person }) =>
        changePassword(person, { currentPassword: PASSWORD, newPassword: "another battery staple" }, at(1)),
    ],
    [
      "once the password has expired",
      "password-expired",
      () =>
        makeSettings({ password: { passwordExpirationPeriodDays: 1 } }, { expirySwitchedOnAt: at(-86_400) }),
    ],
  ])("%s", async (_what, reason, happen) => {
    const signed = await signedIn();
    const { secret } = await secretOf(signed.person);
    await happen(signed);
    expect(await exchange(secret, at(2))).toEqual(REFUSED);
    expect(await mobileSessions()).toEqual([]);
    expect(await reasons()).toMatchObject([{ subjectEmail: signed.user.email, reason }]);
  });

  it.each<[string, (signed: Awaited<ReturnType<typeof signedIn>>) => Promise<unknown>]>([
    ["its session is logged out", ({ person }) => logOut(person, at(1))],
    [
      "its person ends all sessions but another one",
      async ({ user }) => endOtherSessions((await loggedIn(user, { now: NOW })).person, at(1)),
    ],
    [
      "an administrator ends everyone's",
      async () => endAllSessions(await administrator(), { word: "everyone", includesOwn: true }, at(1)),
    ],
    [
      "everyone is signed out by another key, which has come to sign",
      async () => {
        const { version, values } = (await settingsInForce()).jwt;
        const { person } = await loggedIn(await makeUser({ authority: "SYS_ADMIN" }), { now: NOW });
        const edit = {
          version,
          values,
          key: generateSigningKey(),
          mode: "sign-out",
          password: null,
        } as const;
        expect(await updateJwtSecurity(person, edit, at(1))).toMatchObject({ ok: true });
      },
    ],
  ])("when %s, after the secret was looked at and before it is used up", async (_what, happen) => {
    const signed = await signedIn();
    const { secret } = await secretOf(signed.person);
    let exchanged: ReturnType<typeof exchange> | undefined;
    await db().$transaction(async (tx) => {
      await tx.$executeRaw`LOCK TABLE mobile_secrets IN SHARE MODE`;
      exchanged = exchange(secret);
      await expect.poll(countWaiting).toBe(1);
      await happen(signed);
    });
    expect(await exchanged).toEqual(REFUSED);
    expect(await mobileSessions()).toEqual([]);
    expect(await reasons()).toMatchObject([{ subjectEmail: signed.user.email, reason: "session-ended" }]);
  });

  it("when everyone is signed out by another key, which comes to sign before its session begins", async () => {
    const { person } = await signedIn();
    const { secret } = await secretOf(person);
    let exchanged: ReturnType<typeof exchange> | undefined;
    await db().$transaction(async (tx) => {
      // Sessions can be looked at and locked, but none can begin.
      await tx.$executeRaw`LOCK TABLE sessions IN SHARE MODE`;
      exchanged = exchange(secret);
      await expect.poll(countWaiting).toBe(1);
      const change = { from: await currentKey(tx), to: generateSigningKey(), issuer: "gatehouse" };
      await rotate(tx, { ...change, verifyUntil: null, now: at(1) });
    });
    expect(await exchanged).toEqual(REFUSED);
    expect(await mobileSessions()).toEqual([]);
  });

  it("once a program's session goes on anew after a password was chosen", async () => {
    const user = await makeUser({ passwordSetAt: at(-86_400) });
    const { person } = await loggedIn(user, { kind: "REST", now: NOW });
    const { secret } = await secretOf(person);
    const passwords = { currentPassword: PASSWORD, newPassword: "another battery staple" };
    expect(await changePasswordForTokens(person, passwords, at(1))).toMatchObject({ ok: true });
    expect(await exchange(secret, at(2))).toEqual(REFUSED);
  });

  it("once the account is deleted", async () => {
    const { person, user } = await signedIn();
    const { secret } = await secretOf(person);
    await deleteUser(await administrator(), { userId: user.id, email: user.email }, at(1));
    expect(await db().mobileSecret.count()).toBe(0);
    expect(await exchange(secret, at(2))).toEqual(REFUSED);
    await expect(makeMobileCode(person, at(2))).rejects.toMatchObject({ code: "unauthenticated" });
  });

  it("once the account is disabled at the same moment", async () => {
    const { person, user } = await signedIn();
    const { secret } = await secretOf(person);
    const { exchanged } = await db().$transaction(async (tx) => {
      await tx.user.update({ where: { id: user.id }, data: { state: "DISABLED" } });
      const exchanged = exchange(secret);
      await expect.poll(countWaiting).toBe(1);
      return { exchanged };
    });
    expect(await exchanged).toEqual(REFUSED);
    expect(await mobileSessions()).toEqual([]);
    expect(await db().auditEvent.findMany({ where: { kind: "login-failed" } })).toMatchObject([
      { subjectId: user.id, details: { reason: "disabled" } },
    ]);
  });

  it("is not made for an account that is deleted at the same moment", async () => {
    const { person, user } = await signedIn();
    const { made } = await db().$transaction(async (tx) => {
      await tx.user.delete({ where: { id: user.id } });
      const made = makeMobileCode(person, at(1)).catch((error: unknown) => error);
      await expect.poll(countWaiting).toBe(1);
      return { made };
    });
    expect(await made).toMatchObject({ code: "unauthenticated" });
  });

  it("but a lock, which is about guessed passwords, takes nothing from it", async () => {
    const { person, user } = await signedIn();
    await db().user.update({ where: { id: user.id }, data: { lockedAt: NOW, lockedUntil: null } });
    expect(await exchange((await secretOf(person)).secret)).toMatchObject({ ok: true });
  });

  it("or an app's session ends with the others: none survives the disabling of the account", async () => {
    for (let round = 0; round < 10; round += 1) {
      await resetRateLimits();
      const { person, user } = await signedIn();
      const { secret } = await secretOf(person);
      const actor = await administrator();
      await Promise.all([exchange(secret), disableUser(actor, { userId: user.id }, at(1))]);
      await enableUser(actor, { userId: user.id }, at(2));
      expect(await db().session.count({ where: { userId: user.id, endedAt: null } })).toBe(0);
    }
  });
});

it("secrets are forgotten a day after their end, and not before", async () => {
  const old = await signedIn();
  const recent = await signedIn();
  await secretOf(old.person);
  await secretOf(recent.person, at(3_600));
  expect(await forgetMobileSecrets(at(86_400 + 120))).toBe(0);
  expect(await forgetMobileSecrets(at(86_400 + 121))).toBe(1);
  expect(await db().mobileSecret.findMany()).toMatchObject([{ userId: recent.user.id }]);
});

it("secrets that somebody has in hand are forgotten the next time", async () => {
  const people = [await signedIn(), await signedIn()];
  for (const { person } of people) await secretOf(person);
  const late = at(86_400 + 121);
  await db().$transaction(async (tx) => {
    await tx.$queryRaw`SELECT FROM mobile_secrets WHERE user_id = ${people[0]?.user.id}::uuid FOR UPDATE`;
    expect(await forgetMobileSecrets(late)).toBe(1);
  });
  expect(await forgetMobileSecrets(late)).toBe(1);
});

it("secrets are forgotten in batches, because one statement has too little time for many", async () => {
  for (let n = 0; n < 3; n += 1) await secretOf((await signedIn()).person);
  const { answer, statements } = await withStatements(() =>
    forgetMobileSecrets(at(86_400 + 121), undefined, 2),
  );
  expect(answer).toBe(3);
  expect(statements.filter((sql) => sql.includes("DELETE"))).toHaveLength(2);
  expect(await db().mobileSecret.count()).toBe(0);
});

describe("on two servers with one database", () => {
  let workers: Worker[];
  beforeAll(async () => {
    workers = await startWorkers(2);
  });
  afterAll(() => stopWorkers(workers));

  it("one exchange of one secret wins", async () => {
    const { person } = await loggedIn(await makeUser());
    // Each process lets one at a time through, so that each round is one chance for two to win.
    for (let round = 1; round <= 5; round += 1) {
      await resetRateLimits();
      const made = await workers[0]?.call("makeMobileCode", person);
      const secret = made?.ok ? made.secret : "";
      const tries = Array.from({ length: 50 }, (_, n) =>
        workers[n % 2]?.call("exchangeMobileSecret", anonymous(), { secret }),
      );
      const results = await Promise.all(tries);
      expect(results.filter((result) => result?.ok)).toHaveLength(1);
      expect(await mobileSessions()).toHaveLength(round);
    }
  });
});
