import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { choosePassword } from "@/lib/accounts/service/new-password";
import { attemptPassword } from "@/lib/auth/attempt";
import { changePassword } from "@/lib/auth/service/change-password";
import { logIn } from "@/lib/auth/service/log-in";
import { countFailure } from "@/lib/auth/store";
import { db, pool } from "@/lib/core/db";
import { Refusal } from "@/lib/core/errors";
import { SealBroken } from "@/lib/core/secrets";
import * as hash from "@/lib/password/hash";
import { MAX_PASSWORD_UNITS } from "@/lib/password/rules";
import { makeSettings, makeUser, PASSWORD } from "./support/accounts";
import { ADDRESS, anonymous, loggedIn } from "./support/actors";
import { emptyDatabase } from "./support/database";
import { hold } from "./support/hold";
import { makeLink } from "./support/links";

// A thousand real comparisons would take too long, and are not under test.
const verifyPassword = vi.spyOn(hash, "verifyPassword");

const overloaded = { code: "overloaded", retryAfterSeconds: 5 };

beforeEach(async () => {
  await emptyDatabase();
  verifyPassword.mockReset().mockResolvedValue(false);
});
afterAll(emptyDatabase);
afterAll(() => verifyPassword.mockRestore());

/** Makes attempts that have their outcome, and then wait until `release`. */
function holdAttempts() {
  const { held, release } = hold();
  const working = new Map<string, number>();
  let most = 0;
  const attempt = (emailKey: string, until: Promise<void> = held) =>
    attemptPassword(
      { address: ADDRESS, emailKey, password: "a guess", maxFailedAttempts: null, now: new Date() },
      async ({ outcome }) => {
        working.set(emailKey, (working.get(emailKey) ?? 0) + 1);
        most = Math.max(most, working.get(emailKey) ?? 0);
        await until;
        working.set(emailKey, (working.get(emailKey) ?? 0) - 1);
        return outcome;
      },
    );
  return {
    attempt,
    attempts: (emailKey: string, many: number) => Array.from({ length: many }, () => attempt(emailKey)),
    workingOn: (emailKey: string) => working.get(emailKey) ?? 0,
    most: () => most,
    release: () => release(),
  };
}

const now = Promise.resolve();

describe("of the attempts on one account", () => {
  it("four are worked on at once, whenever the others come", async () => {
    const { attempt, attempts, workingOn, most, release } = holdAttempts();
    const first = attempts("ada@example.org", 3);
    const passing = attempt("ada@example.org", now);
    const waiting = attempts("ada@example.org", 2);
    await passing;
    await expect.poll(() => workingOn("ada@example.org")).toBe(4);
    const later = attempts("ada@example.org", 4);
    expect(await attempt("bob@example.org", now)).toBe("refused");
    expect(workingOn("ada@example.org")).toBe(4);
    release();
    await Promise.all([...first, ...waiting, ...later]);
    expect(most()).toBe(4);
  });

  it("256 wait and no more, and another account does not notice", async () => {
    const { attempt, attempts, workingOn, release } = holdAttempts();
    const first = attempts("ada@example.org", 4);
    await expect.poll(() => workingOn("ada@example.org")).toBe(4);
    const waiting = attempts("ada@example.org", 256);
    await expect(attempt("ada@example.org", now)).rejects.toMatchObject(overloaded);
    expect(await attempt("bob@example.org", now)).toBe("refused");
    release();
    expect(new Set(await Promise.all([...first, ...waiting]))).toEqual(new Set(["refused"]));
    expect(await attempt("ada@example.org", now)).toBe("refused");
  });
});

it("of the attempts on all accounts 1,024 wait and no more, and those that need not wait are taken on", async () => {
  const { attempt, attempts, workingOn, release } = holdAttempts();
  const taken = ["a", "b", "c", "d"].flatMap((name) => attempts(`${name}@example.org`, 4 + 256));
  expect(await attempt("e@example.org", now)).toBe("refused");
  const first = attempts("e@example.org", 4);
  await expect.poll(() => workingOn("e@example.org")).toBe(4);
  await expect(attempt("e@example.org", now)).rejects.toMatchObject(overloaded);
  release();
  await Promise.all([...taken, ...first]);
  expect(await attempt("e@example.org", now)).toBe("refused");
});

it.each([
  ["longer than any", "x".repeat(MAX_PASSWORD_UNITS + 1)],
  ["with half of a character, which would be hashed as U+FFFD", "a \ud800 gate"],
  ["with a NUL", "a\0gate"],
])("a text that cannot be a password is a wrong one, and costs as much work: %s", async (_what, password) => {
  const { id, email } = await makeUser();
  const tried = { address: ADDRESS, emailKey: email, password, maxFailedAttempts: null, now: new Date() };
  expect(await attemptPassword(tried, async ({ outcome }) => outcome)).toBe("wrong");
  expect(verifyPassword.mock.calls).toEqual([[null, "", { userId: id, address: ADDRESS }]]);
});

it("the longest password that can be one is compared", async () => {
  const { id, email, passwordHash } = await makeUser();
  const password = "x".repeat(MAX_PASSWORD_UNITS);
  await attemptPassword(
    { address: ADDRESS, emailKey: email, password, maxFailedAttempts: null, now: new Date() },
    async () => {},
  );
  expect(verifyPassword.mock.calls).toEqual([[passwordHash, password, { userId: id, address: ADDRESS }]]);
});

it("no connection commits without waiting for the disk after it has made a reservation", async () => {
  const { email } = await makeUser();
  const tried = {
    address: ADDRESS,
    emailKey: email,
    password: PASSWORD,
    maxFailedAttempts: 5,
    now: new Date(),
  };
  await attemptPassword(tried, async () => {});
  const clients = await Promise.all(Array.from({ length: pool().totalCount }, () => pool().connect()));
  const setBy = "SELECT source FROM pg_settings WHERE name = 'synchronous_commit'";
  const sources = await Promise.all(
    clients.map(async (client) => (await client.query(setBy)).rows[0]?.source),
  );
  for (const client of clients) client.release();
  expect(sources).not.toContain("session");
});

describe("an attempt that fails", () => {
  const error = new Error("The database is away.");
  const attemptOn = (emailKey: string, settle = async () => {}) =>
    attemptPassword(
      { address: ADDRESS, emailKey, password: PASSWORD, maxFailedAttempts: 1, now: new Date() },
      settle,
    );

  it.each<[string, unknown, () => void, () => Promise<void>]>([
    [
      "for want of a thread",
      new Refusal("overloaded", 5),
      () => verifyPassword.mockRejectedValueOnce(new Refusal("overloaded", 5)),
      async () => {},
    ],
    ["at its outcome", error, () => {}, () => Promise.reject(error)],
    ["for a key that cannot be unsealed", new SealBroken(), () => {}, () => Promise.reject(new SealBroken())],
  ])("%s releases its reservation", async (_when, thrown, prepare, settle) => {
    const { id, email } = await makeUser();
    prepare();
    await expect(attemptOn(email, settle)).rejects.toEqual(thrown);
    const user = await db().user.findUniqueOrThrow({ where: { id } });
    expect(user).toMatchObject({ attemptsInFlight: 0, failedAttempts: 0 });
  });

  it("whose outcome is recorded, but whose answer is lost, does not release another's reservation", async () => {
    const { id, email } = await makeUser();
    const { attempt, workingOn, release } = holdAttempts();
    const other = attempt(email);
    await expect.poll(() => workingOn(email)).toBe(1);
    const input = {
      address: ADDRESS,
      emailKey: email,
      password: "a guess",
      maxFailedAttempts: 5,
      now: new Date(),
    };
    const lost = attemptPassword(input, async ({ account }) => {
      await countFailure(db(), account, null);
      throw new Error("Connection terminated unexpectedly");
    });
    await expect(lost).rejects.toThrow("Connection terminated");
    const user = await db().user.findUniqueOrThrow({ where: { id } });
    expect(user).toMatchObject({ attemptsInFlight: 1, failedAttempts: 1 });
    release();
    await other;
  });

  it("whose login is recorded, but whose tokens cannot be signed, does not release another's reservation", async () => {
    await makeSettings();
    const { id, email } = await makeUser();
    const { attempt, workingOn, release } = holdAttempts();
    const other = attempt(email);
    await expect.poll(() => workingOn(email)).toBe(1);
    await db().signingKey.updateMany({ data: { sealedKey: "damaged" } });
    verifyPassword.mockResolvedValueOnce(true);
    const login = logIn(anonymous(), { email, password: PASSWORD, kind: "REST" });
    await expect(login).rejects.toThrow(SealBroken);
    const user = await db().user.findUniqueOrThrow({ where: { id } });
    expect(user).toMatchObject({ attemptsInFlight: 1, failedAttempts: 0 });
    release();
    await other;
  });
});

describe("of the choices of a new password for one account", () => {
  const CHOSEN = "a lantern, a ladder, a gate";

  /** Makes comparisons with the chosen password wait until `release`, and then report that it is the current one. */
  function holdChoices() {
    const { held, release } = hold();
    const seen = { working: 0, most: 0 };
    verifyPassword.mockImplementation(async (_hash, password) => {
      if (password !== CHOSEN) return password === PASSWORD;
      seen.working += 1;
      seen.most = Math.max(seen.most, seen.working);
      await held;
      seen.working -= 1;
      return true;
    });
    return { seen, release: () => release() };
  }

  beforeEach(() => makeSettings({ general: { loginAttemptsPerAddressPerMinute: null } }));

  it.each([
    [
      "by its link",
      async () => {
        const { secret } = await makeLink((await makeUser()).id, "PASSWORD_RESET");
        return () => choosePassword(anonymous(), { purpose: "PASSWORD_RESET", secret, password: CHOSEN });
      },
    ],
    [
      "in the account itself",
      async () => {
        const { person } = await loggedIn(await makeUser());
        return () => changePassword(person, { currentPassword: PASSWORD, newPassword: CHOSEN });
      },
    ],
  ])("%s four are worked on at once, and no attempt waits for them", async (_where, prepare) => {
    const choose: () => Promise<{ ok: boolean; code?: string }> = await prepare();
    const { seen, release } = holdChoices();
    const choices = Array.from({ length: 20 }, choose);
    await expect.poll(() => seen.working).toBe(4);
    const { email } = await makeUser();
    const login = await logIn(anonymous(), { email, password: PASSWORD, kind: "REST" });
    expect(login).toMatchObject({ ok: true });
    release();
    expect(new Set((await Promise.all(choices)).map(({ code }) => code))).toEqual(
      new Set(["same-as-current"]),
    );
    expect(seen.most).toBe(4);
  });
});
