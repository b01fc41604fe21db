import { createHmac } from "node:crypto";
import fc from "fast-check";
import { jwtVerify, SignJWT } from "jose";
import jsonwebtoken from "jsonwebtoken";
import { describe, expect, it } from "vitest";
import { openHs512, signHs512 } from "./hs512";

const key = { kid: "one", secret: Buffer.alloc(64, 7) };
const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString("base64url");
const header = { alg: "HS512", kid: "one", typ: "JWT" };
const hmac = (signed: string, digest = "sha512") =>
  `${signed}.${createHmac(digest, key.secret).update(signed).digest("base64url")}`;
const signed = (head: unknown, claims: unknown, digest?: string) =>
  hmac(`${encode(head)}.${encode(claims)}`, digest);

const claimsArbitrary = fc.dictionary(
  fc.string().filter((name) => name !== "__proto__"),
  fc.oneof(fc.string({ unit: "grapheme" }), fc.integer(), fc.boolean()),
);

describe("a token by HS512", () => {
  it("opens to the claims that were signed, here and with other libraries", async () => {
    await fc.assert(
      fc.asyncProperty(claimsArbitrary, async (extra) => {
        const claims = {
          ...extra,
          sub: "ada",
          iss: "gatehouse",
          iat: 1,
          nbf: 2,
          exp: 4_000_000_000,
          jti: "x",
          aud: "y",
        };
        const token = signHs512(claims, key);
        expect(openHs512(token, key)).toEqual(claims);
        expect(jsonwebtoken.verify(token, key.secret, { algorithms: ["HS512"] })).toEqual(claims);
        expect((await jwtVerify(token, key.secret, { algorithms: ["HS512"] })).payload).toEqual(claims);
        expect(openHs512(await new SignJWT(claims).setProtectedHeader(header).sign(key.secret), key)).toEqual(
          claims,
        );
      }),
    );
  });

  it("opens whatever its times say, which the caller has to check", () => {
    const claims = { sub: "ada", iat: 4_000_000_000, nbf: 4_000_000_000, exp: 1 };
    expect(openHs512(signHs512(claims, key), key)).toEqual(claims);
  });

  it("does not open with other key bytes, nor with another key id", () => {
    const token = signHs512({ sub: "ada", iat: 1 }, key);
    expect(openHs512(token, { ...key, secret: Buffer.alloc(64, 8) })).toBeNull();
    expect(openHs512(token, { ...key, kid: "two" })).toBeNull();
  });

  it("does not open after a change of any character", () => {
    const token = signHs512({ sub: "ada", iat: 1 }, key);
    const alphabet = "AQZaqz059-_+/=. ";
    const bytes = (text: string) => Buffer.from(text.slice(text.lastIndexOf(".") + 1), "base64url");
    for (let at = 0; at < token.length; at += 1) {
      for (const character of alphabet) {
        const changed = token.slice(0, at) + character + token.slice(at + 1);
        // The last base64url character has unused bits; a change of these alone spells the same signature.
        const isSpelling =
          at === token.length - 1 && /[\w-]/.test(character) && bytes(changed).equals(bytes(token));
        if (token[at] === character || isSpelling) continue;
        expect(openHs512(changed, key), changed).toBeNull();
      }
    }
    for (const each of ["=", "==", ".", " ", "\0", "A"]) {
      expect(openHs512(token + each, key)).toBeNull();
      expect(openHs512(each + token, key)).toBeNull();
    }
    expect(openHs512(token.slice(0, -1), key)).toBeNull();
  });

  it.each([
    ["alg none", { ...header, alg: "none" }],
    ["alg HS256", { ...header, alg: "HS256" }],
    ["alg in small letters", { ...header, alg: "hs512" }],
    ["alg as a list", { ...header, alg: ["HS512"] }],
    ["no alg", { kid: "one", typ: "JWT" }],
    ["another type", { ...header, typ: "at+jwt" }],
    ["no type", { alg: "HS512", kid: "one" }],
    ["no kid", { alg: "HS512", typ: "JWT" }],
    ["another kid", { ...header, kid: "two" }],
    ["something critical", { ...header, crit: ["b64"], b64: true }],
    ["nothing critical, said all the same", { ...header, crit: [] }],
    ["null as critical", { ...header, crit: null }],
    ["a list", []],
    ["a text", "HS512"],
    ["nothing", null],
  ])("is refused with a header of %s, although the signature is right", (_name, head) => {
    expect(openHs512(signed(head, { sub: "ada" }), key)).toBeNull();
  });

  it.each([
    ["HS256", "sha256"],
    ["HS384", "sha384"],
  ])("is refused with the algorithm %s and its signature", (alg, digest) => {
    expect(openHs512(signed({ ...header, alg }, { sub: "ada" }, digest), key)).toBeNull();
  });

  it.each(["sha256", "sha384", "sha512-256"])("is refused with a signature by %s", (digest) => {
    expect(openHs512(signed(header, { sub: "ada" }, digest), key)).toBeNull();
  });

  it.each([[[]], ["ada"], [7], [null]])("is refused when its claims are %j", (claims) => {
    expect(openHs512(signed(header, claims), key)).toBeNull();
  });

  it.each([
    "",
    ".",
    "..",
    "...",
    hmac(""),
    hmac("."),
    hmac(encode(header)),
    hmac(`${encode(header)}.e30x`),
    hmac(`${encode(header)}.${encode({})}.${encode({})}`),
    hmac(`e30x.${encode({})}`),
  ])("is refused as %j", (token) => {
    expect(openHs512(token, key)).toBeNull();
  });
});
