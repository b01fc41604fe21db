import { randomBytes, randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { MAX_NAME_LENGTH } from "@/lib/accounts/rules";
import { profileSchema } from "@/lib/accounts/schema";
import { MAX_EMAIL_LENGTH } from "@/lib/core/email/rules";
import { sessionCookieName } from "@/lib/sessions/cookie";
import { jwtSettingsDefaults, jwtSettingsSchema } from "@/lib/settings/jwt/schema";
import { signHs512 } from "./hs512";
import {
  NULL_ID,
  readTokenReference,
  signAccessToken,
  signRefreshToken,
  verifyAccessToken,
  verifyRefreshToken,
} from "./jwt";

const NOW = new Date("2026-03-01T12:00:00.999Z");
const SECONDS = Date.parse("2026-03-01T12:00:00Z") / 1000;
const LONGEST = 2_147_483_647;
const key = { kid: randomUUID(), issuer: "gatehouse", secret: randomBytes(64) };
const ada = {
  userId: randomUUID(),
  sessionId: randomUUID(),
  email: "ada@example.org",
  authority: "SYS_ADMIN",
  firstName: "",
  lastName: "",
} as const;

const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
const access = (subject: Partial<Record<"firstName" | "lastName", string>> = {}) =>
  signAccessToken(key, { ...ada, ...subject }, 60, NOW);
const refresh = () => signRefreshToken(key, { ...ada, jti: randomUUID() }, 60, NOW);
/** Signs a token's claims again, changed. */
const changed = (token: string, changes: object) => signHs512({ ...claimsOf(token), ...changes }, key);

describe("an access token", () => {
  it("begins with the second that it is signed in, and names only what there is to name", () => {
    const claims = {
      sub: ada.email,
      userId: ada.userId,
      scopes: ["SYS_ADMIN"],
      sessionId: ada.sessionId,
      enabled: true,
      isPublic: false,
      tenantId: NULL_ID,
      customerId: NULL_ID,
      iss: "gatehouse",
      iat: SECONDS,
      exp: SECONDS + 60,
      jti: expect.any(String),
    };
    expect(claimsOf(access())).toEqual(claims);
    expect(claimsOf(access({ firstName: "Ada" }))).toEqual({ ...claims, firstName: "Ada" });
    expect(claimsOf(access({ lastName: "Lovelace" }))).toEqual({ ...claims, lastName: "Lovelace" });
  });

  it("has an id of its own", () => {
    const ids = Array.from({ length: 3 }, () => claimsOf(access()).jti);
    expect(new Set(ids).size).toBe(3);
  });
});

describe.each([
  ["an access token", access, verifyAccessToken],
  ["a refresh token", refresh, verifyRefreshToken],
])("%s", (_name, sign, verify) => {
  it.each([
    ["valid", "as it is", {}],
    ["valid", "in its last second", { exp: SECONDS + 1 }],
    ["expired", "from its end on", { exp: SECONDS }],
    ["valid", "in the second in which it begins", { nbf: SECONDS }],
    ["forged", "in the second before it begins", { nbf: SECONDS + 1 }],
    ["valid", "of a server that is ahead by a minute", { iat: SECONDS + 60, exp: SECONDS + 120 }],
    ["forged", "of a server that is further ahead", { iat: SECONDS + 61, exp: SECONDS + 120 }],
    ["valid", "with the longest lifetime that there is", { exp: SECONDS + LONGEST }],
    ["forged", "with a longer one", { exp: SECONDS + LONGEST + 1 }],
    ["forged", "with an expiry that has passed, of another issuer", { exp: SECONDS, iss: "elsewhere" }],
    ["forged", "with an expiry that has passed, before it begins", { exp: SECONDS, nbf: SECONDS + 1 }],
    [
      "forged",
      "with an expiry that has passed, after too long",
      { exp: SECONDS, iat: SECONDS - LONGEST - 1 },
    ],
    ["forged", "with another kind of id than ours for its user", { userId: "x" }],
    ["forged", "with another kind of id than ours for its session", { sessionId: "x" }],
  ])("is %s %s", (state, _when, changes) => {
    expect(verify(key, changed(sign(), changes), NOW)).toMatchObject({ state });
  });
});

it.each([
  ["is public", { isPublic: true }],
  ["does not say that it is not", { isPublic: undefined }],
  ["has another kind of id than ours", { jti: "x" }],
])("a refresh token is forged that %s", (_what, changes) => {
  expect(verifyRefreshToken(key, changed(refresh(), changes), NOW)).toEqual({ state: "forged" });
});

it.each(["scopes", "enabled", "isPublic", "tenantId", "customerId", "jti"])(
  "an access token is forged that has no %s, or another kind",
  (claim) => {
    for (const value of [undefined, null, "x", 1, ["x"]]) {
      const token = changed(access(), { [claim]: value });
      expect(verifyAccessToken(key, token, NOW)).toEqual({ state: "forged" });
    }
  },
);

it("a token of the longest names, address and issuer fits into a cookie, which may have 4096 bytes", () => {
  // No code point has more bytes than an emoji.
  const [name, email, issuer] = [
    "😀".repeat(MAX_NAME_LENGTH),
    "a".repeat(MAX_EMAIL_LENGTH),
    "😀".repeat(255),
  ];
  expect(profileSchema.safeParse({ firstName: name, lastName: name }).success).toBe(true);
  expect(jwtSettingsSchema.safeParse({ ...jwtSettingsDefaults, tokenIssuer: issuer }).success).toBe(true);
  const owner = { ...ada, email, firstName: name, lastName: name };
  const token = signAccessToken({ ...key, issuer }, owner, LONGEST, NOW);
  expect(sessionCookieName(true).length + token.length).toBeLessThanOrEqual(4_096);
  expect(verifyAccessToken({ ...key, issuer }, token, NOW)).toMatchObject({ state: "valid" });
  expect(readTokenReference(token)).toEqual({ kid: key.kid, sessionId: ada.sessionId });
});

it("a token is looked at up to 4096 characters", () => {
  const token = access();
  const padded = (length: number) => token + "x".repeat(length - token.length);
  const { kid } = key;
  expect(readTokenReference(padded(4_096))).toEqual({ kid, sessionId: ada.sessionId });
  expect(readTokenReference(padded(4_097))).toBeNull();
});
