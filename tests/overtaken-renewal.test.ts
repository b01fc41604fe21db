import { randomBytes } from "node:crypto";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { choosePassword } from "@/lib/accounts/service/new-password";
import type { Person } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { replaceJwtSettings } from "@/lib/jwt-security/service/replace-settings";
import { updateJwtSecurity } from "@/lib/jwt-security/service/save-settings";
import { endSession } from "@/lib/sessions/live/service";
import { authenticateBearer } from "@/lib/sessions/service/bearer";
import { continueBrowserSession } from "@/lib/sessions/service/browser-session";
import { logOut } from "@/lib/sessions/service/log-out";
import { endOtherSessions, endOwnSession } from "@/lib/sessions/service/own-sessions";
import { refreshTokens, reissueOwnTokens } from "@/lib/sessions/service/refresh";
import { lockSessionRow } from "@/lib/sessions/store";
import * as sweep from "@/lib/sessions/sweep";
import { jwtSettingsDefaults } from "@/lib/settings/jwt/schema";
import { tokenOwnerOf } from "@/lib/tokens/jwt";
import * as keyRing from "@/lib/tokens/key-ring";
import { endUserSessions } from "@/lib/users/service/administer-user";
import { makeSettings, makeUser } from "./support/accounts";
import { administrator, anonymous, loggedIn } from "./support/actors";
import { countWaiting, emptyDatabase } from "./support/database";
import { makeLink } from "./support/links";

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings();
});
afterEach(() => vi.restoreAllMocks());
afterAll(emptyDatabase);

/** Makes `change` happen after the next reading of the signing key, before the key is returned. */
function changeAfterKeyIsRead(change: () => Promise<unknown>): void {
  const { currentKey } = keyRing;
  vi.spyOn(keyRing, "currentKey").mockImplementationOnce(async (db) => {
    const key = await currentKey(db);
    await change();
    return key;
  });
}

describe("a program that signs everyone else out", () => {
  it.each(["for the first time", "once more"])(
    "keeps its session, which is being renewed with a refresh token %s",
    async (which) => {
      const { person, ...pair } = await loggedIn(await makeUser({ authority: "SYS_ADMIN" }), {
        kind: "REST",
      });
      const renew = () => refreshTokens(anonymous(), { refreshToken: pair.refreshToken ?? "" });
      if (which === "once more") await renew();
      let answer: Awaited<ReturnType<typeof replaceJwtSettings>> | undefined;
      const key = randomBytes(64).toString("base64");
      const save = { values: jwtSettingsDefaults, key, keepOldKey: false, password: null };
      changeAfterKeyIsRead(async () => {
        answer = await replaceJwtSettings(person, save);
      });
      expect(await renew()).toEqual({ ok: false, code: "token-expired" });
      if (!answer?.ok) throw new Error(`not saved: ${JSON.stringify(answer)}`);
      expect(await authenticateBearer(answer.token, anonymous())).toMatchObject({ ok: true });
      expect(await refreshTokens(anonymous(), answer)).toMatchObject({ ok: true });
    },
  );
});

describe("a session that a renewal moves to a new key, while it waits to be ended", () => {
  let ada: Person;
  beforeEach(async () => {
    ada = await administrator();
  });

  type Opened = Awaited<ReturnType<typeof loggedIn>>;
  type Ending = (sessions: { older: Opened; newer: Opened }) => Promise<unknown>;
  const endings: [string, Ending][] = [
    ["an administrator ends all of its person's", ({ older }) => endUserSessions(ada, older.person)],
    ["its person ends the others", ({ newer }) => endOtherSessions(newer.person)],
    ["its person ends it", ({ newer, older }) => endOwnSession(newer.person, older)],
    ["an administrator ends it", ({ older }) => endSession(ada, older)],
    [
      "its person resets the password",
      async ({ older }) => {
        const { secret } = await makeLink(older.person.userId, "PASSWORD_RESET");
        const password = "another gate, another house";
        await choosePassword(anonymous(), { purpose: "PASSWORD_RESET", secret, password });
      },
    ],
  ];

  it.each(endings)("ends when %s", async (_what, end) => {
    const bob = await makeUser();
    const older = await loggedIn(bob, { kind: "REST" });
    const newer = await loggedIn(bob, { kind: "REST" });
    const key = randomBytes(64).toString("base64");
    const { ending, pair } = await db().$transaction(async (tx) => {
      await lockSessionRow(tx, older.sessionId, new Date());
      const ending = end({ older, newer });
      await expect.poll(countWaiting).toBe(1);
      const save = { version: 1, values: jwtSettingsDefaults, key, mode: "keep", password: null } as const;
      expect(await updateJwtSecurity(ada, save)).toMatchObject({ ok: true });
      const pair = await reissueOwnTokens(tx, older.person, tokenOwnerOf(bob), new Date());
      return { ending, pair };
    });
    await ending;
    expect(await authenticateBearer(pair.token, anonymous())).toMatchObject({ ok: false });
  });
});

describe("a renewal whose session ends after it was found alive", () => {
  type Opened = Awaited<ReturnType<typeof loggedIn>>;
  const { tokenExpirationTime } = jwtSettingsDefaults;
  const refresh = ({ refreshToken }: Opened) =>
    refreshTokens(anonymous(), { refreshToken: refreshToken ?? "" });

  const renewals: [string, "BROWSER" | "REST", (opened: Opened) => Promise<unknown>, unknown][] = [
    ["a browser's token", "BROWSER", ({ token }) => continueBrowserSession(token), { state: "none" }],
    ["a refresh token", "REST", refresh, { ok: false, code: "token-expired" }],
    [
      "a program's own pair",
      "REST",
      async ({ person }) => {
        const owner = tokenOwnerOf(await db().user.findUniqueOrThrow({ where: { id: person.userId } }));
        return reissueOwnTokens(db(), person, owner, new Date()).catch(({ code }) => ({ code }));
      },
      { code: "unauthenticated" },
    ],
  ];
  const endings: [string, (opened: Opened, ada: Person) => Promise<unknown>][] = [
    ["its owner logs out", ({ person }) => logOut(person)],
    [
      "a key change signs everyone out, and has not yet marked whose sessions ended",
      async (_opened, ada) => {
        vi.spyOn(sweep, "sweepSessionsAfterChange").mockResolvedValueOnce();
        const key = randomBytes(64).toString("base64");
        const save = {
          version: 1,
          values: jwtSettingsDefaults,
          key,
          mode: "sign-out",
          password: null,
        } as const;
        expect(await updateJwtSecurity(ada, save)).toMatchObject({ ok: true });
      },
    ],
  ];
  const cases = renewals.flatMap(([what, ...renewal]) =>
    endings.map(([why, end]) => [what, why, end, ...renewal] as const),
  );

  it.each(cases)("of %s gives nothing when %s", async (_what, _why, end, kind, renew, refused) => {
    const ada = await administrator();
    const now = new Date(Date.now() - tokenExpirationTime * 1000);
    const opened = await loggedIn(await makeUser(), { kind, now });
    const before = await db().session.findUniqueOrThrow({ where: { id: opened.sessionId } });
    const { currentKey } = keyRing;
    vi.spyOn(keyRing, "currentKey").mockImplementationOnce(async (db) => {
      await end(opened, ada);
      return currentKey(db);
    });
    expect(await renew(opened)).toEqual(refused);
    const { kid, renewedAt, refreshJti } = before;
    expect(await db().session.findUnique({ where: { id: opened.sessionId } })).toMatchObject({
      ...{ kid, renewedAt, refreshJti },
    });
  });
});
