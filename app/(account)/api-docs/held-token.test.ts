import { describe, expect, it } from "vitest";
import { readToken } from "./held-token";

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const tokenOf = (claims: unknown) => `${part({ alg: "HS512" })}.${part(claims)}.c2lnbmF0dXJl`;

describe("readToken", () => {
  it("tells whose it is and until when, in any alphabet", () => {
    const token = tokenOf({ sub: "?zo>ë@example.org", scopes: ["SYS_ADMIN"], exp: 1_717_517_647 });
    // The characters by which Base64url differs from Base64.
    expect(token.split(".")[1]).toMatch(/_.*-/);
    expect(readToken(`  Bearer ${token}\n`, "r")).toEqual({
      token,
      refreshToken: "r",
      ending: "F0dXJl",
      person: "?zo>ë@example.org",
      authority: "SYS_ADMIN",
      expiresAt: "2024-06-04T16:14:07.000Z",
    });
  });

  it.each([
    ["nothing in it", {}],
    ["a list", []],
    ["the wrong types", { sub: 7, scopes: "SYS_ADMIN", exp: "soon" }],
    ["a time that there is not", { exp: 1e300 }],
  ])("accepts one with %s, and reads nothing from it", (_name, claims) => {
    expect(readToken(tokenOf(claims))).toMatchObject({ person: null, authority: null, expiresAt: null });
  });

  it.each([
    ["nothing", ""],
    ["two parts", "a.b"],
    ["what breaks a header", `${tokenOf({})}\r\nx: y`],
    ["a refresh token", tokenOf({ scopes: ["REFRESH_TOKEN"] })],
  ])("does not accept %s", (_name, text) => {
    expect(readToken(text)).toBeNull();
  });
});
