import { beforeEach, describe, expect, it } from "vitest";
import { choosePassword } from "@/lib/accounts/service/new-password";
import type { User } from "@/lib/accounts/store";
import { changePassword } from "@/lib/auth/service/change-password";
import type { Person } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { endSomeSessions } from "@/lib/sessions/endings/store";
import { authenticate } from "@/lib/sessions/service/authenticate";
import { endOtherSessions } from "@/lib/sessions/service/own-sessions";
import { endSurplusSessions } from "@/lib/sessions/surplus";
import { deleteUser } from "@/lib/users/service/administer-user";
import { issueUserLink } from "@/lib/users/service/issue-link";
import { makeSettings, makeUser, PASSWORD } from "./support/accounts";
import { administrator, anonymous, loggedIn } from "./support/actors";
import { emptyDatabase } from "./support/database";
import { makeLink } from "./support/links";
import { secretOf } from "./support/outbox";

const NOW = new Date("2026-03-01T12:00:00Z");
const ANOTHER = "another gate, another house";

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings({}, { savedAt: NOW });
});

/** How many sessions each event says have ended, the first event first. */
async function auditRows() {
  const kinds = ["sessions-ended", "password-changed", "account-deleted"];
  const rows = await db().auditEvent.findMany({ where: { kind: { in: kinds } }, orderBy: { id: "asc" } });
  return rows.map(({ kind, details }) => [kind, (details as { sessions?: number }).sessions]);
}

describe("the sessions beyond those that end at once", () => {
  it("end before, in batches that are recorded each, but for the one that goes on", async () => {
    const user = await makeUser();
    const mine = await loggedIn(user, { now: NOW });
    for (let n = 0; n < 6; n += 1) await loggedIn(user, { now: NOW });
    const other = await loggedIn(await makeUser(), { now: NOW });
    const end = (atOnce: number) =>
      endSurplusSessions(
        mine.person,
        { owner: { id: user.id, email: user.email }, except: mine.sessionId },
        "ended-by-owner",
        { now: NOW, atOnce, batchSize: 2 },
      );
    expect(await end(6)).toBe(0);
    expect(await end(3)).toBe(4);
    expect(await auditRows()).toEqual([
      ["sessions-ended", 2],
      ["sessions-ended", 2],
    ]);
    expect(await db().session.count({ where: { userId: user.id, endedAt: null } })).toBe(3);
    for (const { token } of [mine, other])
      expect(await authenticate(token, "BROWSER", anonymous(), NOW)).not.toBeNull();
  });
});

const MANY = 10_001;

/** As a program leaves them that logs in again and again. */
const addSessions = ({ id }: User) => db().$executeRaw`
  INSERT INTO sessions (id, user_id, kind, kid, created_at, renewed_at, renewable_until, last_seen_at, confirmed_at, address, user_agent)
  SELECT gen_random_uuid(), ${id}::uuid, 'REST', (SELECT kid FROM signing_keys WHERE verify_until IS NULL), ${NOW}, ${NOW},
    ${NOW}::timestamptz + interval '7 days', ${NOW}, ${NOW}, '', '' FROM generate_series(1, ${MANY})`;

it("very many sessions end in time although there were none when their end was first asked for", async () => {
  // Leaves pages without rows: from what it finds there, PostgreSQL expects one row, however large the table gets.
  await loggedIn(await makeUser(), { now: NOW });
  await emptyDatabase();
  await makeSettings({}, { savedAt: NOW });
  await db().$executeRaw`ANALYZE sessions`;
  const user = await makeUser();
  const end = (limit: number) => endSomeSessions(db(), { userId: user.id, limit }, "ended-by-owner", NOW);
  for (let times = 0; times < 10; times += 1) expect(await end(5)).toMatchObject({ sessions: 0 });
  await addSessions(user);
  expect(await end(5_000)).toMatchObject({ sessions: 5_000 });
});

type Ending = (user: User, person: Person) => Promise<unknown>;
const endings: [string, Ending, own: number][] = [
  [
    "their person ends all others, and is told how many",
    async (_user, person) => expect(await endOtherSessions(person, NOW)).toEqual({ ended: MANY }),
    1,
  ],
  [
    "their person changes the password",
    (_user, person) => changePassword(person, { currentPassword: PASSWORD, newPassword: ANOTHER }, NOW),
    1,
  ],
  [
    "a link gives the account another password",
    async (user) => {
      const link = { userId: user.id, purpose: "PASSWORD_RESET", delivery: "copy" } as const;
      const issued = await issueUserLink(await administrator(), link, NOW);
      const secret = secretOf((issued.ok && issued.url) || "");
      await choosePassword(anonymous(), { purpose: "PASSWORD_RESET", secret, password: ANOTHER }, NOW);
    },
    0,
  ],
];

it.each(endings)("very many sessions end when %s", async (_when, end, own) => {
  const user = await makeUser();
  const { person } = await loggedIn(user, { now: NOW });
  await addSessions(user);
  await end(user, person);
  expect(await db().session.count({ where: { userId: user.id, endedAt: null } })).toBe(own);
  const events = await auditRows();
  expect(events[0]).toEqual(["sessions-ended", 5_000]);
  expect(events.reduce((sum, [, sessions]) => sum + Number(sessions), 0)).toBe(MANY + 1 - own);
});

it("very many sessions go on when a new password is refused, by either way to choose one", async () => {
  const user = await makeUser();
  const { person } = await loggedIn(user, { now: NOW });
  await addSessions(user);
  const { secret } = await makeLink(user.id, "PASSWORD_RESET", NOW);
  const passwords = { currentPassword: PASSWORD, newPassword: "short" };
  const link = { purpose: "PASSWORD_RESET", secret, password: "short" } as const;
  expect(await changePassword(person, passwords, NOW)).toMatchObject({ code: "violates-policy" });
  expect(await choosePassword(anonymous(), link, NOW)).toMatchObject({ code: "violates-policy" });
  expect(await db().session.count({ where: { userId: user.id, endedAt: null } })).toBe(MANY + 1);
  expect(await auditRows()).toEqual([]);
});

describe("an account with very many sessions", () => {
  it("is deleted after them, which go in batches that are recorded each", async () => {
    const ada = await administrator();
    const user = await makeUser();
    await addSessions(user);
    await db().session.updateMany({ where: { userId: user.id }, data: { endedAt: NOW } });
    await addSessions(user);
    const { id: userId, email } = user;
    expect(await deleteUser(ada, { userId, email }, NOW)).toEqual({ ok: true, email });
    expect(await db().session.count({ where: { userId: user.id } })).toBe(0);
    expect(await db().user.count({ where: { id: user.id } })).toBe(0);
    expect(await auditRows()).toEqual([
      ["sessions-ended", 5_000],
      ["sessions-ended", 5_000],
      ["sessions-ended", 1],
      ["account-deleted", 0],
    ]);
  });

  it("keeps them all if it may not be deleted, or another one is meant", async () => {
    const ada = await administrator();
    const user = await makeUser({ authority: "SYS_ADMIN" });
    await loggedIn(user, { now: NOW });
    const remove = (person: Person, email: string) => deleteUser(person, { userId: user.id, email }, NOW, 1);
    expect(await remove(ada, ada.email)).toEqual({ ok: false, code: "out-of-date" });
    const { person } = await loggedIn(user, { now: NOW });
    expect(await remove(person, user.email)).toEqual({ ok: false, code: "oneself" });
    expect(await db().session.count({ where: { userId: user.id, endedAt: null } })).toBe(2);
  });
});
