import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { ownAccount, updateOwnProfile } from "@/lib/accounts/service/own-account";
import { host } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { OWN_SESSIONS_PAGE_SIZE } from "@/lib/sessions/schema";
import { authenticate } from "@/lib/sessions/service/authenticate";
import { endOtherSessions, endOwnSession, listOwnSessions } from "@/lib/sessions/service/own-sessions";
import type { SessionKind } from "@/prisma/generated/enums";
import { makeSettings, makeUser } from "./support/accounts";
import { anonymous, loggedIn, signInApp } from "./support/actors";
import { countWaiting, emptyDatabase } from "./support/database";

const NOW = new Date("2026-03-01T12:00:00Z");
const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
/** The name of an account from `makeUser`. */
const NAME = { firstName: "Ada", lastName: "Lovelace" };
const isLive = async (token: string, kind: SessionKind = "BROWSER") =>
  (await authenticate(token, kind, anonymous(), at(60))) !== null;
const endings = async () => {
  const rows = await db().auditEvent.findMany({ where: { kind: "sessions-ended" }, orderBy: { id: "asc" } });
  return rows.map(({ actorEmail, details }) => ({ actorEmail, details }));
};

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings({}, { savedAt: NOW });
  await db().auditEvent.deleteMany();
});

describe("a person's sessions", () => {
  it("are listed with the present one first, then the newest, and only the live ones", async () => {
    const user = await makeUser();
    const old = await loggedIn(user, { now: at(0), address: "198.51.100.1" });
    const api = await loggedIn(user, { now: at(10), kind: "REST", address: "198.51.100.2" });
    const mine = await loggedIn(user, { now: at(5), address: "198.51.100.3" });
    const ended = await loggedIn(user, { now: at(11) });
    await endOwnSession(mine.person, { sessionId: ended.sessionId }, at(12));
    await loggedIn(await makeUser(), { now: at(20) });
    const { sessions: listed, ...rest } = await listOwnSessions(mine.person, {}, at(30));
    expect(listed.map(({ id, isCurrent, kind, address }) => ({ id, isCurrent, kind, address }))).toEqual([
      { id: mine.sessionId, isCurrent: true, kind: "BROWSER", address: "198.51.100.3" },
      { id: api.sessionId, isCurrent: false, kind: "REST", address: "198.51.100.2" },
      { id: old.sessionId, isCurrent: false, kind: "BROWSER", address: "198.51.100.1" },
    ]);
    expect(listed[0]).toMatchObject({
      createdAt: at(5),
      lastSeenAt: at(5),
      userAgent: "Mozilla/5.0 (tests)",
    });
    expect(rest).toEqual({ others: 2, nextCursor: null });
    expect(await listOwnSessions(mine.person, {}, at(604_800 + 6))).toMatchObject({
      sessions: [{ id: api.sessionId }],
      others: 1,
    });
  });

  it("are all to be found, however many there are, with the present one on every page", async () => {
    const user = await makeUser();
    const mine = await loggedIn(user, { now: at(0) });
    await db().$executeRaw`
      INSERT INTO sessions (id, user_id, kind, kid, created_at, renewed_at, renewable_until, last_seen_at, confirmed_at, address, user_agent)
      SELECT gen_random_uuid(), user_id, 'REST', kid, t, t, renewable_until, t, t, address, user_agent
      FROM sessions CROSS JOIN generate_series(1, ${2 * OWN_SESSIONS_PAGE_SIZE + 1}::int) AS i
      CROSS JOIN LATERAL (SELECT ${at(1)}::timestamptz + interval '1 second' * (i / 7) AS t) AS began`;
    const found: string[] = [];
    let after: string | null | undefined;
    for (const size of [OWN_SESSIONS_PAGE_SIZE, OWN_SESSIONS_PAGE_SIZE, 1]) {
      const page = await listOwnSessions(mine.person, { after }, at(60));
      const [current, ...others] = page.sessions;
      expect(current).toMatchObject({ id: mine.sessionId, isCurrent: true });
      expect(others).toHaveLength(size);
      expect(page.others).toBe(2 * OWN_SESSIONS_PAGE_SIZE + 1);
      found.push(...others.map(({ id }) => id));
      after = page.nextCursor;
    }
    expect(after).toBeNull();
    const all = await db().session.findMany({
      where: { kind: "REST" },
      orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    });
    expect(found).toEqual(all.map(({ id }) => id));
    expect(await listOwnSessions(mine.person, { after: "nonsense" }, at(60))).toMatchObject({
      others: found.length,
    });
  });

  it("carry nothing that opens one", async () => {
    const { person, token } = await loggedIn(await makeUser(), { now: NOW });
    const listed = JSON.stringify(await listOwnSessions(person, {}, NOW));
    for (const part of token.split(".")) expect(listed).not.toContain(part);
  });

  it("end one at a time, at once, and audited", async () => {
    const user = await makeUser();
    const mine = await loggedIn(user, { now: NOW });
    const other = await loggedIn(user, { now: NOW });
    expect(await endOwnSession(mine.person, { sessionId: other.sessionId }, at(1))).toEqual({ ok: true });
    expect(await isLive(other.token)).toBe(false);
    expect(await isLive(mine.token)).toBe(true);
    const { sessionId } = other;
    expect(await endings()).toEqual([{ actorEmail: user.email, details: { sessions: 1, sessionId } }]);
    expect(await db().session.findUnique({ where: { id: sessionId } })).toMatchObject({
      endReason: "ended-by-owner",
    });
  });

  it("end once, however often it is asked", async () => {
    const user = await makeUser();
    const { person } = await loggedIn(user, { now: NOW });
    const { sessionId } = await loggedIn(user, { now: NOW });
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => endOwnSession(person, { sessionId }, at(1))),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await endings()).toHaveLength(1);
  });

  it("do not end again once their key is refused", async () => {
    const user = await makeUser();
    const { person } = await loggedIn(user, { now: NOW });
    const { sessionId } = await loggedIn(user, { now: NOW });
    const refused = { kid: randomUUID(), verifyUntil: NOW, retiredBy: "sign-out" };
    await db().signingKey.create({ data: { ...(await db().signingKey.findFirstOrThrow()), ...refused } });
    await db().session.update({ where: { id: sessionId }, data: { kid: refused.kid } });
    expect(await endOwnSession(person, { sessionId }, at(1))).toEqual({ ok: false, code: "not-found" });
    expect(await endOtherSessions(person, at(1))).toEqual({ ended: 0 });
    expect(await endings()).toEqual([]);
  });

  it("end all but the present one", async () => {
    const user = await makeUser();
    const mine = await loggedIn(user, { now: NOW });
    const others = [await loggedIn(user, { now: NOW }), await loggedIn(user, { now: NOW, kind: "REST" })];
    expect(await endOtherSessions(mine.person, at(1))).toEqual({ ended: 2 });
    expect(await Promise.all(others.map(({ token }, i) => isLive(token, i ? "REST" : "BROWSER")))).toEqual([
      false,
      false,
    ]);
    expect(await isLive(mine.token)).toBe(true);
    expect(await endOtherSessions(mine.person, at(2))).toEqual({ ended: 0 });
    expect(await endings()).toEqual([{ actorEmail: user.email, details: { sessions: 2 } }]);
  });
});

it("an app that one of the others has signed in meanwhile ends with them", async () => {
  const user = await makeUser();
  const [mine, other] = [await loggedIn(user, { now: NOW }), await loggedIn(user, { now: NOW })];
  let ending: ReturnType<typeof endOtherSessions> | undefined;
  const app = await db().$transaction(async (tx) => {
    const opened = await signInApp(tx, other, at(1));
    ending = endOtherSessions(mine.person, at(1));
    await expect.poll(countWaiting).toBe(1);
    return opened;
  });
  expect(await ending).toEqual({ ended: 2 });
  expect(await isLive(app.token, "MOBILE")).toBe(false);
  expect(await isLive(mine.token)).toBe(true);
  expect(await endings()).toEqual([{ actorEmail: user.email, details: { sessions: 2 } }]);
});

describe("nobody ends", () => {
  it.each(["CUSTOMER_USER", "SYS_ADMIN"] as const)("somebody else's session as a %s", async (authority) => {
    const { person } = await loggedIn(await makeUser({ authority }), { now: NOW });
    const victim = await loggedIn(await makeUser(), { now: NOW });
    for (const sessionId of [victim.sessionId, randomUUID()]) {
      expect(await endOwnSession(person, { sessionId }, at(1))).toEqual({ ok: false, code: "not-found" });
    }
    await endOtherSessions(person, at(1));
    expect(await isLive(victim.token)).toBe(true);
    expect(await endings()).toEqual([]);
  });

  it("anything without being logged in, nor sees it", async () => {
    const { sessionId } = await loggedIn(await makeUser(), { now: NOW });
    for (const actor of [anonymous(), host]) {
      for (const attempt of [
        () => listOwnSessions(actor),
        () => endOwnSession(actor, { sessionId }),
        () => endOtherSessions(actor),
        () => ownAccount(actor),
        () => updateOwnProfile(actor, { firstName: "Eve", lastName: "", seen: NAME }),
      ]) {
        await expect(attempt()).rejects.toMatchObject({ name: "Refusal", code: "unauthenticated" });
      }
    }
  });
});

describe("a person's own account", () => {
  it("says when the password expires", async () => {
    const passwordSetAt = at(-86_400);
    const { person } = await loggedIn(await makeUser({ passwordSetAt }), { now: NOW });
    expect(await ownAccount(person)).toMatchObject({ passwordSetAt, passwordExpiresAt: null });
    await makeSettings({ password: { passwordExpirationPeriodDays: 30 } }, { expirySwitchedOnAt: NOW });
    expect(await ownAccount(person)).toMatchObject({ passwordExpiresAt: at(30 * 86_400) });
  });

  it("carries neither the hash nor anything else of the row", async () => {
    const { person } = await loggedIn(await makeUser(), { now: NOW });
    expect(Object.keys(await ownAccount(person)).sort()).toEqual([
      "authority",
      "email",
      "firstName",
      "lastName",
      "passwordExpiresAt",
      "passwordSetAt",
    ]);
  });

  it("keeps what an administrator has changed in it and its owner has not, and tells the audit only of the rest", async () => {
    const user = await makeUser();
    const { person } = await loggedIn(user, { now: NOW });
    const saving = await db().$transaction(async (tx) => {
      await tx.user.update({ where: { id: user.id }, data: { lastName: "Byron" } });
      const save = updateOwnProfile(person, { ...NAME, firstName: "Augusta", seen: NAME }, NOW);
      await expect.poll(countWaiting).toBe(1);
      return { save };
    });
    const profile = { firstName: "Augusta", lastName: "Byron" };
    expect(await saving.save).toEqual({ ok: true, profile });
    expect(await ownAccount(person)).toMatchObject(profile);
    // What both have changed is the owner's to say.
    await updateOwnProfile(person, { ...profile, lastName: "King", seen: NAME }, NOW);
    // The answer was lost: taken back, it must not pass for left alone.
    await updateOwnProfile(person, { ...NAME, seen: null }, NOW);
    const details = await db().auditEvent.findMany({
      where: { kind: "profile-changed" },
      select: { details: true },
      orderBy: { id: "asc" },
    });
    expect(details).toEqual([
      { details: { firstName: { from: "Ada", to: "Augusta" } } },
      { details: { lastName: { from: "Byron", to: "King" } } },
      {
        details: {
          firstName: { from: "Augusta", to: "Ada" },
          lastName: { from: "King", to: "Lovelace" },
        },
      },
    ]);
  });

  it("takes another name, and tells the audit what it was, once", async () => {
    const { person } = await loggedIn(await makeUser(), { now: NOW });
    const other = await makeUser();
    const profile = { firstName: "Augusta", lastName: "Lovelace" };
    await updateOwnProfile(person, { ...profile, seen: NAME }, NOW);
    await updateOwnProfile(person, { ...profile, seen: NAME }, NOW);
    expect(await ownAccount(person)).toMatchObject(profile);
    expect(await db().user.findUnique({ where: { id: other.id } })).toMatchObject({ firstName: "Ada" });
    expect(await db().auditEvent.findMany()).toMatchObject([
      { kind: "profile-changed", details: { firstName: { from: "Ada", to: "Augusta" } } },
    ]);
  });
});
