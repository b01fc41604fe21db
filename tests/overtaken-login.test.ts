import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { confirmPassword } from "@/lib/auth/service/confirm-password";
import { logIn } from "@/lib/auth/service/log-in";
import { db } from "@/lib/core/db";
import { hashPassword, verifyPassword } from "@/lib/password/hash";
import { makeSettings, makeUser, PASSWORD } from "./support/accounts";
import { anonymous, loggedIn } from "./support/actors";
import { emptyDatabase } from "./support/database";

// Held up only: each call is made.
vi.mock("@/lib/password/hash", { spy: true });

const NOW = new Date("2026-03-01T12:00:00Z");
const DAY_MS = 86_400_000;

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings({}, { savedAt: NOW });
  await db().auditEvent.deleteMany();
});
afterAll(emptyDatabase);

/** What may happen to an account while a password that is still right is compared. */
const changes: [string, (id: string) => Promise<unknown>][] = [
  ["disabled", (id) => db().user.update({ where: { id }, data: { state: "DISABLED" } })],
  ["locked", (id) => db().user.update({ where: { id }, data: { lockedAt: NOW } })],
  [
    "given another password",
    async (id) => {
      const passwordHash = await hashPassword("another gate, another house");
      await db().user.update({ where: { id }, data: { passwordHash, passwordSetAt: NOW } });
    },
  ],
  ["deleted", (id) => db().user.delete({ where: { id } })],
];

const real = await vi.importActual<typeof import("@/lib/password/hash")>("@/lib/password/hash");

/** The next password is compared, and then something happens before that is known. */
function overtakeBy(change: () => Promise<unknown>): void {
  vi.mocked(verifyPassword).mockImplementationOnce(async (hash, password) => {
    const isRight = await real.verifyPassword(hash, password);
    await change();
    return isRight;
  });
}

const refusals = () =>
  db().auditEvent.findMany({
    orderBy: { id: "asc" },
    select: { kind: true, subjectEmail: true, details: true },
  });

describe.each(changes)("the right password to an account that is %s meanwhile", (_what, change) => {
  it.each([
    ["a session", {}],
    ["another password", { passwordExpirationPeriodDays: 1 }],
    ["a reset", { minimumLength: 50, forceUserToResetPasswordIfNotValid: true }],
  ])(
    "leads to no session where it would have led to %s, and stands in the audit",
    async (_where, password) => {
      await makeSettings(
        { password },
        { savedAt: NOW, expirySwitchedOnAt: new Date(NOW.getTime() - 9 * DAY_MS) },
      );
      const { id, email } = await makeUser({ passwordSetAt: new Date(NOW.getTime() - 2 * DAY_MS) });
      overtakeBy(() => change(id));
      const login = await logIn(anonymous(), { email, password: PASSWORD, kind: "BROWSER" }, NOW);
      expect(login).toEqual({ ok: false, code: "refused" });
      expect(await refusals()).toEqual([
        {
          kind: "login-failed",
          subjectEmail: email,
          details: { how: "BROWSER", reason: "changed-meanwhile" },
        },
      ]);
      expect(await db().session.count()).toBe(0);
      expect(await db().outboxMessage.count()).toBe(0);
      expect(await db().user.count({ where: { attemptsInFlight: { gt: 0 } } })).toBe(0);
    },
  );

  it("confirms nothing, and stands in the audit", async () => {
    const user = await makeUser();
    const { person } = await loggedIn(user, { now: NOW });
    overtakeBy(() => change(user.id));
    expect(await confirmPassword(person, PASSWORD, NOW)).toEqual({ ok: false, code: "wrong-password" });
    expect(await refusals()).toMatchObject([
      { kind: "login-failed", details: { how: "confirmation", reason: "changed-meanwhile" } },
    ]);
  });
});
