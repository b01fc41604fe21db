import { randomUUID } from "node:crypto";
import { type Changes, forge, forgeByRsa, shownKey } from "./forge";
import { expect, outcome, type RestTools, type SignedIn, test } from "./rest-test";

const HOUR = 3_600;
const now = () => Math.floor(Date.now() / 1_000);

/** Forgeries, signed with the real key unless `secret` says otherwise; the server must accept none of them. */
const changes = (key: string): [string, Changes][] => [
  ["alg HS256", { header: { alg: "HS256" }, digest: "sha256" }],
  ["alg HS256, signed as HS512", { header: { alg: "HS256" } }],
  ["alg HS384", { header: { alg: "HS384" }, digest: "sha384" }],
  ["alg RS256 with the key as text", { header: { alg: "RS256" }, digest: "sha256", secret: key }],
  ["alg RS256 with the key as bytes", { header: { alg: "RS256" } }],
  ["the key as text", { secret: key }],
  ["alg none, signed all the same", { header: { alg: "none" } }],
  ["alg in small letters", { header: { alg: "hs512" } }],
  ["alg as a list", { header: { alg: ["HS512"] } }],
  ["no alg", { header: { alg: undefined } }],
  ["an empty secret", { secret: "" }],
  ["another key", { secret: "x".repeat(64) }],
  ["an unknown kid", { header: { kid: randomUUID() } }],
  ["an empty kid", { header: { kid: "" } }],
  ["no kid", { header: { kid: undefined } }],
  ["a path as kid", { header: { kid: "../../../../dev/null" }, secret: "" }],
  ["SQL as kid", { header: { kid: "' OR '1'='1" } }],
  ["a number as kid", { header: { kid: 7 } }],
  ["another type", { header: { typ: "at+jwt" } }],
  ["no type", { header: { typ: undefined } }],
  ["a critical header", { header: { crit: ["x"], x: 1 } }],
  ["a key of its own", { header: { jwk: { kty: "oct", k: "eHh4" } }, secret: "xxx" }],
  ["the address of a key", { header: { jku: "http://127.0.0.1:9/keys" }, secret: "xxx" }],
  ["another installation's issuer", { claims: { iss: "thingsboard.io" } }],
  ["no issuer", { claims: { iss: undefined } }],
  ["two issuers", { claims: { iss: ["gatehouse", "thingsboard.io"] } }],
  ["exp as text", { claims: { exp: String(now() + HOUR) } }],
  ["exp as a fraction", { claims: { exp: now() + HOUR + 0.5 } }],
  ["exp in the far future", { claims: { exp: now() + 2 ** 32 } }],
  ["exp beyond any date", { claims: { exp: 1e300 } }],
  ["no exp", { claims: { exp: undefined } }],
  ["exp null", { claims: { exp: null } }],
  ["iat as text", { claims: { iat: String(now()) } }],
  ["iat as a fraction", { claims: { iat: now() - 0.5 } }],
  ["iat in the far future", { claims: { iat: now() + 10 * HOUR, exp: now() + 11 * HOUR } }],
  ["no iat", { claims: { iat: undefined } }],
  ["not valid yet", { claims: { nbf: now() + HOUR } }],
  ["no jti", { claims: { jti: undefined } }],
  ["no sub", { claims: { sub: undefined } }],
  ["sub as a list", { claims: { sub: ["ada@example.org"] } }],
  ["another user", { claims: { userId: randomUUID() } }],
  ["a user that is no id", { claims: { userId: "' OR '1'='1" } }],
  ["a session that is no id", { claims: { sessionId: "../x" } }],
  ["scopes as text", { claims: { scopes: "SYS_ADMIN" } }],
  ["no scopes", { claims: { scopes: [] } }],
  ["two scopes", { claims: { scopes: ["REFRESH_TOKEN", "SYS_ADMIN"] } }],
];

/** The forgeries that are possible without the key, from a stolen token. */
function withoutKey(token: string): [string, string][] {
  const [header = "", claims = "", signature = ""] = token.split(".");
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const read = JSON.parse(Buffer.from(claims, "base64url").toString());
  const last = signature.endsWith("A") ? "Q" : "A";
  return [
    ["alg none, no signature", `${encode({ alg: "none", typ: "JWT" })}.${claims}.`],
    ["no signature", `${header}.${claims}.`],
    ["a changed signature", `${header}.${claims}.${signature.slice(0, -1)}${last}`],
    ["a cut signature", `${header}.${claims}.${signature.slice(0, 43)}`],
    ["a changed payload", `${header}.${encode({ ...read, scopes: ["SYS_ADMIN"] })}.${signature}`],
    ["a longer life", `${header}.${encode({ ...read, exp: read.exp + 1 })}.${signature}`],
    ["a payload that is no JSON", `${header}.e30x.${signature}`],
    ["a payload that is a list", `${header}.${encode([])}.${signature}`],
    ["a header that is no object", `${encode([])}.${claims}.${signature}`],
    ["a signature by RSA", forgeByRsa(token, { alg: "RS256" })],
    ["another blob", `${"A".repeat(6_000)}.${claims}.${signature}`],
  ];
}

/** The outcomes of using one token as an access token and the other as a refresh token. */
async function outcomesOf({ rest }: RestTools, token: string, refreshToken: string) {
  const asAccess = await rest.call("GET", "/api/auth/user", { token });
  const asRefresh = await rest.call("POST", "/api/auth/token", { body: { refreshToken } });
  return [outcome(asAccess), outcome(asRefresh)];
}

const unknown = [
  [401, 10],
  [401, 10],
];
const over = [
  [401, 11],
  [401, 11],
];
const good = [
  [200, null],
  [200, null],
];

test("a token is accepted only if the key in force has signed it exactly as we sign", async ({ tools }) => {
  const key = await shownKey(tools);
  const bytes = Buffer.from(key, "base64");
  tools.rest.keepSecret(key);
  const { token, refreshToken } = await tools.signedIn({ authority: "CUSTOMER_USER" });
  for (const [name, change] of changes(key)) {
    const got = await outcomesOf(tools, forge(token, bytes, change), forge(refreshToken, bytes, change));
    expect(got, name).toEqual(unknown);
  }
  const [access, refresh] = [withoutKey(token), withoutKey(refreshToken)];
  for (const [index, [name, forged]] of access.entries()) {
    expect(await outcomesOf(tools, forged, refresh[index]?.[1] ?? ""), name).toEqual(unknown);
  }
  // A signed token for a session that does not exist counts as expired: its account may have been deleted.
  const gone = { claims: { sessionId: randomUUID() } };
  const signed = [forge(token, bytes, gone), forge(refreshToken, bytes, gone)] as const;
  expect(await outcomesOf(tools, ...signed), "a session that there is not").toEqual(over);
  expect(await outcomesOf(tools, refreshToken, token), "each in the other's place").toEqual(unknown);
  const same = [forge(token, bytes, {}), forge(refreshToken, bytes, {})] as const;
  expect(await outcomesOf(tools, ...same), "and nothing of it has done any harm").toEqual(good);
});

/** The events that invalidate a token. */
const endings: [string, (tools: RestTools, who: SignedIn) => Promise<unknown>][] = [
  ["its session has ended", ({ rest }, { token }) => rest.call("POST", "/api/auth/logout", { token })],
  ["its user is gone", ({ sql }, { id }) => sql("DELETE FROM users WHERE id = $1", id)],
  ["its user is disabled", ({ sql }, { id }) => sql("UPDATE users SET state = 'DISABLED' WHERE id = $1", id)],
  [
    "its session can be renewed no more",
    ({ sql }, { sessionId }) =>
      sql("UPDATE sessions SET renewable_until = now() - interval '1 second' WHERE id = $1", sessionId),
  ],
  [
    "its key has retired",
    ({ sql }) => sql("UPDATE signing_keys SET verify_until = now() - interval '1 second'"),
  ],
];

for (const [name, end] of endings) {
  test(`a token is over when ${name}, also one that was made with the key`, async ({ tools }) => {
    const key = Buffer.from(await shownKey(tools), "base64");
    const who = await tools.signedIn();
    const { token, refreshToken } = who;
    const change = { claims: { jti: randomUUID(), exp: now() + HOUR } };
    const forged = [forge(token, key, change), forge(refreshToken, key, change)] as const;
    expect(await outcomesOf(tools, forged[0], refreshToken), "until then it is good").toEqual(good);
    await end(tools, who);
    expect(await outcomesOf(tools, token, refreshToken)).toEqual(over);
    expect(await outcomesOf(tools, ...forged)).toEqual(over);
  });
}
