import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { changePassword } from "@/lib/auth/service/change-password";
import { confirmPassword } from "@/lib/auth/service/confirm-password";
import { logIn } from "@/lib/auth/service/log-in";
import type { Person } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { rotate } from "@/lib/jwt-security/rotation";
import { showSigningKey } from "@/lib/jwt-security/service/signing-key";
import * as hash from "@/lib/password/hash";
import { logOut } from "@/lib/sessions/service/log-out";
import { currentKey, generateSigningKey } from "@/lib/tokens/key-ring";
import { changeAuthority, deleteUser, disableUser } from "@/lib/users/service/administer-user";
import { makeSettings, makeUser, PASSWORD } from "./support/accounts";
import { administrator, anonymous, loggedIn } from "./support/actors";
import { countWaiting, emptyDatabase } from "./support/database";
import { statementText } from "./support/statements";
import { readToken } from "./support/tokens";

const NOW = new Date("2026-03-01T12:00:00Z");
const DAY_MS = 86_400_000;

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings({}, { savedAt: NOW });
  await db().auditEvent.deleteMany();
});
afterEach(() => vi.restoreAllMocks());
afterAll(emptyDatabase);

/** Changes to an account while its password, still right, is being compared. */
const changes: [string, (id: string) => Promise<unknown>][] = [
  ["disabled", (id) => db().user.update({ where: { id }, data: { state: "DISABLED" } })],
  ["locked", (id) => db().user.update({ where: { id }, data: { lockedAt: NOW } })],
  [
    "given another password",
    async (id) => {
      const passwordHash = await hash.hashPassword("another gate, another house");
      // Its time stays, as if it had been set in the same instant as the one before: the hash alone tells.
      await db().user.update({ where: { id }, data: { passwordHash } });
    },
  ],
  ["deleted", (id) => db().user.delete({ where: { id } })],
];

/** Makes `change` happen after the next comparison of a password, before its result is returned. */
function changeDuringNextCheck(change: () => Promise<unknown>): void {
  const { verifyPassword } = hash;
  vi.spyOn(hash, "verifyPassword").mockImplementationOnce(async (...compared) => {
    const isRight = await verifyPassword(...compared);
    await change();
    return isRight;
  });
}

const auditRows = () =>
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
      changeDuringNextCheck(() => change(id));
      const login = await logIn(anonymous(), { email, password: PASSWORD, kind: "BROWSER" }, NOW);
      expect(login).toEqual({ ok: false, code: "refused" });
      expect(await auditRows()).toEqual([
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

  it("leaves the browser the session that it has", async () => {
    const { person, token } = await loggedIn(await makeUser(), { now: NOW });
    const { id, email } = await makeUser();
    changeDuringNextCheck(() => change(id));
    const typed = { email, password: PASSWORD, kind: "BROWSER", replacedToken: token } as const;
    expect(await logIn(anonymous(), typed, NOW)).toEqual({ ok: false, code: "refused" });
    expect(await db().session.findMany()).toMatchObject([{ id: person.sessionId, endedAt: null }]);
  });

  it("confirms nothing, and stands in the audit", async () => {
    const user = await makeUser();
    const { person } = await loggedIn(user, { now: NOW });
    changeDuringNextCheck(() => change(user.id));
    expect(await confirmPassword(person, PASSWORD, NOW)).toEqual({ ok: false, code: "wrong-password" });
    expect(await auditRows()).toMatchObject([
      { kind: "login-failed", details: { how: "confirmation", reason: "changed-meanwhile" } },
    ]);
  });
});

it("the right password gives a token of who the account’s person is by then, which the audit tells too", async () => {
  const { id, email } = await makeUser({ authority: "SYS_ADMIN" });
  const now = { email: "another@example.org", firstName: "Grace", lastName: "Hopper" };
  const data = { ...now, emailKey: now.email, authority: "CUSTOMER_USER" } as const;
  changeDuringNextCheck(() => db().user.update({ where: { id }, data }));
  const login = await logIn(anonymous(), { email, password: PASSWORD, kind: "BROWSER" }, NOW);
  expect(login).toMatchObject({ ok: true, email: now.email });
  const { claims } = readToken(login.ok ? login.token : "");
  const { firstName, lastName } = now;
  expect(claims).toMatchObject({
    sub: now.email,
    scopes: ["CUSTOMER_USER"],
    firstName,
    lastName,
  });
  expect(await auditRows()).toMatchObject([{ kind: "login-succeeded", subjectEmail: now.email }]);
});

describe("the right password of an administrator who asks for the signing key, and meanwhile", () => {
  const removals = [
    [
      "is one no more",
      "forbidden",
      ({ userId: id }: Person) => db().user.update({ where: { id }, data: { authority: "CUSTOMER_USER" } }),
    ],
    ["is signed out", "unauthenticated", (person: Person) => logOut(person, NOW)],
    [
      "is signed out by a change of keys, which is yet to mark whose sessions ended",
      "unauthenticated",
      () =>
        db().$transaction(async (tx) => {
          const from = await currentKey(tx);
          await rotate(tx, {
            from,
            to: generateSigningKey(),
            issuer: from.issuer,
            verifyUntil: null,
            now: NOW,
          });
        }),
    ],
    [
      "has their session go on under another id",
      "unauthenticated",
      ({ sessionId: id }: Person) => db().session.update({ where: { id }, data: { id: randomUUID() } }),
    ],
  ] as const;

  it.each(removals)("%s, shows none, and confirms nothing", async (_what, code, change) => {
    const user = await makeUser({ authority: "SYS_ADMIN" });
    const { person } = await loggedIn(user, { now: NOW });
    const later = new Date(NOW.getTime() + DAY_MS);
    changeDuringNextCheck(() => change(person));
    await expect(showSigningKey(person, { password: PASSWORD }, later)).rejects.toMatchObject({ code });
    expect((await auditRows()).map(({ kind }) => kind)).not.toContain("signing-key-shown");
    expect(await db().session.findFirst()).toMatchObject({ confirmedAt: NOW });
    expect(await db().user.findUnique({ where: { id: user.id } })).toMatchObject({ attemptsInFlight: 0 });
  });

  it.each(removals)("%s, once it is confirmed, shows none either", async (_what, _code, change) => {
    const { person } = await loggedIn(await makeUser({ authority: "SYS_ADMIN" }), { now: NOW });
    const query = pg.Client.prototype.query as (...args: unknown[]) => unknown;
    let isChanged = false;
    const spied = vi.spyOn(pg.Client.prototype, "query").mockImplementation(async function (
      this: pg.Client,
      ...args: unknown[]
    ) {
      if (!isChanged && statementText(args[0]).includes("WHERE verify_until IS NULL")) {
        isChanged = true;
        await change(person);
      }
      return query.apply(this, args);
    });
    const shown = showSigningKey(person, { password: PASSWORD }, NOW).finally(() => spied.mockRestore());
    await expect(shown).rejects.toMatchObject({ code: "unauthenticated" });
    expect(isChanged).toBe(true);
    expect((await auditRows()).map(({ kind }) => kind)).not.toContain("signing-key-shown");
  });
});

describe("a confirmation by somebody whose address has become another’s since they were recognised", () => {
  const OTHERS = "another gate, another house";

  /** A person as authenticated at the start of a request, and the account that has taken over their address since. */
  async function overtaken() {
    const user = await makeUser();
    const { person } = await loggedIn(user, { now: NOW });
    const moved = "moved@example.org";
    await db().user.update({ where: { id: user.id }, data: { email: moved, emailKey: moved } });
    return { person, user, other: await makeUser({ email: user.email, password: OTHERS }) };
  }
  const failures = async (id: string) =>
    (await db().user.findUniqueOrThrow({ where: { id } })).failedAttempts;

  it("takes their own password", async () => {
    const { person } = await overtaken();
    expect(await confirmPassword(person, PASSWORD, NOW)).toEqual({ ok: true });
  });

  it("does not take the other’s, and counts as a wrong one on their own account", async () => {
    const { person, user, other } = await overtaken();
    expect(await confirmPassword(person, OTHERS, NOW)).toEqual({ ok: false, code: "wrong-password" });
    expect(await failures(user.id)).toBe(1);
    expect(await failures(other.id)).toBe(0);
  });

  it("does not let their password be replaced by means of the other’s", async () => {
    const { person, user } = await overtaken();
    const change = { currentPassword: OTHERS, newPassword: "a third gate, a third house" };
    expect(await changePassword(person, change, NOW)).toEqual({ ok: false, code: "wrong-password" });
    expect(await db().user.findUnique({ where: { id: user.id } })).toMatchObject({
      passwordHash: user.passwordHash,
    });
  });
});

describe("the wrong password that locks an account", () => {
  const guess = (email: string) => logIn(anonymous(), { email, password: "a guess", kind: "BROWSER" }, NOW);

  it("notifies the owner at the address that was set meanwhile, and nobody at the former one", async () => {
    await makeSettings({ general: { maxFailedLoginAttempts: 1 } });
    const { id, email } = await makeUser();
    const another = "another@example.org";
    let guessed: Promise<unknown> | undefined;
    await db().$transaction(async (tx) => {
      await new Promise<void>((resolve) => {
        changeDuringNextCheck(async () => {
          await tx.user.update({ where: { id }, data: { email: another, emailKey: another } });
          resolve();
        });
        guessed = guess(email);
      });
      // The failure is written down once the address is set.
      await expect.poll(countWaiting).toBe(1);
    });
    await guessed;
    const mails = await db().outboxMessage.findMany({ where: { kind: "account-locked-owner" } });
    expect(mails).toMatchObject([{ recipient: another }]);
  });

  it("locks none that was disabled meanwhile, and tells nobody that it did", async () => {
    await makeSettings({
      general: { maxFailedLoginAttempts: 1, userLockoutNotificationEmail: "ops@example.org" },
    });
    const actor = await administrator();
    const { id, email } = await makeUser();
    changeDuringNextCheck(() => disableUser(actor, { userId: id }, NOW));
    await guess(email);
    expect(await db().user.findUnique({ where: { id } })).toMatchObject({ lockedAt: null });
    expect((await auditRows()).map(({ kind }) => kind)).toEqual(["account-disabled", "login-failed"]);
    expect(await db().outboxMessage.count()).toBe(0);
    expect(await db().accountLink.count({ where: { userId: id } })).toBe(0);
  });

  it("sets a lock with an end if the account has become the last administrator’s meanwhile", async () => {
    await makeSettings({ general: { maxFailedLoginAttempts: 1, lockoutDurationMinutes: null } });
    await db().user.deleteMany();
    const user = await makeUser();
    const former = await administrator();
    changeDuringNextCheck(async () => {
      await changeAuthority(former, { userId: user.id, seen: user.authority, authority: "SYS_ADMIN" }, NOW);
      const { person } = await loggedIn(user, { now: NOW });
      await deleteUser(person, { userId: former.userId, email: former.email }, NOW);
    });
    await guess(user.email);
    expect(await db().user.findMany()).toMatchObject([
      { email: user.email, authority: "SYS_ADMIN", lockedAt: NOW, lockedUntil: expect.any(Date) },
    ]);
  });
});
