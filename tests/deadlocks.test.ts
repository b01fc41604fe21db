import pg from "pg";
import { afterAll, afterEach, beforeEach, expect, it } from "vitest";
import { lockUserRows } from "@/lib/accounts/store";
import { type Db, db, driverTransaction, pool, type RawDb } from "@/lib/core/db";
import { isDatabaseAway, passesByItself } from "@/lib/core/errors";
import { exchangeMobileSecret, makeMobileCode } from "@/lib/mobile/service";
import { endSessionRows, endSomeOnRefusedKeys, endSomeSessions } from "@/lib/sessions/endings/store";
import { capSomeRenewals } from "@/lib/sessions/renewal/store";
import { deleteSomeSessionsOf } from "@/lib/sessions/store";
import { deleteUser } from "@/lib/users/service/administer-user";
import { Prisma } from "@/prisma/generated/client";
import { makeSettings, makeUser, PASSWORD } from "./support/accounts";
import { administrator, anonymous, loggedIn } from "./support/actors";
import { countWaiting, emptyDatabase } from "./support/database";
import { call, outcome } from "./support/rest";

/** Another program's connection, in a transaction whose deadlocks end the transactions of others, never its own. */
let other: pg.Client;

beforeEach(async () => {
  await emptyDatabase();
  other = new pg.Client({ connectionString: pool().options.connectionString });
  await other.connect();
  await other.query("SET deadlock_timeout = '10min'");
  await other.query("BEGIN");
});
afterEach(() => other.end());
afterAll(emptyDatabase);

it("a login that a deadlock ends is to be tried again, and keeps no reservation", async () => {
  await makeSettings();
  const { id, email } = await makeUser();
  const logIn = () => call("POST", "/api/auth/login", { body: { username: email, password: PASSWORD } });
  // A login changes the account, and then holds the key that its session begins on.
  await other.query("SELECT FROM signing_keys FOR UPDATE");
  const login = logIn();
  await expect.poll(countWaiting).toBe(1);
  await other.query("UPDATE users SET first_name = 'Ada' WHERE id = $1", [id]);
  await other.query("COMMIT");
  const answer = await login;
  expect(outcome(answer)).toEqual([503, 2]);
  expect(answer.headers.get("retry-after")).toBe("5");
  expect(await db().session.count()).toBe(0);
  expect(await db().user.findUnique({ where: { id } })).toMatchObject({
    firstName: "Ada",
    attemptsInFlight: 0,
    failedAttempts: 0,
  });
  expect(outcome(await logIn())).toEqual([200, null]);
});

type Work = (tx: RawDb) => Promise<unknown>;

it.each<[string, (work: Work) => Promise<unknown>]>([
  ["the driver", (work) => driverTransaction(work)],
  ["Prisma", (work) => db().$transaction(work)],
])("%s tells of a deadlock that the work may be tried again", async (_by, run) => {
  const [mine, others] = [await makeUser(), await makeUser()];
  const lock = (id: string) => Prisma.sql`SELECT FROM users WHERE id = ${id}::uuid FOR UPDATE`;
  await other.query(lock(others.id));
  let theirs: Promise<unknown> | undefined;
  const failure = run(async (tx) => {
    await tx.$queryRaw(lock(mine.id));
    theirs = other.query(lock(mine.id));
    await expect.poll(countWaiting).toBe(1);
    await tx.$queryRaw(lock(others.id));
  });
  const error = await failure.catch((reason: unknown) => reason);
  expect([passesByItself(error), isDatabaseAway(error)]).toEqual([true, false]);
  await theirs;
});

it("deleting an account waits for its sessions newest first, as whatever ends several of them does", async () => {
  await makeSettings();
  const ada = await administrator();
  const bob = await makeUser();
  const older = await loggedIn(bob, { now: new Date(Date.now() - 60_000) });
  const newer = await loggedIn(bob);
  const lock = (id: string) => other.query("SELECT FROM sessions WHERE id = $1 FOR UPDATE", [id]);
  await lock(newer.sessionId);
  const deletion = deleteUser(ada, { userId: bob.id, email: bob.email });
  await expect.poll(countWaiting).toBe(1);
  await lock(older.sessionId);
  await other.query("COMMIT");
  expect(await deletion).toEqual({ ok: true, email: bob.email });
});

const MINUTE_MS = 60_000;
const batch = { limit: 10, after: null };

it.each<[string, (tx: Db, userId: string) => Promise<unknown>]>([
  ["ends a person's", (tx, userId) => endSessionRows(tx, { which: "all", userId }, "logged-out", new Date())],
  ["ends everyone's", (tx) => endSomeSessions(tx, batch, "signed-out-by-administrator", new Date())],
  [
    "ends those on a refused key",
    async (tx) => {
      await tx.signingKey.updateMany({ data: { retiredBy: "administrator" } });
      await endSomeOnRefusedKeys(tx, 10, new Date());
    },
  ],
  ["shortens them", (tx) => capSomeRenewals(tx, 60, batch)],
  ["deletes them", (tx, userId) => deleteSomeSessionsOf(tx, userId, { limit: 10, now: new Date() })],
])(
  "the statement that %s locks sessions newest first, in whichever order it finds them",
  async (_what, change) => {
    await makeSettings();
    const bob = await makeUser();
    const older = await loggedIn(bob, { now: new Date(Date.now() - MINUTE_MS) });
    const newer = await loggedIn(bob);
    const lock = (id: string) => other.query("SELECT FROM sessions WHERE id = $1 FOR UPDATE", [id]);
    await lock(newer.sessionId);
    const changing = db().$transaction(async (tx) => {
      // The table has them oldest first; an index might happen to have them in the right order.
      await tx.$executeRaw`SET LOCAL enable_indexscan = off`;
      await change(tx, bob.id);
    });
    await expect.poll(countWaiting).toBe(1);
    await lock(older.sessionId);
    await other.query("COMMIT");
    await changing;
  },
);

it("accounts are locked in the order of their ids, in whichever order PostgreSQL finds them", async () => {
  // Otherwise a row could take the place of one that an earlier test has left.
  await db().$executeRaw`TRUNCATE users CASCADE`;
  const [low = "", high = ""] = [await makeUser(), await makeUser()].map(({ id }) => id).sort();
  // With a new value in an index its row moves behind the other.
  await db().user.update({ where: { id: low }, data: { emailKey: "moved@example.org" } });
  await other.query("SELECT FROM users WHERE id = $1 FOR UPDATE", [low]);
  const locking = db().$transaction(async (tx) => {
    await tx.$executeRaw`SET LOCAL enable_indexscan = off`;
    await lockUserRows(tx, [high, low]);
  });
  await expect.poll(countWaiting).toBe(1);
  const free = await db().$queryRaw`SELECT id FROM users FOR UPDATE SKIP LOCKED`;
  expect(free).toEqual([{ id: high }]);
  await other.query("COMMIT");
  await locking;
});

it("exchanging a code waits for its account before it takes the code, as making another does", async () => {
  await makeSettings();
  const { person } = await loggedIn(await makeUser());
  const code = await makeMobileCode(person);
  if (!code.ok) throw new Error(code.code);
  await other.query("SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE", [person.userId]);
  const exchange = exchangeMobileSecret(anonymous(), { secret: code.secret });
  await expect.poll(countWaiting).toBe(1);
  await other.query("UPDATE mobile_secrets SET digest = 'another' WHERE user_id = $1", [person.userId]);
  await other.query("COMMIT");
  expect(await exchange).toEqual({ ok: false, code: "refused" });
});
