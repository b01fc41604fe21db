import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { confirmPassword } from "@/lib/auth/service/confirm-password";
import { logIn } from "@/lib/auth/service/log-in";
import { ATTEMPTS_PER_ACCOUNT_AND_MINUTE } from "@/lib/auth/throttling";
import { db } from "@/lib/core/db";
import { countAttempt, exchangesFrom, loginsFrom, resetsFrom } from "@/lib/core/throttle";
import { makeSettings, makeUser, PASSWORD } from "./support/accounts";
import { anonymous, loggedIn } from "./support/actors";
import { emptyDatabase } from "./support/database";
import { startWorkers, stopWorkers, type Worker } from "./support/workers";

let attempts = 0;
/** A new network address for each call, as in an attack by a botnet. */
const elsewhere = () => {
  attempts += 1;
  return anonymous(`198.18.${attempts >> 8}.${attempts & 255}`);
};
const tryPassword = (email: string, password = PASSWORD, actor = elsewhere()) =>
  logIn(actor, { email, password, kind: "REST" });

/** Sets the number of passwords tried in this minute on the only account that has such a counter. */
const setAttempts = (points: number) =>
  db().rateLimit.updateMany({ where: { key: { startsWith: "account:" } }, data: { points } });
const refusals = async () => {
  const rows = await db().auditEvent.findMany({ where: { kind: "login-failed" }, orderBy: { id: "asc" } });
  return rows.flatMap(({ subjectId, subjectEmail, details }) => {
    const { reason } = details as { reason: string };
    return /throttled/.test(reason) ? [{ subjectId, subjectEmail, reason }] : [];
  });
};

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings({ general: { maxFailedLoginAttempts: null } });
  await db().auditEvent.deleteMany();
});

describe("the limit of an account that never locks", () => {
  it.each(["somebody's", "nobody's"])(
    "turns away attempts beyond it at %s address, from any network",
    async (whose) => {
      const user = whose === "somebody's" ? await makeUser({ email: "Ada@Example.org" }) : null;
      const otherwise = user ? { ok: true } : { ok: false, code: "refused" };
      expect(await tryPassword("ada@example.org")).toMatchObject(otherwise);
      await setAttempts(ATTEMPTS_PER_ACCOUNT_AND_MINUTE - 1);
      expect(await tryPassword("ADA@example.org")).toMatchObject(otherwise);
      for (const spelling of ["ada@example.org", " ada@EXAMPLE.org "]) {
        const refused = await tryPassword(spelling);
        expect(refused).toEqual({ ok: false, code: "throttled", retryAfterSeconds: expect.any(Number) });
        const seconds = "retryAfterSeconds" in refused ? refused.retryAfterSeconds : 0;
        expect(seconds).toBeGreaterThan(0);
        expect(seconds).toBeLessThanOrEqual(60);
      }
      const subject = { subjectId: user?.id ?? null, subjectEmail: user?.email ?? "ada@example.org" };
      expect(await refusals()).toEqual([{ ...subject, reason: "account-throttled" }]);
    },
  );

  it("is not counted where accounts lock", async () => {
    await makeSettings({ general: { maxFailedLoginAttempts: 5 } });
    expect(await tryPassword("ada@example.org")).toMatchObject({ code: "refused" });
    expect(await db().rateLimit.count({ where: { key: { startsWith: "account:" } } })).toBe(0);
  });

  it("is nobody else's", async () => {
    const [victim, other] = [await makeUser(), await makeUser()];
    await tryPassword(victim.email);
    await setAttempts(ATTEMPTS_PER_ACCOUNT_AND_MINUTE);
    expect(await tryPassword(victim.email)).toMatchObject({ code: "throttled" });
    expect(await tryPassword(other.email)).toMatchObject({ ok: true });
  });

  it("is over with its minute", async () => {
    const { email } = await makeUser();
    await tryPassword(email);
    await setAttempts(ATTEMPTS_PER_ACCOUNT_AND_MINUTE);
    expect(await tryPassword(email)).toMatchObject({ code: "throttled" });
    await db().$executeRaw`UPDATE rate_limits SET expire = expire - 60001`;
    expect(await tryPassword(email)).toMatchObject({ ok: true });
    expect(await db().rateLimit.findFirst({ where: { key: { startsWith: "account:" } } })).toMatchObject({
      points: 1,
    });
  });

  it("counts every way to test a password", async () => {
    const user = await makeUser();
    const { person } = await loggedIn(user);
    expect(await confirmPassword(person, PASSWORD)).toMatchObject({ ok: true });
    await setAttempts(ATTEMPTS_PER_ACCOUNT_AND_MINUTE);
    expect(await confirmPassword(person, PASSWORD)).toMatchObject({ code: "throttled" });
    expect(await tryPassword(user.email)).toMatchObject({ code: "throttled" });
    expect(await refusals()).toEqual([
      { subjectId: user.id, subjectEmail: user.email, reason: "account-throttled" },
    ]);
  });

  it("is not used up by an address that is refused itself", async () => {
    await makeSettings({ general: { loginAttemptsPerAddressPerMinute: 3 } });
    const { email } = await makeUser();
    const from = anonymous();
    for (let n = 0; n < 8; n += 1) await tryPassword(email, "wrong", from);
    expect(await db().rateLimit.findFirst({ where: { key: { startsWith: "account:" } } })).toMatchObject({
      points: 3,
    });
    expect(await refusals()).toEqual([{ subjectId: null, subjectEmail: "", reason: "throttled" }]);
  });

  it("keeps nothing of what was typed", async () => {
    await tryPassword("ada@example.org");
    await tryPassword("a password in the wrong field");
    expect(JSON.stringify((await db().rateLimit.findMany()).map(({ key }) => key))).not.toMatch(/ada|wrong/);
  });
});

describe("on two processes", () => {
  let workers: Worker[];
  beforeAll(async () => {
    workers = await startWorkers(2);
  });
  afterAll(() => stopWorkers(workers));

  it("the limit is one, and told once", async () => {
    const { email } = await makeUser();
    await tryPassword(email);
    await setAttempts(ATTEMPTS_PER_ACCOUNT_AND_MINUTE - 10);
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        workers[n % 2]?.call("logIn", elsewhere(), { email, password: "wrong", kind: "BROWSER" }),
      ),
    );
    const codes = answers.map((answer) => (answer && !answer.ok ? answer.code : "in"));
    expect(codes.filter((code) => code === "refused")).toHaveLength(10);
    expect(codes.filter((code) => code === "throttled")).toHaveLength(20);
    expect(await refusals()).toHaveLength(1);
  });
});

describe("counters", () => {
  it("count in parallel without losing any, and stop at the first that is exhausted", async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        countAttempt({ key: `a${n % 2}`, perMinute: 15 }, { key: "b", perMinute: 20 }),
      ),
    );
    const refused = answers.flatMap((answer) => (answer.allowed ? [] : [answer]));
    expect(refused.filter(({ by }) => by !== "b")).toHaveLength(10);
    expect(refused.filter(({ by }) => by === "b")).toHaveLength(10);
    expect(refused.filter(({ isFirstRefusal }) => isFirstRefusal)).toHaveLength(3);
    const rows = await db().rateLimit.findMany({ orderBy: { key: "asc" } });
    expect(rows.map(({ key, points }) => [key, points])).toEqual([
      ["a0", 20],
      ["a1", 20],
      ["b", 30],
    ]);
  });

  it("are not asked where there is no limit", async () => {
    expect(await countAttempt({ key: "a", perMinute: 0 }, { key: "b", perMinute: null })).toEqual({
      allowed: true,
    });
    expect(await db().rateLimit.count()).toBe(0);
  });

  it.each([loginsFrom, resetsFrom, exchangesFrom])(
    "%o takes a subscriber's addresses for one",
    async (from) => {
      const ask = (address: string) => countAttempt({ key: from(address), perMinute: 1 });
      expect((await ask("2001:db8:0:7::1")).allowed).toBe(true);
      expect((await ask("2001:db8:0:7:ffff::2")).allowed).toBe(false);
      expect((await ask("2001:db8:0:8::1")).allowed).toBe(true);
    },
  );

  it("that began by a clock that has been set back since begin anew", async () => {
    const now = vi.spyOn(Date, "now").mockReturnValue(1_800_000_000_000);
    try {
      const ask = async () => (await countAttempt({ key: "a", perMinute: 1 })).allowed;
      await ask();
      await db().rateLimit.updateMany({ data: { expire: Date.now() + 120_000 } });
      expect(await ask()).toBe(false);
      await db().rateLimit.updateMany({ data: { expire: Date.now() + 120_001 } });
      expect([await ask(), await ask()]).toEqual([true, false]);
      const [anew] = await db().rateLimit.findMany();
      expect(anew).toMatchObject({ points: 2, expire: BigInt(Date.now() + 60_000) });
    } finally {
      now.mockRestore();
    }
  });

  it.each([
    [60_000, 60],
    [45_500, 46],
    [400, 1],
  ])("that are exhausted for another %i ms say so in whole seconds, rounded up", async (ms, seconds) => {
    const now = vi.spyOn(Date, "now").mockReturnValue(1_800_000_000_000);
    try {
      await countAttempt({ key: "a", perMinute: 1 });
      await db().rateLimit.updateMany({ data: { expire: Date.now() + ms } });
      expect(await countAttempt({ key: "a", perMinute: 1 })).toMatchObject({ retryAfterSeconds: seconds });
    } finally {
      now.mockRestore();
    }
  });
});
