import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { attemptPassword, settleSuccess } from "@/lib/auth/attempt";
import { logIn } from "@/lib/auth/service/log-in";
import { type AttemptedAccount, releaseAttempt } from "@/lib/auth/store";
import { db, driver, driverTransaction } from "@/lib/core/db";
import { env } from "@/lib/core/env";
import { isDatabaseAway, type Refusal } from "@/lib/core/errors";
import { panelDefaults } from "@/lib/settings/schema";
import { makeSettings, makeUser, PASSWORD } from "./support/accounts";
import { ADDRESS, administrator, anonymous } from "./support/actors";
import { emptyDatabase } from "./support/database";
import { startWorkers, stopWorkers, type Worker } from "./support/workers";

let workers: Worker[];
beforeAll(async () => {
  workers = await startWorkers(2);
});
afterAll(() => stopWorkers(workers));
beforeEach(emptyDatabase);

type Login = Awaited<ReturnType<typeof logIn>>;

/**
 * Tries passwords concurrently, alternating between two processes. On a slow machine some wait for so long, for their
 * turn or for a connection, that they are told to come back later. As clients do, they come back: when all have been
 * answered.
 * @returns the answers in the order of `passwords`
 */
async function tryAll(email: string, passwords: string[]): Promise<Login[]> {
  const answers: Login[] = [];
  const isSentAway = async (at: number) => {
    const input = { email, password: passwords[at] ?? "", kind: "BROWSER" } as const;
    const worker = workers[at % workers.length] as Worker;
    try {
      answers[at] = await worker.call("logIn", anonymous(), input);
      return false;
    } catch (error) {
      if ((error as Partial<Refusal>).code !== "overloaded" && !isDatabaseAway(error)) throw error;
      return true;
    }
  };
  for (let left = [...passwords.keys()]; left.length > 0; ) {
    const sentAway = await Promise.all(left.map(isSentAway));
    left = left.filter((_, i) => sentAway[i]);
  }
  return answers;
}

const unlimited = { loginAttemptsPerAddressPerMinute: null };
const wrong = (n: number) => Array.from({ length: n }, (_, i) => `wrong password ${i}`);

const countOf = async (reason: string) =>
  (await db().auditEvent.findMany({ where: { kind: "login-failed" } })).filter(
    ({ details }) => (details as { reason: string }).reason === reason,
  ).length;

describe("on two processes", () => {
  it("of 200 wrong passwords tried at once, exactly 5 are evaluated; one lock, one notice each", async () => {
    await makeSettings({ general: { ...unlimited, userLockoutNotificationEmail: "ops@example.org" } });
    const { email } = await makeUser();
    const answers = await tryAll(email, wrong(200));
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
      new Set(['{"ok":false,"code":"refused"}']),
    );
    expect(await countOf("wrong-password")).toBe(5);
    expect(await countOf("locked")).toBe(195);
    expect(await db().auditEvent.count({ where: { kind: "account-locked" } })).toBe(1);
    const mails = await db().outboxMessage.findMany({ orderBy: { kind: "asc" } });
    expect(mails.map(({ kind, recipient }) => [kind, recipient])).toEqual([
      ["account-locked", "ops@example.org"],
      ["account-locked-owner", email],
    ]);
    expect(await db().user.findFirst({ where: { email } })).toMatchObject({
      failedAttempts: 5,
      attemptsInFlight: 0,
    });
  });

  it("50 right passwords at once all let in", async () => {
    await makeSettings({ general: unlimited });
    const { email } = await makeUser();
    const answers = await tryAll(email, Array<string>(50).fill(PASSWORD));
    expect(answers.filter((answer) => answer.ok)).toHaveLength(50);
    expect(await db().session.count({ where: { endedAt: null } })).toBe(50);
    expect(await db().user.findFirst({ where: { email } })).toMatchObject({
      failedAttempts: 0,
      attemptsInFlight: 0,
    });
  });

  it("the right password among wrong ones never lets in after five wrong ones in a row", async () => {
    await makeSettings({ general: unlimited });
    const { email } = await makeUser();
    await tryAll(email, wrong(60).toSpliced(30, 1, PASSWORD));
    const events = await db().auditEvent.findMany({ orderBy: { id: "asc" } });
    let consecutive = 0;
    for (const { kind, details } of events) {
      if (kind === "login-succeeded") {
        expect(consecutive).toBeLessThan(5);
        consecutive = 0;
      }
      if ((details as { reason?: string }).reason === "wrong-password") consecutive += 1;
      expect(consecutive).toBeLessThanOrEqual(5);
    }
    expect(consecutive).toBe(5);
  });

  it("two administrators who would be locked for good in one instant are not both locked", async () => {
    await makeSettings({
      general: { ...unlimited, maxFailedLoginAttempts: 1, lockoutDurationMinutes: null },
    });
    await db().user.deleteMany();
    const admins = await Promise.all([1, 2].map(() => makeUser({ authority: "SYS_ADMIN" })));
    await Promise.all(admins.map(({ email }) => tryAll(email, wrong(2))));
    const locked = await db().user.findMany({ where: { lockedAt: { not: null } } });
    expect(locked).toHaveLength(2);
    expect(locked.filter(({ lockedUntil }) => lockedUntil === null)).toHaveLength(1);
  });

  it("the address's limit is one for both", async () => {
    await makeSettings({ general: { loginAttemptsPerAddressPerMinute: 10, maxFailedLoginAttempts: null } });
    const { email } = await makeUser();
    const answers = await tryAll(email, wrong(30));
    expect(answers.filter((answer) => !answer.ok && answer.code === "throttled")).toHaveLength(20);
  });
});

it("others log in quickly while one account is attacked", async () => {
  await makeSettings({ general: unlimited });
  const [victim, other] = [await makeUser(), await makeUser()];
  const begun = performance.now();
  const attack = tryAll(victim.email, wrong(200)).then(() => performance.now() - begun);
  const times: number[] = [];
  for (let i = 0; i < 20; i += 1) {
    const started = performance.now();
    const input = { email: other.email, password: PASSWORD, kind: "BROWSER" } as const;
    expect(await workers[i % 2]?.call("logIn", anonymous(), input)).toMatchObject({ ok: true });
    times.push(performance.now() - started);
  }
  // A login queued behind the whole attack would take as long as the attack, on any machine.
  expect(times.toSorted((a, b) => a - b)[18]).toBeLessThan((await attack) / 4);
});

it("a process that dies in the middle of attempts blocks the account for a moment only", async () => {
  await makeSettings({ general: { ...unlimited, maxFailedLoginAttempts: 100 } });
  const { email } = await makeUser();
  const url = new URL(env().DATABASE_URL);
  url.searchParams.set("application_name", "victim");
  const [victim] = await startWorkers(1, { DATABASE_URL: url.href });
  const input = { email, kind: "BROWSER" } as const;
  const calls = Promise.allSettled(
    wrong(80).map((password) => victim?.call("logIn", anonymous(), { ...input, password })),
  );
  const row = () => db().user.findFirstOrThrow({ where: { email } });
  await expect.poll(async () => (await row()).attemptsInFlight, { interval: 1 }).toBeGreaterThan(0);
  await victim?.kill();
  await calls;
  // PostgreSQL still executes what the process has sent; then it ends the connection.
  const connections = () => db().$queryRaw`
    SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'victim'`;
  await expect.poll(connections).toEqual([]);

  const { failedAttempts, attemptsInFlight } = await row();
  expect(attemptsInFlight).toBeGreaterThan(0);
  expect(await db().auditEvent.count({ where: { kind: "login-failed" } })).toBe(failedAttempts);
  // The failures and the dead process's reservations reach the limit: no login succeeds before the lease expires.
  await makeSettings({ general: { maxFailedLoginAttempts: failedAttempts + attemptsInFlight } });
  const login = logIn(anonymous(), { ...input, password: PASSWORD });
  // Instead of waiting for the lease, ten seconds of the database's clock, the test moves its end.
  await db()
    .$executeRaw`UPDATE users SET attempts_lease_until = attempts_lease_until - interval '10 seconds'`;
  expect(await login).toMatchObject({ ok: true });
  expect(await row()).toMatchObject({ failedAttempts: 0, attemptsInFlight: 0 });
});

it("an attempt that is settled after its lease has expired does not release another's reservation", async () => {
  const { email, email: key } = await makeUser();
  const attempt = (settle: Parameters<typeof attemptPassword<void>>[1]) =>
    attemptPassword(
      { address: ADDRESS, emailKey: key, password: PASSWORD, maxFailedAttempts: 2, now: new Date() },
      settle,
    );
  const inFlight = async () => (await db().user.findFirstOrThrow({ where: { email } })).attemptsInFlight;
  const release = async ({ account }: { account: AttemptedAccount | null }) => {
    if (account) await releaseAttempt(driver(), account);
  };
  await attempt(async (late) => {
    await db()
      .$executeRaw`UPDATE users SET attempts_lease_until = attempts_lease_until - interval '10 seconds'`;
    await attempt(async (second) => {
      await attempt(async (third) => {
        expect(await inFlight()).toBe(2);
        await release(late);
        expect(await inFlight()).toBe(2);
        await release(third);
      });
      expect(await inFlight()).toBe(1);
      await release(second);
    });
  });
  expect(await inFlight()).toBe(0);
});

it("a right password whose reservation was given to others meanwhile does not count", async () => {
  await makeSettings({ general: { ...unlimited, maxFailedLoginAttempts: 2 } });
  const { id, email } = await makeUser();
  const tried = { address: ADDRESS, emailKey: email, maxFailedAttempts: 2, now: new Date() };
  const settled = await attemptPassword({ ...tried, password: PASSWORD }, async (late) => {
    await db()
      .$executeRaw`UPDATE users SET attempts_lease_until = attempts_lease_until - interval '10 seconds'`;
    expect(await logIn(anonymous(), { email, password: "not it", kind: "REST" })).toMatchObject({
      ok: false,
    });
    if (late.outcome !== "right") throw new Error("The password was wrong.");
    const how = { actor: anonymous(), how: "REST", now: new Date() } as const;
    return driverTransaction((tx) => settleSuccess(tx, late, how));
  });
  expect(settled).toBeNull();
  const user = await db().user.findUniqueOrThrow({ where: { id } });
  expect(user).toMatchObject({ failedAttempts: 1, attemptsInFlight: 0 });
});

describe("two administrators", () => {
  it("who save different fields in the same instant lose nothing", async () => {
    await makeSettings();
    const [ada, bob] = [await administrator(), await administrator()];
    const { general } = panelDefaults;
    const edit = (changes: Partial<typeof general>) => ({ version: 1, values: { ...general, ...changes } });
    const answers = await Promise.all([
      workers[0]?.call("updateGeneralPolicy", ada, edit({ maxFailedLoginAttempts: 7 })),
      workers[1]?.call("updateGeneralPolicy", bob, edit({ passwordResetTokenTtl: 2 })),
    ]);
    expect(answers).toMatchObject([{ ok: true }, { ok: true }]);
    const newest = await db().settingsRevision.findFirstOrThrow({
      where: { panel: "general" },
      orderBy: { version: "desc" },
    });
    expect(newest).toMatchObject({
      version: 3,
      values: { maxFailedLoginAttempts: 7, passwordResetTokenTtl: 2 },
    });
  });

  it("who save one field differently in the same instant: one wins, the other is shown it", async () => {
    await makeSettings();
    const admins = await Promise.all(Array.from({ length: 8 }, () => administrator()));
    const { general } = panelDefaults;
    const answers = await Promise.all(
      admins.map((admin, i) =>
        workers[i % 2]?.call("updateGeneralPolicy", admin, {
          version: 1,
          values: { ...general, maxFailedLoginAttempts: 10 + i },
        }),
      ),
    );
    expect(answers.filter((answer) => answer?.ok)).toHaveLength(1);
    const conflicts = answers.filter((answer) => answer && !answer.ok && answer.code === "conflict");
    expect(conflicts).toHaveLength(7);
    expect(conflicts[0]).toMatchObject({ conflicts: ["maxFailedLoginAttempts"], theirs: { version: 2 } });
    expect(await db().auditEvent.count({ where: { kind: "settings-changed" } })).toBe(1);
  });
});
