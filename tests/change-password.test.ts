import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { setPassword } from "@/lib/accounts/store";
import { changePassword } from "@/lib/auth/service/change-password";
import { logIn } from "@/lib/auth/service/log-in";
import { host, type Person } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { authenticate } from "@/lib/sessions/service/authenticate";
import { continueBrowserSession } from "@/lib/sessions/service/browser-session";
import { makeSettings, makeUser, PASSWORD } from "./support/accounts";
import { anonymous, loggedIn } from "./support/actors";
import { countWaiting, countWaitingForTable, emptyDatabase } from "./support/database";
import { readMails } from "./support/outbox";
import { statementText } from "./support/statements";
import { readToken } from "./support/tokens";
import { startWorkers, stopWorkers, type Worker } from "./support/workers";

const NOW = new Date("2026-03-01T12:00:00Z");
const later = (days: number) => new Date(NOW.getTime() + days * 86_400_000);
const NEXT = "another gate, another house";

const change = (person: Person, currentPassword: string, newPassword: string, now = NOW) =>
  changePassword(person, { currentPassword, newPassword }, now);
const account = (id: string) => db().user.findUniqueOrThrow({ where: { id } });
const canLogIn = async (email: string, password: string, now = NOW) =>
  (await logIn(anonymous("198.51.100.1"), { email, password, kind: "REST" }, now)).ok;

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings({}, { savedAt: NOW });
  await db().auditEvent.deleteMany();
});

describe("a change of one's own password", () => {
  it("replaces it, keeps this session but no copy of its token, ends the others, and is told and mailed", async () => {
    const user = await makeUser();
    const mine = await loggedIn(user, { now: NOW });
    const browser = await loggedIn(user, { now: NOW });
    const rest = await loggedIn(user, { now: NOW, kind: "REST" });
    const stranger = await loggedIn(await makeUser(), { now: NOW });
    const changed = await change(mine.person, PASSWORD, NEXT);
    expect(changed).toEqual({ ok: true, token: expect.any(String), maxAgeSeconds: 604_800 });
    const isLive = async (token: string, kind: "BROWSER" | "REST") =>
      (await authenticate(token, kind, anonymous(), NOW)) !== null;
    expect(await isLive(changed.ok ? changed.token : "", "BROWSER")).toBe(true);
    expect(await isLive(mine.token, "BROWSER")).toBe(false);
    expect(await continueBrowserSession(mine.token, later(1))).toEqual({ state: "none" });
    expect(await db().session.findMany({ where: { userId: user.id, endedAt: null } })).toMatchObject([
      { kind: "BROWSER", createdAt: NOW, confirmedAt: NOW },
    ]);
    expect(await isLive(browser.token, "BROWSER")).toBe(false);
    expect(await isLive(rest.token, "REST")).toBe(false);
    expect(await isLive(stranger.token, "BROWSER")).toBe(true);
    expect((await account(user.id)).lastLoginAt).toBeNull();
    expect(await canLogIn(user.email, PASSWORD)).toBe(false);
    expect(await canLogIn(user.email, NEXT)).toBe(true);
    expect(await account(user.id)).toMatchObject({ passwordSetAt: NOW });
    expect(await db().auditEvent.findMany({ where: { kind: "password-changed" } })).toMatchObject([
      {
        actorId: user.id,
        subjectEmail: user.email,
        details: { how: "ACCOUNT", sessionId: { from: mine.sessionId, to: expect.any(String) }, sessions: 2 },
      },
    ]);
    expect(await readMails()).toMatchObject([
      {
        kind: "password-changed",
        recipient: user.email,
        values: {
          name: "Ada Lovelace",
          address: "203.0.113.7",
          userAgent: "Mozilla/5.0 (tests)",
          changedAt: NOW.toISOString(),
        },
      },
    ]);
  });

  it("may be to somebody else's former password, and nothing reveals that", async () => {
    await makeSettings({ password: { passwordReuseFrequencyDays: 10 } }, { savedAt: NOW });
    const [ada, bob] = [await makeUser(), await makeUser({ password: "quite another password" })];
    expect(await change((await loggedIn(ada, { now: NOW })).person, PASSWORD, NEXT)).toMatchObject({
      ok: true,
    });
    const { person } = await loggedIn(bob, { now: NOW });
    expect(await change(person, "quite another password", PASSWORD)).toMatchObject({ ok: true });
  });

  it("lifts a lock that came upon the account meanwhile, and the audit tells", async () => {
    await makeSettings({ password: { passwordReuseFrequencyDays: 1 } }, { savedAt: NOW });
    const user = await makeUser();
    const { person } = await loggedIn(user, { now: NOW });
    let changed: ReturnType<typeof change> | undefined;
    await db().$transaction(async (tx) => {
      // The change reads this table after it has checked the current password, and so waits here.
      await tx.$executeRaw`LOCK TABLE password_history IN ACCESS EXCLUSIVE MODE`;
      changed = change(person, PASSWORD, NEXT);
      await expect.poll(countWaiting).toBe(1);
      await tx.user.update({ where: { id: user.id }, data: { lockedAt: NOW } });
    });
    expect(await changed).toMatchObject({ ok: true });
    expect(await account(user.id)).toMatchObject({ lockedAt: null });
    expect(await db().auditEvent.findMany({ where: { kind: "account-unlocked" } })).toMatchObject([
      { actorId: user.id, subjectEmail: user.email, details: { by: "change" } },
    ]);
  });

  it("is reported to the address, and with the authority, that an administrator has set meanwhile", async () => {
    await makeSettings({ password: { passwordReuseFrequencyDays: 1 } }, { savedAt: NOW });
    const { id, ...user } = await makeUser({ authority: "SYS_ADMIN" });
    const { person } = await loggedIn({ id, ...user }, { now: NOW });
    const [email, authority] = ["another@example.org", "CUSTOMER_USER"] as const;
    let changed: ReturnType<typeof change> | undefined;
    await db().$transaction(async (edit) => {
      await db().$transaction(async (tx) => {
        await tx.$executeRaw`LOCK TABLE password_history IN ACCESS EXCLUSIVE MODE`;
        changed = change(person, PASSWORD, NEXT);
        await expect.poll(() => countWaitingForTable("password_history")).toBe(1);
        await edit.user.update({ where: { id }, data: { email, emailKey: email, authority } });
      });
      // Now it waits for the account.
      await expect.poll(() => countWaitingForTable("password_history")).toBe(0);
      await expect.poll(countWaiting).toBe(1);
    });
    const result = await changed;
    expect(result).toMatchObject({ ok: true });
    expect(await readMails()).toMatchObject([
      { kind: "password-changed", recipient: email, values: { endedAll: false } },
    ]);
    const { claims } = readToken(result?.ok ? result.token : "");
    expect(claims).toMatchObject({ sub: email, scopes: [authority] });
  });

  it("lifts no lock if the account is no longer as it was read", async () => {
    const user = await makeUser({ state: "DISABLED", lockedAt: NOW });
    const read = { ...user, state: "ACTIVE" } as const;
    expect(await setPassword(db(), read, "another hash", { by: "change", now: NOW })).toBeNull();
    expect(await account(user.id)).toMatchObject({ passwordHash: user.passwordHash, lockedAt: NOW });
  });

  it("does not enable an account that was disabled after the current password was checked", async () => {
    const user = await makeUser();
    const { person } = await loggedIn(user, { now: NOW });
    const { id } = user;
    const query = pg.Client.prototype.query as (...args: unknown[]) => unknown;
    let isDisabled = false;
    // Disabled just before the account is read again. Its sessions end in batches, and this one may be among the last.
    const spied = vi.spyOn(pg.Client.prototype, "query").mockImplementation(async function (
      this: pg.Client,
      ...args: unknown[]
    ) {
      if (!isDisabled && statementText(args[0]).startsWith('SELECT "public"."users"')) {
        isDisabled = true;
        await db().user.update({ where: { id }, data: { state: "DISABLED" } });
      }
      return query.apply(this, args);
    });
    const changed = change(person, PASSWORD, NEXT).finally(() => spied.mockRestore());
    await expect(changed).rejects.toMatchObject({ code: "unauthenticated" });
    expect(isDisabled).toBe(true);
    expect(await account(id)).toMatchObject({ state: "DISABLED" });
  });

  it.each([
    ["the policy", "short", { code: "violates-policy", violations: [{ code: "too-short" }] }],
    ["half a character", `${NEXT}\ud83d`, { code: "violates-policy", violations: [{ code: "ill-formed" }] }],
    ["what it is already", PASSWORD, { code: "same-as-current" }],
    [
      "a length that is beyond all policies, without being normalised",
      "a\u0301".repeat(10_000),
      { code: "violates-policy", violations: [{ code: "too-long", required: 128, actual: 20_000 }] },
    ],
  ])("is refused for %s, and then nothing has happened", async (_name, password, refusal) => {
    const user = await makeUser();
    const { person } = await loggedIn(user, { now: NOW });
    const other = await loggedIn(user, { now: NOW });
    expect(await change(person, PASSWORD, password)).toMatchObject({ ok: false, ...refusal });
    expect(await account(user.id)).toMatchObject({ passwordHash: user.passwordHash, failedAttempts: 0 });
    expect(await authenticate(other.token, "BROWSER", anonymous(), NOW)).not.toBeNull();
    expect(await db().outboxMessage.count()).toBe(0);
  });

  it("takes the current password whatever today's policy says of it", async () => {
    const { person } = await loggedIn(await makeUser({ password: "short" }), { now: NOW });
    expect(await change(person, "short", "short"), "the policy comes first").toMatchObject({
      code: "violates-policy",
    });
    expect(await change(person, "short", NEXT)).toMatchObject({ ok: true });
  });

  it("cannot return to a recent password, and can once its days are over", async () => {
    await makeSettings({ password: { passwordReuseFrequencyDays: 10 } }, { savedAt: NOW });
    const user = await makeUser();
    const { person } = await loggedIn(user, { now: NOW });
    expect(await change(person, PASSWORD, NEXT, later(0))).toMatchObject({ ok: true });
    const again = await loggedIn(user, { now: later(10) });
    expect(await change(again.person, NEXT, PASSWORD, later(10))).toEqual({
      ok: false,
      code: "used-before",
      days: 10,
    });
    expect(await change(again.person, NEXT, PASSWORD, later(10.01))).toMatchObject({ ok: true });
    // By a longer period it is a recent one again. What is told of it is that it is the current one.
    await makeSettings({ password: { passwordReuseFrequencyDays: 20 } }, { savedAt: later(10.01) });
    const { person: once } = await loggedIn(user, { now: later(10.01) });
    expect(await change(once, PASSWORD, PASSWORD, later(10.02))).toEqual({
      ok: false,
      code: "same-as-current",
    });
  });
});

describe("a wrong current password", () => {
  it("counts like any wrong password, and locks the account with the last one", async () => {
    await makeSettings({ general: { maxFailedLoginAttempts: 3 } }, { savedAt: NOW });
    const user = await makeUser();
    const { person, token } = await loggedIn(user, { now: NOW });
    expect(await canLogIn(user.email, "wrong")).toBe(false);
    for (let i = 0; i < 2; i += 1) {
      expect(await change(person, "wrong", NEXT)).toEqual({ ok: false, code: "wrong-password" });
    }
    expect(await account(user.id)).toMatchObject({ lockedAt: NOW, failedAttempts: 3 });
    expect(await change(person, PASSWORD, NEXT)).toEqual({ ok: false, code: "wrong-password" });
    expect(await authenticate(token, "BROWSER", anonymous(), NOW)).not.toBeNull();
    expect((await readMails()).map(({ kind }) => kind)).toEqual(["account-locked-owner"]);
  });

  it("is forgotten after the right one", async () => {
    const user = await makeUser();
    const { person } = await loggedIn(user, { now: NOW });
    await change(person, "wrong", NEXT);
    expect(await account(user.id)).toMatchObject({ failedAttempts: 1 });
    await change(person, PASSWORD, NEXT);
    expect(await account(user.id)).toMatchObject({ failedAttempts: 0 });
  });

  it("is held up by the network address's limit", async () => {
    await makeSettings({ general: { loginAttemptsPerAddressPerMinute: 2 } }, { savedAt: NOW });
    const { person } = await loggedIn(await makeUser(), { now: NOW });
    for (let i = 0; i < 2; i += 1) await change(person, "wrong", NEXT);
    expect(await change(person, PASSWORD, NEXT)).toMatchObject({ ok: false, code: "throttled" });
  });
});

it.each([["nobody", anonymous()] as const, ["the host", host] as const])(
  "%s has no password to change",
  async (_name, actor) => {
    await expect(
      changePassword(actor, { currentPassword: PASSWORD, newPassword: NEXT }),
    ).rejects.toMatchObject({ name: "Refusal", code: "unauthenticated" });
  },
);

describe("many changes at once", () => {
  let workers: Worker[] = [];
  beforeAll(async () => {
    workers = await startWorkers(2);
  });
  afterAll(() => stopWorkers(workers));

  it("have one winner, whose password it then is", async () => {
    // After the winner, the current password of all others is wrong; without a limit these failures do not lock.
    await makeSettings({ general: { maxFailedLoginAttempts: null } }, { savedAt: NOW });
    const user = await makeUser();
    const { person } = await loggedIn(user, { now: NOW });
    const passwords = Array.from({ length: 8 }, (_, i) => `candidate number ${i} of eight`);
    const answers = await Promise.all(
      passwords.map((newPassword, i) =>
        workers[i % 2]
          ?.call("changePassword", person, { currentPassword: PASSWORD, newPassword }, NOW)
          .catch(({ code }) => ({ ok: false, code })),
      ),
    );
    const winners = passwords.filter((_, i) => answers[i]?.ok);
    expect(winners).toHaveLength(1);
    // Whoever has proved the password just before the winner's change finds the session under another id.
    const loss = expect.stringMatching(/^(?:wrong-password|unauthenticated)$/);
    const losers = answers.filter((answer) => !answer?.ok);
    expect(losers).toEqual(Array(7).fill({ ok: false, code: loss }));
    expect(await canLogIn(user.email, winners[0] ?? "")).toBe(true);
    expect((await readMails()).map(({ kind }) => kind)).toEqual(["password-changed"]);
  });
});
