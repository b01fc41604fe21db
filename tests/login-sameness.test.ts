import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { logIn } from "@/lib/auth/service/log-in";
import { verifyPassword } from "@/lib/password/hash";
import { makeSettings, makeUser, PASSWORD } from "./support/accounts";
import { anonymous } from "./support/actors";
import { emptyDatabase } from "./support/database";
import { withStatements } from "./support/statements";

// Only looked at: each call goes through.
vi.mock("@/lib/password/hash", { spy: true });

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
  it.each(["BROWSER", "REST"] as const)("is the same work whatever its reason: %s", async (kind) => {
    const done: Record<string, unknown> = {};
    for (const [name, emailOf, password] of refusals) {
      const email = await emailOf();
      vi.mocked(verifyPassword).mockClear();
      const { answer, statements } = await withStatements(() =>
        logIn(anonymous(), { email, password, kind }, NOW),
      );
      done[name] = { answer, statements, verifications: vi.mocked(verifyPassword).mock.calls.length };
    }
    const one = done["a wrong password"];
    expect(one).toMatchObject({ answer: { ok: false, code: "refused" }, verifications: 1 });
    expect(JSON.stringify(one)).toMatch(/UPDATE users.*INSERT INTO audit_events/);
    for (const [name, work] of Object.entries(done)) expect(work, name).toEqual(one);
  });
});
