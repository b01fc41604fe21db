import { setTimeout as sleep } from "node:timers/promises";
import { hash } from "@node-rs/argon2";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { liftLapsedLock } from "@/lib/accounts/store";
import { refusalDelayMs } from "@/lib/auth/rules";
import { logIn } from "@/lib/auth/service/log-in";
import { db } from "@/lib/core/db";
import { hashPassword, verifyPassword } from "@/lib/password/hash";
import { makeSettings, makeUser, PASSWORD } from "./support/accounts";
import { anonymous } from "./support/actors";
import { emptyDatabase } from "./support/database";
import { withStatements } from "./support/statements";

// Spies only: each call reaches the real function.
vi.mock("@/lib/accounts/store", { spy: true });
vi.mock("@/lib/auth/rules", { spy: true });
vi.mock("@/lib/password/hash", { spy: true });
vi.mock("node:timers/promises", { spy: true });

const NOW = new Date("2026-03-01T12:00:00Z");

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings({}, { savedAt: NOW });
});
afterAll(emptyDatabase);

const refusals: [string, () => Promise<string>, string][] = [
  ["an unknown address", async () => "nobody@example.org", PASSWORD],
  ["no address at all", async () => "nobody", PASSWORD],
  ["a wrong password", async () => (await makeUser()).email, "wrong"],
  [
    "a wrong password for an account whose hash is of an older strength",
    async () => {
      const { id, email } = await makeUser();
      const passwordHash = await hash(PASSWORD, { memoryCost: 8_192, timeCost: 1, parallelism: 1 });
      await db().user.update({ where: { id }, data: { passwordHash } });
      return email;
    },
    "wrong",
  ],
  ["a password longer than any", async () => (await makeUser()).email, "x".repeat(10_000)],
  ["an invited account", async () => (await makeUser({ state: "INVITED" })).email, PASSWORD],
  ["a disabled account", async () => (await makeUser({ state: "DISABLED" })).email, PASSWORD],
  [
    "an account locked for good",
    async () => (await makeUser({ lockedAt: NOW, lockedUntil: null })).email,
    PASSWORD,
  ],
  [
    "an account locked for a time",
    async () => (await makeUser({ lockedAt: NOW, lockedUntil: new Date(NOW.getTime() + 60_000) })).email,
    PASSWORD,
  ],
];

describe("the refusal of a login", () => {
  it("is held back until any would be written down, and by chance, up to 20 ms; nothing else is", async () => {
    const { email } = await makeUser();
    const tryPassword = (password: string) => logIn(anonymous(), { email, password, kind: "REST" }, NOW);
    vi.mocked(sleep).mockClear();
    vi.mocked(refusalDelayMs).mockClear();
    expect(await tryPassword(PASSWORD)).toMatchObject({ ok: true });
    expect(sleep).not.toHaveBeenCalled();
    vi.mocked(sleep).mockResolvedValue(undefined);
    await makeSettings({ general: { maxFailedLoginAttempts: null } }, { savedAt: NOW });
    const begun = performance.now();
    for (let i = 0; i < 8; i += 1) expect(await tryPassword("wrong")).toEqual({ ok: false, code: "refused" });
    const passedMs = performance.now() - begun;
    const held = vi.mocked(sleep).mock.calls.map(([ms]) => ms);
    vi.mocked(sleep).mockRestore();
    const { calls, results } = vi.mocked(refusalDelayMs).mock;
    expect(held).toEqual(results.map(({ value }) => value));
    expect(held).toHaveLength(8);
    const recordedMs = calls.reduce((sum, [bookkeepingMs]) => sum + bookkeepingMs, 0);
    expect(recordedMs).toBeGreaterThan(0);
    expect(recordedMs).toBeLessThan(passedMs);
    for (const [, randomDelayMs] of calls) expect([...Array(21).keys()]).toContain(randomDelayMs);
    expect(new Set(calls.map(([, randomDelayMs]) => randomDelayMs)).size).toBeGreaterThan(1);
  });

  it("is held back for less by as much as its reservation took, for example to lift a lock that had ended", async () => {
    const { email } = await makeUser({ lockedAt: new Date(NOW.getTime() - 60_000), lockedUntil: NOW });
    const clock = performance.now.bind(performance);
    let passedMs = 0;
    vi.spyOn(performance, "now").mockImplementation(() => clock() + passedMs);
    vi.mocked(liftLapsedLock).mockImplementationOnce(async (...lock) => {
      passedMs += 10_000;
      return vi.mocked(liftLapsedLock)(...lock);
    });
    vi.mocked(refusalDelayMs).mockClear();
    expect(await logIn(anonymous(), { email, password: "wrong", kind: "REST" }, NOW)).toMatchObject({
      ok: false,
    });
    vi.mocked(performance.now).mockRestore();
    expect(passedMs).toBe(10_000);
    expect(vi.mocked(refusalDelayMs).mock.lastCall?.[0]).toBeGreaterThan(passedMs);
  });

  it.each(["BROWSER", "REST"] as const)("is the same work whatever its reason: %s", async (kind) => {
    const done: Record<string, unknown> = {};
    for (const [name, emailOf, password] of refusals) {
      const email = await emailOf();
      vi.mocked(verifyPassword).mockClear();
      vi.mocked(hashPassword).mockClear();
      const { answer, statements } = await withStatements(() =>
        logIn(anonymous(), { email, password, kind }, NOW),
      );
      const verifications = vi.mocked(verifyPassword).mock.calls.length;
      done[name] = { answer, statements, verifications, hashings: vi.mocked(hashPassword).mock.calls.length };
    }
    const one = done["a wrong password"];
    expect(one).toMatchObject({ answer: { ok: false, code: "refused" }, verifications: 1, hashings: 0 });
    expect(JSON.stringify(one)).toMatch(/UPDATE users.*INSERT INTO audit_events/);
    for (const [name, work] of Object.entries(done)) expect(work, name).toEqual(one);
  });
});
