import { randomBytes, randomUUID } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import type { Person } from "@/lib/core/actor";
import { db, driver } from "@/lib/core/db";
import { replaceJwtSettings } from "@/lib/jwt-security/service/replace-settings";
import { noteUse } from "@/lib/sessions/recognition";
import { authenticate, isStillLive } from "@/lib/sessions/service/authenticate";
import { authenticateBearer } from "@/lib/sessions/service/bearer";
import { continueBrowserSession } from "@/lib/sessions/service/browser-session";
import { logOut } from "@/lib/sessions/service/log-out";
import { findSession } from "@/lib/sessions/store";
import { jwtSettingsDefaults } from "@/lib/settings/jwt/schema";
import { currentKey } from "@/lib/tokens/key-ring";
import type { Prisma } from "@/prisma/generated/client";
import { makeSettings, makeUser } from "./support/accounts";
import { anonymous, loggedIn } from "./support/actors";
import { emptyDatabase } from "./support/database";
import { encode, forge, readToken } from "./support/tokens";

const NOW = new Date("2026-03-01T12:00:00Z");
const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings();
});

const who = (token: string, now = NOW) => authenticate(token, "BROWSER", anonymous(), now);
const login = async () => loggedIn(await makeUser({ authority: "SYS_ADMIN" }), { now: NOW });

describe("a token", () => {
  it("carries the claims that ThingsBoard's clients read, and lives as long as the setting says", async () => {
    const { token, sessionId, person } = await login();
    const { header, claims } = readToken(token);
    const key = await currentKey(db());
    expect(header).toEqual({ alg: "HS512", kid: key.kid, typ: "JWT" });
    expect(claims).toEqual({
      sub: person.email,
      userId: person.userId,
      scopes: ["SYS_ADMIN"],
      sessionId,
      iss: "gatehouse",
      iat: NOW.getTime() / 1000,
      exp: NOW.getTime() / 1000 + 9_000,
      firstName: "Ada",
      lastName: "Lovelace",
      enabled: true,
      isPublic: false,
      tenantId: "13814000-1dd2-11b2-8080-808080808080",
      customerId: "13814000-1dd2-11b2-8080-808080808080",
      jti: expect.stringMatching(/^[\da-f-]{36}$/),
    });
  });

  it("is made for nobody where there is no key to sign it, and then no session begins", async () => {
    await db().signingKey.deleteMany();
    await expect(login()).rejects.toThrow("There is no signing key");
    expect(await db().session.count()).toBe(0);
  });

  it("that was made again as it was is good, so that the forgeries below fail for what they change", async () => {
    const { token } = await login();
    expect(await who(await forge(token, {}))).not.toBeNull();
  });

  const seconds = NOW.getTime() / 1000;
  it.each<[string, Parameters<typeof forge>[1]]>([
    ["HS256 with our key", { header: { alg: "HS256" }, digest: "sha256" }],
    ["HS384 with our key", { header: { alg: "HS384" }, digest: "sha384" }],
    ["an algorithm of another kind", { header: { alg: "RS256" } }],
    ["another key", { secret: "x".repeat(64) }],
    ["an unknown kid", { header: { kid: randomUUID() } }],
    ["an empty kid", { header: { kid: "" } }],
    ["a kid like a path", { header: { kid: "../../dev/null" } }],
    ["no kid", { header: { kid: undefined } }],
    ["a key of its own in the header", { header: { kid: undefined, jwk: { kty: "oct", k: "eA" } } }],
    ["another type", { header: { typ: "at+jwt" } }],
    ["no type", { header: { typ: undefined } }],
    ["a critical extension", { header: { crit: ["x"], x: 1 } }],
    ["another issuer", { claims: { iss: "elsewhere" } }],
    ["several issuers", { claims: { iss: ["gatehouse"] } }],
    ["no issuer", { claims: { iss: undefined } }],
    ["a text for exp", { claims: { exp: String(seconds + 100) } }],
    ["a fraction for exp", { claims: { exp: seconds + 100.5 } }],
    ["no exp", { claims: { exp: undefined } }],
    ["a text for iat", { claims: { iat: String(seconds) } }],
    ["an iat in the future", { claims: { iat: seconds + 3_600 } }],
    ["no iat", { claims: { iat: undefined } }],
    ["an nbf in the future", { claims: { nbf: seconds + 3_600 } }],
    ["the scope of a refresh token", { claims: { scopes: ["REFRESH_TOKEN"] } }],
    ["two scopes", { claims: { scopes: ["SYS_ADMIN", "TENANT_ADMIN"] } }],
    ["another session", { claims: { sessionId: randomUUID() } }],
    ["an odd session", { claims: { sessionId: "' OR 1=1 --" } }],
    ["another person", { claims: { userId: randomUUID() } }],
    ["no jti", { claims: { jti: undefined } }],
  ])("with %s is refused", async (_name, changes) => {
    const { token } = await login();
    const forged = await forge(token, changes);
    expect(await who(forged)).toBeNull();
    expect(await continueBrowserSession(forged, NOW)).toEqual({ state: "none" });
  });

  it("without a signature is refused", async () => {
    const { token } = await login();
    const [header, claims, signature] = token.split(".");
    const none = encode({ ...readToken(token).header, alg: "none" });
    for (const forged of [
      `${none}.${claims}.`,
      `${none}.${claims}`,
      `${header}.${claims}.`,
      `${none}.${claims}.${signature}`,
    ]) {
      expect(await who(forged)).toBeNull();
    }
  });

  it.each(["", ".", "..", "a.b.c", "é".repeat(50), "x".repeat(100_000), "null"])(
    "%j is none",
    async (text) => {
      expect(await who(text)).toBeNull();
    },
  );
});

describe("a session", () => {
  it("lives as long as its token, and is renewed without a word for as long as it may", async () => {
    const { token } = await login();
    expect(await who(token, at(8_999))).not.toBeNull();
    expect(await who(token, at(9_000))).toBeNull();
    const renewed = await continueBrowserSession(token, at(604_799));
    expect(renewed).toMatchObject({ state: "renewed", maxAgeSeconds: 604_800 });
    const newer = renewed.state === "renewed" ? renewed.token : "";
    expect(await who(newer, at(604_799 + 8_999))).not.toBeNull();
    expect(await continueBrowserSession(newer, at(604_799 + 604_799))).toMatchObject({ state: "renewed" });
  });

  it("ends the refresh time after it was renewed last", async () => {
    const { token, sessionId } = await login();
    expect(await continueBrowserSession(token, at(9_001))).toMatchObject({ state: "renewed" });
    expect(await db().session.findUnique({ where: { id: sessionId } })).toMatchObject({
      createdAt: NOW,
      confirmedAt: NOW,
      renewedAt: at(9_001),
      lastSeenAt: at(9_001),
      renewableUntil: at(9_001 + 604_800),
    });
  });

  it.each<["BROWSER" | "REST", (token: string, now: Date) => Promise<unknown>]>([
    ["BROWSER", (token, now) => continueBrowserSession(token, now)],
    ["REST", (token, now) => authenticateBearer(token, anonymous(), now)],
  ])("tells when it was last used, to the minute: %s", async (kind, use) => {
    const { token, sessionId } = await loggedIn(await makeUser(), { kind, now: NOW });
    const seen: (Date | undefined)[] = [];
    for (const seconds of [60, 61, 30, 121, 122]) {
      await use(token, at(seconds));
      seen.push((await db().session.findUnique({ where: { id: sessionId } }))?.lastSeenAt);
    }
    expect(seen).toEqual([NOW, at(61), at(61), at(61), at(122)]);
  });

  it("was last used when the latest request came, whichever of them is noted last", async () => {
    const { sessionId } = await login();
    const { kid } = await currentKey(db());
    const row = await findSession(driver(), { sessionId, kid }, NOW);
    if (!row) throw new Error("The session is not found.");
    for (const seconds of [200, 100]) await noteUse(row, at(seconds));
    expect(await db().session.findUnique({ where: { id: sessionId } })).toMatchObject({
      lastSeenAt: at(200),
    });
  });

  it("that nobody used for the refresh time is over", async () => {
    const { token } = await login();
    expect(await continueBrowserSession(token, at(604_800))).toEqual({ state: "none" });
  });

  it("goes on under whoever goes on working, also where it may last hardly longer than a token", async () => {
    await makeSettings({ jwt: { tokenExpirationTime: 899, refreshTokenExpTime: 900 } });
    let { token } = await login();
    for (let seconds = 0; seconds <= 3_600; seconds += 300) {
      const checked = await continueBrowserSession(token, at(seconds));
      if (checked.state === "renewed") token = checked.token;
      expect([seconds, checked.state]).not.toContain("none");
    }
    expect(await continueBrowserSession(token, at(3_600 + 900))).toEqual({ state: "none" });
  });

  it("does not expire between the start of a request and the page, or the form, which may take half a minute", async () => {
    const { token } = await login();
    for (const seconds of [0, 8_969, 8_970, 8_971, 8_999]) {
      const checked = await continueBrowserSession(token, at(seconds));
      const seen = checked.state === "renewed" ? checked.token : token;
      expect([seconds, await who(seen, at(seconds + 30))]).not.toContain(null);
    }
    expect(await continueBrowserSession(token, at(8_969))).toEqual({ state: "live" });
  });

  it("is renewed for all the requests that come at once", async () => {
    const { token } = await login();
    const renewals = await Promise.all(
      Array.from({ length: 20 }, () => continueBrowserSession(token, at(9_001))),
    );
    for (const renewal of renewals) {
      expect(renewal.state).toBe("renewed");
      if (renewal.state === "renewed") expect(await who(renewal.token, at(9_002))).not.toBeNull();
    }
  });

  it.each<[string, (userId: string) => Promise<unknown>]>([
    ["is ended", () => db().session.updateMany({ data: { endedAt: NOW } })],
    [
      "loses its account to a disabling",
      (id) => db().user.update({ where: { id }, data: { state: "DISABLED" } }),
    ],
    ["loses its account to a deletion", (id) => db().user.delete({ where: { id } })],
    ["comes to its end", () => db().session.updateMany({ data: { renewableUntil: NOW } })],
    ["loses its key", () => db().signingKey.updateMany({ data: { verifyUntil: NOW } })],
  ])("that %s is over on the next request", async (_name, end) => {
    const { token, person } = await login();
    await end(person.userId);
    expect(await who(token)).toBeNull();
    expect(await continueBrowserSession(token, at(9_001))).toEqual({ state: "none" });
  });

  it("has the authority that its account has now", async () => {
    const { token, person } = await login();
    await db().user.update({ where: { id: person.userId }, data: { authority: "CUSTOMER_USER" } });
    expect(await who(token)).toMatchObject({ authority: "CUSTOMER_USER" });
  });

  it("of another kind does not open the console", async () => {
    const { token } = await loggedIn(await makeUser(), { kind: "REST", now: NOW });
    expect(await who(token)).toBeNull();
  });

  it("ends with the log-out, once, and the audit log tells which session it was", async () => {
    const { token, person } = await login();
    await Promise.all([logOut(person, NOW), logOut(person, NOW)]);
    expect(await who(token)).toBeNull();
    const events = await db().auditEvent.findMany({ where: { kind: "logged-out" } });
    expect(events).toMatchObject([{ actorId: person.userId, details: { sessionId: person.sessionId } }]);
  });
});

describe("a long answer goes on", () => {
  const users = (userId: string, data: Prisma.UserUpdateInput) =>
    db().user.update({ where: { id: userId }, data });

  it("while the person is logged in, also when the token has expired in the meantime", async () => {
    const { person } = await login();
    expect(await isStillLive(person, at(9_001))).toBe(true);
  });

  it.each<[string, (person: Person) => Promise<unknown>]>([
    ["has logged out", (person) => logOut(person, NOW)],
    ["is disabled", ({ userId }) => users(userId, { state: "DISABLED" })],
    ["has another authority", ({ userId }) => users(userId, { authority: "TENANT_ADMIN" })],
    ["is deleted", ({ userId }) => db().user.delete({ where: { id: userId } })],
    [
      "is on a key that was retired",
      () => db().signingKey.updateMany({ data: { verifyUntil: NOW, retiredBy: "administrator" } }),
    ],
  ])("but not once the person %s", async (_what, change) => {
    const { person } = await login();
    await change(person);
    expect(await isStillLive(person, at(1))).toBe(false);
  });

  it("but not once its token is refused, although the session goes on with others", async () => {
    const ada = await makeUser({ authority: "SYS_ADMIN" });
    const { person } = await loggedIn(ada, { kind: "REST", now: NOW });
    const key = randomBytes(64).toString("base64");
    const edit = { values: jwtSettingsDefaults, key, keepOldKey: false, password: null };
    const replaced = await replaceJwtSettings(person, edit, at(1));
    if (!replaced.ok) throw new Error(replaced.code);
    const next = await authenticate(replaced.token, "REST", anonymous(), at(1));
    expect(next).toMatchObject({ sessionId: person.sessionId });
    expect(next && (await isStillLive(next, at(1)))).toBe(true);
    expect(await isStillLive(person, at(1))).toBe(false);
  });
});
