import { beforeEach, describe, expect, it } from "vitest";
import { choosePassword } from "@/lib/accounts/service/new-password";
import { lockUserRow, type User } from "@/lib/accounts/store";
import { expiredGrantCookieName, expiredGrantCookieOptions } from "@/lib/auth/expired-grant-cookie";
import { recordFailure } from "@/lib/auth/lockout";
import { logIn } from "@/lib/auth/service/log-in";
import { reserveAttempt } from "@/lib/auth/store";
import { host } from "@/lib/core/actor";
import { db, driver } from "@/lib/core/db";
import { forgetReplacedPasswords } from "@/lib/password/retention";
import { rescueUnlock } from "@/lib/rescue/service/accounts";
import { authenticate } from "@/lib/sessions/service/authenticate";
import { continueBrowserSession } from "@/lib/sessions/service/browser-session";
import { generalPolicyDefaults } from "@/lib/settings/general/schema";
import { unlockUser } from "@/lib/users/service/administer-user";
import { issueUserLink } from "@/lib/users/service/issue-link";
import { makeSettings, makeUser, PASSWORD } from "./support/accounts";
import { administrator, anonymous, loggedIn } from "./support/actors";
import { countWaiting, emptyDatabase } from "./support/database";
import { makeLink } from "./support/links";
import { readMails, secretOf } from "./support/outbox";

const START = new Date("2026-03-01T12:00:00Z");
const later = (minutes: number) => new Date(START.getTime() + minutes * 60_000);
const DAY = 24 * 60;

const tryPassword = (email: string, password: string, now = START, actor = anonymous()) =>
  logIn(actor, { email, password, kind: "BROWSER" }, now);

const auditTrail = async () =>
  (await db().auditEvent.findMany({ orderBy: { id: "asc" } })).map(({ kind }) => kind);
const lastAudit = () => db().auditEvent.findFirstOrThrow({ orderBy: { id: "desc" } });
const account = (email: string) => db().user.findUniqueOrThrow({ where: { emailKey: email.toLowerCase() } });

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings({}, { savedAt: START });
  await db().auditEvent.deleteMany();
});

describe("the right password", () => {
  it("begins a session whose token speaks for the account", async () => {
    const { email } = await makeUser({ email: "Ada@Example.org" });
    const result = await tryPassword("  aDA@example.ORG ", PASSWORD);
    expect(result).toMatchObject({ ok: true, email });
    const token = result.ok ? result.token : "";
    expect(await authenticate(token, "BROWSER", anonymous(), START)).toMatchObject({
      email,
      authority: "CUSTOMER_USER",
    });
    expect(await auditTrail()).toEqual(["login-succeeded"]);
    expect((await account(email)).lastLoginAt).toEqual(START);
  });

  it("lets in whoever types a domain as it is read, and counts with the same account", async () => {
    const { email } = await makeUser({ email: "ann@xn--bcher-kva.example" });
    expect(await tryPassword("ann@bücher.example", "wrong")).toMatchObject({ ok: false, code: "refused" });
    expect((await account(email)).failedAttempts).toBe(1);
    expect(await tryPassword("ann@Bücher.example", PASSWORD)).toMatchObject({ ok: true, email });
  });

  it("is the whole of it, and nothing but it", async () => {
    const long = `${"x".repeat(199)}a${"😀".repeat(20)}`;
    const { email } = await makeUser({ password: long });
    for (const wrong of [long.replace("a", "b"), long.slice(0, -2), ` ${long}`, long.toUpperCase()]) {
      expect(await tryPassword(email, wrong)).toMatchObject({ ok: false, code: "refused" });
    }
    expect(await tryPassword(email, long)).toMatchObject({ ok: true });
  });

  it("is the same in either Unicode composition", async () => {
    const { email } = await makeUser({ password: "crème brûlée au four" });
    expect(await tryPassword(email, "crème brûlée au four".normalize("NFD"))).toMatchObject({ ok: true });
  });

  it("sets the failures back to none", async () => {
    const { email } = await makeUser();
    for (let i = 0; i < 4; i += 1) await tryPassword(email, "wrong");
    expect(await tryPassword(email, PASSWORD)).toMatchObject({ ok: true });
    for (let i = 0; i < 4; i += 1) await tryPassword(email, "wrong");
    expect((await account(email)).lockedAt).toBeNull();
  });

  it.each([
    ["password-expired", { passwordExpirationPeriodDays: 1 }],
    ["reset-required", { minimumDigits: 3, forceUserToResetPasswordIfNotValid: true }],
  ])("sets them back also where it begins no session: %s", async (code, password) => {
    await makeSettings({ password }, { savedAt: START });
    const { email } = await makeUser({ passwordSetAt: START });
    const now = later(2 * DAY);
    for (let i = 0; i < 4; i += 1) await tryPassword(email, "wrong", now);
    expect(await tryPassword(email, PASSWORD, now)).toMatchObject({ ok: false, code });
    expect(await account(email)).toMatchObject({ failedAttempts: 0, lockedAt: null });
  });

  describe("whose hash is of an older strength", () => {
    async function weakenHash(): Promise<void> {
      const { hash } = await import("@node-rs/argon2");
      const weak = await hash(PASSWORD, { memoryCost: 8_192, timeCost: 1, parallelism: 1 });
      await db().user.updateMany({ data: { passwordHash: weak } });
    }

    it("is hashed again, once", async () => {
      const { email } = await makeUser();
      await weakenHash();
      expect(await tryPassword(email, PASSWORD)).toMatchObject({ ok: true });
      const { passwordHash } = await account(email);
      expect(passwordHash).toContain("m=19456,t=2,p=1");
      expect(await tryPassword(email, PASSWORD)).toMatchObject({ ok: true });
      expect(await account(email)).toMatchObject({ passwordHash });
    });

    it("lets in everyone who gives it at once", async () => {
      const { email } = await makeUser();
      await weakenHash();
      const logins = await Promise.all(Array.from({ length: 12 }, () => tryPassword(email, PASSWORD)));
      expect(logins.map(({ ok }) => ok)).toEqual(Array(12).fill(true));
      expect(await tryPassword(email, "wrong")).toMatchObject({ ok: false });
    });
  });
});

describe("at a browser that is logged in already", () => {
  const LOGIN = later(200);
  const EXPIRED = START;
  const LIVE = later(199);
  const enter = (email: string, replacedToken: string, password = PASSWORD) =>
    logIn(anonymous(), { email, password, kind: "BROWSER", replacedToken }, LOGIN);
  const endings = () => db().auditEvent.findMany({ where: { kind: "sessions-ended" } });

  it.each([
    ["a token that is live", LIVE],
    ["one that only lacks time", EXPIRED],
  ])("a login ends the session that it leaves, whoever's it is: %s", async (_name, begun) => {
    const [ada, bob] = [await makeUser(), await makeUser()];
    const elsewhere = await loggedIn(bob, { now: LIVE });
    const left = await loggedIn(bob, { now: begun });
    const login = await enter(ada.email, left.token);
    expect(await authenticate(login.ok ? login.token : "", "BROWSER", anonymous(), LOGIN)).not.toBeNull();
    expect(await continueBrowserSession(left.token, LOGIN)).toEqual({ state: "none" });
    expect(await continueBrowserSession(elsewhere.token, LOGIN)).toEqual({ state: "live" });
    const { sessionId } = left;
    expect(await endings()).toMatchObject([
      {
        actorId: null,
        subjectId: bob.id,
        subjectEmail: bob.email,
        details: { reason: "another-login", sessions: 1, sessionId },
      },
    ]);
  });

  it("a session that has ended otherwise meanwhile is not told to the audit as left", async () => {
    const [ada, bob] = [await makeUser(), await makeUser()];
    const { token, sessionId } = await loggedIn(bob, { now: LIVE });
    let login: ReturnType<typeof enter> | undefined;
    await db().$transaction(async (tx) => {
      await tx.session.update({ where: { id: sessionId }, data: { endedAt: LIVE } });
      login = enter(ada.email, token);
      await expect.poll(countWaiting).toBe(1);
    });
    expect(await login).toMatchObject({ ok: true });
    expect(await endings()).toEqual([]);
  });

  it("a login that is refused leaves nothing", async () => {
    const [ada, bob] = [await makeUser(), await makeUser()];
    const { token } = await loggedIn(bob, { now: LIVE });
    expect(await enter(ada.email, token, "wrong")).toMatchObject({ ok: false });
    expect(await continueBrowserSession(token, LOGIN)).toEqual({ state: "live" });
  });

  it.each<[string, (own: string, foreign: string, rest: string) => string]>([
    ["a program's token", (_own, _foreign, rest) => rest],
    [
      "a token of another session with a signature of one's own",
      (own, foreign) => [...foreign.split(".").slice(0, 2), own.split(".")[2]].join("."),
    ],
    [
      "a token of another session with one's own head and claims",
      (own, foreign) => [...own.split(".").slice(0, 2), foreign.split(".")[2]].join("."),
    ],
    ["a bare id", (_own, foreign) => JSON.parse(atob(foreign.split(".")[1] ?? "")).sessionId],
    ["no token", () => "x"],
  ])("%s ends nothing", async (_name, forge) => {
    const [ada, bob] = [await makeUser(), await makeUser()];
    const own = await loggedIn(ada, { now: LIVE });
    const foreign = await loggedIn(bob, { now: LIVE });
    const rest = await loggedIn(bob, { now: LIVE, kind: "REST" });
    expect(await enter(ada.email, forge(own.token, foreign.token, rest.token))).toMatchObject({ ok: true });
    expect(await db().session.count({ where: { endedAt: null } })).toBe(4);
    expect(await endings()).toEqual([]);
  });
});

describe("what does not let in", () => {
  const cases: [string, Parameters<typeof makeUser>[0] | null, string, string][] = [
    ["an unknown address", null, PASSWORD, "unknown-account"],
    ["an account not yet activated", { state: "INVITED" }, PASSWORD, "not-activated"],
    ["a disabled account", { state: "DISABLED" }, PASSWORD, "disabled"],
    ["a locked account", { lockedAt: START, lockedUntil: later(1) }, PASSWORD, "locked"],
    ["an account locked for good", { lockedAt: START, lockedUntil: null }, PASSWORD, "locked"],
    ["a wrong password", {}, "wrong", "wrong-password"],
    ["an empty password", {}, "", "wrong-password"],
    ["a password of a megabyte", {}, "x".repeat(1_048_576), "wrong-password"],
    ["a password with NUL", {}, `${PASSWORD}\0`, "wrong-password"],
    ["a password with half a character", {}, `${PASSWORD}\ud83d`, "wrong-password"],
  ];

  it.each(cases)("%s gets the one answer, and the audit knows why", async (_name, user, password, reason) => {
    const email = user ? (await makeUser(user)).email : "nobody@example.org";
    expect(await tryPassword(email, password)).toEqual({ ok: false, code: "refused" });
    const event = await lastAudit();
    expect(event).toMatchObject({ kind: "login-failed", subjectEmail: email, details: { reason } });
    expect(JSON.stringify(event.details)).not.toContain(PASSWORD);
    expect(await db().session.count()).toBe(0);
  });

  it.each([
    "",
    "nobody",
    PASSWORD,
    "a@b\r\nBcc: c@d",
    "\0",
    `${"x".repeat(300)}@example.org`,
    "mıke@example.org",
  ])("records nothing of %.20j, which is no address", async (typed) => {
    await makeUser({ email: "mike@example.org" });
    expect(await tryPassword(typed, PASSWORD)).toEqual({ ok: false, code: "refused" });
    expect(await lastAudit()).toMatchObject({ kind: "login-failed", subjectEmail: "", subjectId: null });
  });
});

describe("the lock", () => {
  const unlockLinksOf = async (userId: string) =>
    (await db().accountLink.findMany({ where: { userId, purpose: "UNLOCK" } })).map((link) => link.expiresAt);

  it("comes with the N-th wrong password, once, with its notices", async () => {
    await makeSettings({
      general: { maxFailedLoginAttempts: 3, userLockoutNotificationEmail: "ops@example.org" },
    });
    const { email, id } = await makeUser();
    for (let i = 0; i < 2; i += 1) await tryPassword(email, "wrong");
    expect((await account(email)).lockedAt).toBeNull();
    for (let i = 0; i < 3; i += 1) await tryPassword(email, "wrong");
    expect(await account(email)).toMatchObject({
      lockedAt: START,
      lockedUntil: later(30),
      failedAttempts: 3,
    });
    expect((await auditTrail()).filter((kind) => kind === "account-locked")).toHaveLength(1);
    const origin = { address: "203.0.113.7", userAgent: "Mozilla/5.0 (tests)" };
    const facts = { attempts: 3, ...origin, lockedUntil: later(30).toISOString() };
    const unlockUrl = expect.stringMatching(/\/unlock\?token=[\w-]{43}$/);
    expect(await readMails(id)).toMatchObject([
      { kind: "account-locked", recipient: "ops@example.org", values: { ...facts, email } },
      {
        kind: "account-locked-owner",
        recipient: email,
        values: { ...facts, name: "Ada Lovelace", unlockUrl, linkExpiresAt: later(30).toISOString() },
      },
    ]);
    expect(await unlockLinksOf(id)).toEqual([later(30)]);
  });

  it("is told to nobody where neither a mailbox nor the owner is to be told, who then gets no link", async () => {
    const silent = { notifyOwnerOnLockout: false, lockoutDurationMinutes: 45 };
    await makeSettings({ general: { maxFailedLoginAttempts: 1, ...silent } });
    const { email, id } = await makeUser();
    await tryPassword(email, "wrong");
    expect(await account(email)).toMatchObject({ lockedAt: START, lockedUntil: later(45) });
    expect(await readMails()).toEqual([]);
    expect(await unlockLinksOf(id)).toEqual([]);
  });

  it("comes once, although a password is still compared that was tried before the limit was lowered", async () => {
    const { email } = await makeUser();
    const reserve = () => reserveAttempt(driver(), { emailKey: email.toLowerCase() }, 0);
    const general = { ...generalPolicyDefaults, maxFailedLoginAttempts: 1 };
    for (const account of [await reserve(), await reserve()]) {
      if (!account) throw new Error("There is no such account.");
      const failure = { attempt: { outcome: "wrong", account }, email, how: "BROWSER" } as const;
      await recordFailure(anonymous(), failure, { general, now: START });
    }
    expect(await auditTrail()).toEqual(["login-failed", "account-locked", "login-failed"]);
    expect(await db().outboxMessage.count()).toBe(1);
  });

  it("ends by itself, not a moment early, and says so once", async () => {
    const { email } = await makeUser();
    for (let i = 0; i < 5; i += 1) await tryPassword(email, "wrong");
    const justBefore = new Date(later(30).getTime() - 1);
    expect(await tryPassword(email, PASSWORD, justBefore)).toMatchObject({ code: "refused" });
    expect(await tryPassword(email, "wrong", later(30))).toMatchObject({ code: "refused" });
    expect((await account(email)).failedAttempts).toBe(1);
    expect(await tryPassword(email, PASSWORD, later(30))).toMatchObject({ ok: true });
    expect((await auditTrail()).filter((kind) => kind === "account-unlocked")).toHaveLength(1);
  });

  it.each<[string, (user: User, now: Date) => Promise<{ ok: boolean }>]>([
    [
      "a reset",
      async ({ id }, now) => {
        const { secret } = await makeLink(id, "PASSWORD_RESET", now);
        const input = { purpose: "PASSWORD_RESET", secret, password: "another gate, another house" } as const;
        return choosePassword(anonymous(), input, now);
      },
    ],
    ["an administrator", async ({ id }, now) => unlockUser(await administrator(), { userId: id }, now)],
    ["an operator", ({ email }, now) => rescueUnlock(host, { email }, now)],
  ])("that has ended by itself was not lifted by %s", async (_who, act) => {
    const user = await makeUser({ lockedAt: START, lockedUntil: later(30), failedAttempts: 5 });
    expect(await act(user, later(31))).toMatchObject({ ok: true });
    expect(await account(user.email)).toMatchObject({ lockedAt: null, failedAttempts: 0 });
    expect(await db().auditEvent.findMany({ where: { kind: "account-unlocked" } })).toMatchObject([
      { subjectId: user.id, details: { by: "time" } },
    ]);
  });

  it.each([
    ["an end", later(60)],
    ["none", null],
  ])("is a new one when the account is locked again meanwhile, with %s", async (_end, lockedUntil) => {
    const { id, email } = await makeUser({ lockedAt: START, lockedUntil: later(30), failedAttempts: 5 });
    let login: ReturnType<typeof tryPassword> | undefined;
    await db().$transaction(async (tx) => {
      await lockUserRow(tx, id);
      login = tryPassword(email, PASSWORD, later(30));
      await expect.poll(countWaiting).toBe(1);
      await tx.user.update({ where: { id }, data: { lockedAt: later(30), lockedUntil } });
    });
    expect(await login).toEqual({ ok: false, code: "refused" });
    expect(await account(email)).toMatchObject({ lockedAt: later(30), lockedUntil, failedAttempts: 5 });
    expect(await auditTrail()).toEqual(["login-failed"]);
  });

  it("is not prolonged by what is tried while it lasts", async () => {
    const { email } = await makeUser();
    for (let i = 0; i < 5; i += 1) await tryPassword(email, "wrong");
    for (let i = 0; i < 5; i += 1) await tryPassword(email, "wrong", later(20));
    expect(await account(email)).toMatchObject({ lockedUntil: later(30), failedAttempts: 5 });
  });

  it("lasts until somebody lifts it where no duration is set", async () => {
    await makeSettings({ general: { lockoutDurationMinutes: null } });
    const { id, email } = await makeUser();
    for (let i = 0; i < 5; i += 1) await tryPassword(email, "wrong");
    expect(await tryPassword(email, PASSWORD, later(365 * DAY))).toMatchObject({ code: "refused" });
    expect(await unlockLinksOf(id)).toEqual([later(DAY)]);
  });

  it.each([0, null])("never comes with a limit of %s", async (maxFailedLoginAttempts) => {
    await makeSettings({ general: { maxFailedLoginAttempts } });
    const { email } = await makeUser();
    for (let i = 0; i < 12; i += 1) await tryPassword(email, "wrong");
    expect(await tryPassword(email, PASSWORD)).toMatchObject({ ok: true });
  });

  it("comes with the next wrong password when the limit is lowered below the failures", async () => {
    const { email } = await makeUser({ failedAttempts: 4 });
    await makeSettings({ general: { maxFailedLoginAttempts: 2 } });
    await tryPassword(email, "wrong");
    expect((await account(email)).lockedAt).toEqual(START);
  });

  it("never shuts the last active administrator out for good", async () => {
    await makeSettings({ general: { lockoutDurationMinutes: null } });
    await db().user.deleteMany();
    const first = await makeUser({ authority: "SYS_ADMIN" });
    const second = await makeUser({ authority: "SYS_ADMIN" });
    await makeUser({ authority: "SYS_ADMIN", state: "DISABLED" });
    for (const { email } of [first, second]) {
      for (let i = 0; i < 5; i += 1) await tryPassword(email, "wrong");
    }
    expect((await account(first.email)).lockedUntil).toBeNull();
    expect((await account(second.email)).lockedUntil).toEqual(later(30));
  });

  it("leaves the sessions alone that were there before", async () => {
    const { email } = await makeUser();
    const result = await tryPassword(email, PASSWORD);
    for (let i = 0; i < 5; i += 1) await tryPassword(email, "wrong");
    const token = result.ok ? result.token : "";
    expect(await authenticate(token, "BROWSER", anonymous(), START)).not.toBeNull();
  });
});

describe("an expired password", () => {
  const expiry = { passwordExpirationPeriodDays: 90, passwordReuseFrequencyDays: 365 };

  it("leaves a browser its grant where no script, no other page and no other site gets at it", () => {
    const kept = { httpOnly: true, sameSite: "strict", path: "/password-expired", secure: false };
    expect(expiredGrantCookieOptions()).toEqual(kept);
    expect(expiredGrantCookieName(true)).toMatch(/^__Secure-/);
  });

  it("must be replaced, with a grant that works once and for ten minutes", async () => {
    await makeSettings({ password: expiry }, { savedAt: START });
    const { email } = await makeUser({ passwordSetAt: START });
    const dayAfter = later(90 * DAY + 1);
    expect(await tryPassword(email, PASSWORD, later(90 * DAY))).toMatchObject({ ok: true });
    const refused = await tryPassword(email, PASSWORD, dayAfter);
    expect(refused).toMatchObject({ ok: false, code: "password-expired" });
    const details = { how: "BROWSER", reason: "password-expired" };
    expect(await lastAudit()).toMatchObject({ kind: "login-failed", subjectEmail: email, details });
    expect((await account(email)).lastLoginAt).toEqual(later(90 * DAY));
    const secret = refused.ok || refused.code !== "password-expired" ? "" : refused.grant;
    const choose = (password: string, now = dayAfter) =>
      choosePassword(anonymous(), { purpose: "PASSWORD_EXPIRED", secret, password }, now);

    expect(await choose("short")).toMatchObject({
      code: "violates-policy",
      violations: [{ code: "too-short" }],
    });
    expect(await choose(PASSWORD)).toMatchObject({ code: "same-as-current" });
    expect(await choose("another good password", new Date(dayAfter.getTime() + 600_000))).toMatchObject({
      code: "link-unusable",
    });
    const lastMoment = new Date(dayAfter.getTime() + 599_999);
    expect(await choose("another good password", lastMoment)).toMatchObject({ ok: true });
    expect(await choose("yet another password", lastMoment)).toMatchObject({ code: "link-unusable" });
    expect(await db().session.findMany()).toMatchObject([{ endReason: "password-changed" }]);
    expect(await tryPassword(email, PASSWORD, dayAfter)).toMatchObject({ code: "refused" });
    expect(await tryPassword(email, "another good password", dayAfter)).toMatchObject({ ok: true });
    expect((await db().outboxMessage.findMany()).map(({ kind }) => kind)).toEqual(["password-changed"]);
  });

  it.each([
    ["expiry is switched on", { savedAt: START, expirySwitchedOnAt: START }],
    ["the policy was saved, where nobody noted since when there is expiry", { savedAt: START }],
  ])("is not one on the day on which %s", async (_when, saved) => {
    await makeSettings({ password: expiry }, saved);
    const { email } = await makeUser({ passwordSetAt: new Date("2020-01-01T00:00:00Z") });
    expect(await tryPassword(email, PASSWORD, later(90 * DAY))).toMatchObject({ ok: true });
    expect(await tryPassword(email, PASSWORD, later(90 * DAY + 1))).toMatchObject({
      code: "password-expired",
    });
  });

  it("is replaced first where it violates the policy as well, and then nothing is mailed", async () => {
    const forced = { minimumDigits: 3, forceUserToResetPasswordIfNotValid: true };
    await makeSettings({ password: { ...expiry, ...forced } }, { savedAt: START });
    const { email } = await makeUser({ passwordSetAt: START });
    expect(await tryPassword(email, PASSWORD, later(90 * DAY + 1))).toMatchObject({
      code: "password-expired",
    });
    expect(await db().outboxMessage.count()).toBe(0);
    expect(await tryPassword(email, PASSWORD, later(90 * DAY))).toMatchObject({ code: "reset-required" });
  });

  it("does not come back while the reuse rule remembers it", async () => {
    await makeSettings({ password: { ...expiry, passwordExpirationPeriodDays: 30 } }, { savedAt: START });
    const { email } = await makeUser({ passwordSetAt: START });
    const replace = async (from: string, to: string, now: Date) => {
      const refused = await tryPassword(email, from, now);
      const secret = refused.ok || refused.code !== "password-expired" ? "" : refused.grant;
      return choosePassword(anonymous(), { purpose: "PASSWORD_EXPIRED", secret, password: to }, now);
    };
    const [first, second] = [later(31 * DAY), later(62 * DAY)];
    expect(await replace(PASSWORD, "the second password", first)).toMatchObject({ ok: true });
    expect(await replace("the second password", PASSWORD, second)).toMatchObject({
      code: "used-before",
      days: 365,
    });
    expect(await replace("the second password", "the third password", second)).toMatchObject({ ok: true });
    const afterAYear = new Date(first.getTime() + 366 * DAY * 60_000);
    expect(await replace("the third password", PASSWORD, afterAYear)).toMatchObject({ ok: true });
    expect(await forgetReplacedPasswords(afterAYear)).toBe(1);
  });
});

describe("a password that violates the policy", () => {
  it("is good as long as nothing forces its reset", async () => {
    await makeSettings({ password: { minimumDigits: 3 } });
    const { email } = await makeUser();
    expect(await tryPassword(email, PASSWORD)).toMatchObject({ ok: true });
  });

  it("is mailed a reset link where that is forced, and begins no session", async () => {
    await makeSettings({ password: { minimumDigits: 3, forceUserToResetPasswordIfNotValid: true } });
    const { email, id } = await makeUser();
    expect(await tryPassword(email, PASSWORD)).toEqual({
      ok: false,
      code: "reset-required",
      isMailed: false,
    });
    expect(await db().session.count()).toBe(0);
    expect((await account(email)).lastLoginAt).toBeNull();
    const resetUrl = expect.stringContaining(`${process.env.BASE_URL}/reset-password?token=`);
    expect(await readMails(id)).toMatchObject([
      { kind: "password-reset-forced", recipient: email, values: { resetUrl } },
    ]);
    expect(await lastAudit()).toMatchObject({
      kind: "password-reset-forced",
      subjectEmail: email,
      details: { how: "BROWSER" },
    });
  });

  it("has its owner mailed one link in some minutes, which goes on working", async () => {
    await makeSettings({ password: { minimumDigits: 3, forceUserToResetPasswordIfNotValid: true } });
    const { email, id } = await makeUser();
    const demand = async (at: Date) => {
      let answers: unknown;
      await db().$transaction(async (tx) => {
        // All of them look at once for the link that was mailed before.
        await tx.$executeRaw`LOCK TABLE account_links IN ACCESS EXCLUSIVE MODE`;
        answers = Promise.all(Array.from({ length: 4 }, () => tryPassword(email, PASSWORD, at)));
        await expect.poll(countWaiting).toBe(4);
      });
      expect(await answers).toEqual(Array(4).fill({ ok: false, code: "reset-required", isMailed: false }));
      return (await readMails(id)).map(({ values }) => secretOf(String(Object(values).resetUrl)));
    };
    const choose = (secret = "") => {
      const password = "another gate, another house 123";
      return choosePassword(anonymous(), { purpose: "PASSWORD_RESET", secret, password }, later(6));
    };
    const [first, ...others] = await demand(START);
    expect(others).toEqual([]);
    expect(await demand(later(4))).toEqual([first]);
    const [second, ...more] = await demand(later(5));
    expect(more).toEqual([]);
    const events = await db().auditEvent.findMany({ where: { kind: "password-reset-forced" } });
    const reasons = events.map(({ details }) => (details as { reason?: string }).reason ?? "mailed");
    expect(reasons.sort()).toEqual([...Array(2).fill("mailed"), ...Array(10).fill("recently-mailed")]);
    expect(await choose(first)).toMatchObject({ ok: false, code: "link-unusable" });
    expect(await choose(second)).toMatchObject({ ok: true });
  });

  it("leaves the link alone that an administrator handed over, which may be the only one to arrive", async () => {
    await makeSettings({ password: { minimumDigits: 3, forceUserToResetPasswordIfNotValid: true } });
    const { email, id: userId } = await makeUser();
    await tryPassword(email, PASSWORD);
    const handed = await issueUserLink(
      await administrator(),
      { userId, purpose: "PASSWORD_RESET", delivery: "copy" },
      later(1),
    );
    const secret = secretOf((handed.ok && handed.url) || "");
    await tryPassword(email, PASSWORD, later(2));
    const chosen = {
      purpose: "PASSWORD_RESET",
      secret,
      password: "another gate, another house 123",
    } as const;
    expect(await choosePassword(anonymous(), chosen, later(3))).toMatchObject({ ok: true });
  });

  it("is not told apart from a wrong one before it was right", async () => {
    await makeSettings({ password: { minimumDigits: 3, forceUserToResetPasswordIfNotValid: true } });
    const { email } = await makeUser();
    expect(await tryPassword(email, "wrong")).toEqual({ ok: false, code: "refused" });
    expect(await db().outboxMessage.count()).toBe(0);
  });
});

describe("the limit of a network address", () => {
  it("turns away attempts beyond it, whatever is tried, and says when to come back", async () => {
    await makeSettings({ general: { loginAttemptsPerAddressPerMinute: 3, maxFailedLoginAttempts: null } });
    const { email } = await makeUser();
    const from = (address: string) => tryPassword(email, PASSWORD, START, anonymous(address));
    for (const address of ["2001:db8::1", "2001:db8::2", "2001:DB8:0:0:ffff::3"]) {
      expect(await from(address)).toMatchObject({ ok: true });
    }
    const refused = await from("2001:db8::4");
    expect(refused).toMatchObject({ ok: false, code: "throttled" });
    const seconds = refused.ok || refused.code !== "throttled" ? 0 : refused.retryAfterSeconds;
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(await from("2001:db8::5")).toMatchObject({ code: "throttled" });
    expect(await from("2001:db8:0:1::1")).toMatchObject({ ok: true });
    const throttled = (await db().auditEvent.findMany()).filter(({ kind }) => kind === "login-failed");
    expect(throttled).toMatchObject([{ details: { reason: "throttled" } }]);
  });

  it("does not shut anybody out until a clock that was set back has caught up", async () => {
    await makeSettings({ general: { loginAttemptsPerAddressPerMinute: 1, maxFailedLoginAttempts: null } });
    const { email } = await makeUser();
    expect(await tryPassword(email, PASSWORD)).toMatchObject({ ok: true });
    await db().$executeRaw`UPDATE rate_limits SET points = 60, expire = expire + 7200000`;
    expect(await tryPassword(email, PASSWORD)).toMatchObject({ ok: true });
    expect(await tryPassword(email, PASSWORD)).toMatchObject({ code: "throttled" });
  });

  it.each([0, null])("is none at %s", async (loginAttemptsPerAddressPerMinute) => {
    await makeSettings({ general: { loginAttemptsPerAddressPerMinute } });
    const { email } = await makeUser();
    expect(await tryPassword(email, PASSWORD)).toMatchObject({ ok: true });
    expect(await db().rateLimit.count({ where: { key: { startsWith: "login:" } } })).toBe(0);
  });
});

it("works on defaults when the stored settings are damaged", async () => {
  await db()
    .$executeRaw`UPDATE settings_revisions SET "values" = '{"maxFailedLoginAttempts": "many", "minimumLength": -1}'`;
  const { email } = await makeUser();
  for (let i = 0; i < 5; i += 1) await tryPassword(email, "wrong");
  expect((await account(email)).lockedUntil).toEqual(later(30));
});
