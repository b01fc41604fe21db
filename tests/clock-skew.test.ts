import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { choosePassword } from "@/lib/accounts/service/new-password";
import { changePassword } from "@/lib/auth/service/change-password";
import type { Person } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { sendTestMail } from "@/lib/mail/service/send-test-mail";
import { CLAIM_MS } from "@/lib/mail/store";
import { exchangeMobileSecret, makeMobileCode } from "@/lib/mobile/service";
import { endAllSessions, endSession } from "@/lib/sessions/live/service";
import { endOtherSessions, endOwnSession } from "@/lib/sessions/service/own-sessions";
import { refreshTokens } from "@/lib/sessions/service/refresh";
import { jwtSettingsDefaults } from "@/lib/settings/jwt/schema";
import { disableUser, enableUser, endUserSessions } from "@/lib/users/service/administer-user";
import { makeSettings, makeUser, PASSWORD } from "./support/accounts";
import { administrator, anonymous, loggedIn } from "./support/actors";
import { emptyDatabase } from "./support/database";
import { makeLink } from "./support/links";
import { deliverMails, queueMail, useMailServer } from "./support/mail";
import { startSmtp, type TestSmtp } from "./support/smtp";

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Sets this process's clock `seconds` ahead of the database's, as on another server. */
function onServerAheadBy(seconds: number): void {
  vi.useRealTimers();
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + seconds * 1000 });
}

const refresh = (refreshToken: string | null) =>
  refreshTokens(anonymous(), { refreshToken: refreshToken ?? "" });
const expired = { ok: false, code: "token-expired" };

/** What ends a session of a person who is logged in elsewhere too. */
const endings: [string, (by: { person: Person; boss: Person; sessionId: string }) => Promise<unknown>][] = [
  [
    "the password is changed",
    ({ person }) => changePassword(person, { currentPassword: PASSWORD, newPassword: "seven bridges of it" }),
  ],
  [
    "the password is reset",
    async ({ person: { userId } }) => {
      const { secret } = await makeLink(userId, "PASSWORD_RESET");
      const reset = { purpose: "PASSWORD_RESET", secret, password: "seven bridges of it" } as const;
      return choosePassword(anonymous(), reset);
    },
  ],
  ["its owner ends it", ({ person, sessionId }) => endOwnSession(person, { sessionId })],
  ["its owner ends all others", ({ person }) => endOtherSessions(person)],
  ["an administrator ends it", ({ boss, sessionId }) => endSession(boss, { sessionId })],
  ["an administrator ends all of its owner's", ({ boss, person }) => endUserSessions(boss, person)],
  [
    "an administrator ends everyone's",
    ({ boss }) => endAllSessions(boss, { includesOwn: false, word: "everyone" }),
  ],
  [
    "its owner is disabled, and enabled again",
    async ({ boss, person }) => [await disableUser(boss, person), await enableUser(boss, person)],
  ],
];

describe("servers whose clocks differ by as much as they may", () => {
  it.each([
    [0, 45],
    [0, -45],
    [45, 0],
    [-25, 25],
  ])(
    "lead a refresh token that is used at both at once, at %i and %i seconds, to one successor",
    async (one, other) => {
      const { refreshToken } = await loggedIn(await makeUser(), { kind: "REST" });
      onServerAheadBy(one);
      const first = await refresh(refreshToken);
      onServerAheadBy(other);
      expect([first, await refresh(refreshToken)]).toMatchObject([{ ok: true }, { ok: true }]);
    },
  );

  it.each([-45, 45])("treat one that is used again later as leaked, at %i seconds too", async (seconds) => {
    const { refreshToken } = await loggedIn(await makeUser(), { kind: "REST" });
    onServerAheadBy(seconds);
    expect(await refresh(refreshToken)).toMatchObject({ ok: true });
    onServerAheadBy(0);
    const later = new Date(Date.now() + 11_000);
    expect(await refreshTokens(anonymous(), { refreshToken: refreshToken ?? "" }, later)).toEqual(expired);
  });

  it("sign an app in at one, shortly after the password was set at another that is ahead", async () => {
    const user = await makeUser({ passwordSetAt: new Date(Date.now() + 45_000) });
    const code = await makeMobileCode((await loggedIn(user)).person);
    const secret = code.ok ? code.secret : "";
    expect(await exchangeMobileSecret(anonymous(), { secret })).toMatchObject({ ok: true });
  });

  it.each(endings)(
    "renew no session at one after %s at another, by whose clock it has just expired",
    async (_what, end) => {
      const user = await makeUser();
      const { person } = await loggedIn(user);
      const boss = await administrator();
      const { refreshTokenExpTime } = jwtSettingsDefaults;
      const now = new Date(Date.now() - (refreshTokenExpTime - 40) * 1000);
      const { sessionId, refreshToken } = await loggedIn(user, { kind: "REST", now });
      onServerAheadBy(50);
      await end({ person, boss, sessionId });
      onServerAheadBy(0);
      expect(await refresh(refreshToken)).toEqual(expired);
    },
  );

  describe("send a mail once", () => {
    let smtp: TestSmtp;
    let taken: () => void;

    beforeEach(async () => {
      smtp = await startSmtp();
      await useMailServer({ port: smtp.port });
    });
    afterEach(() => smtp.stop());

    /** Resolves once the mail server has received a mail, which it does not acknowledge before `taken` is called. */
    const isUnderWay = () =>
      new Promise<void>((resolve) => {
        smtp.onReceived = () => {
          resolve();
          return new Promise((done) => {
            taken = done;
          });
        };
      });

    it.each([
      ["that waited", 0, 50],
      ["that waited", -25, 25],
      ["that waited", 50, 0],
      ["for a test", -25, 25],
    ])(
      "%s, at %i seconds, of which another is at %i, and whose server takes its time",
      async (which, one, other) => {
        const actor = await administrator();
        onServerAheadBy(one);
        if (which === "that waited") await queueMail("test", { now: new Date(Date.now() - 120_000) });
        const underWay = isUnderWay();
        const sending =
          which === "that waited" ? deliverMails() : sendTestMail(actor, { recipient: "ada@example.org" });
        await underWay;
        onServerAheadBy(other);
        const justBeforeTheClaimIsVoid = new Date(Date.now() + CLAIM_MS - 5_000);
        expect(await deliverMails(justBeforeTheClaimIsVoid)).toMatchObject({ tried: 0 });
        taken();
        await sending;
        expect(await db().outboxMessage.findMany()).toMatchObject([{ state: "SENT", attempts: 1 }]);
        expect(smtp.mails).toHaveLength(1);
      },
    );
  });
});
