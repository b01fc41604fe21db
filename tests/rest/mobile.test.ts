import { beforeEach, describe, expect, it } from "vitest";
import { GET } from "@/app/api/noauth/qr/route";
import { OWN_CHANGES_PER_MINUTE } from "@/lib/accounts/own-changes";
import { db } from "@/lib/core/db";
import { makeSettings } from "../support/accounts";
import { emptyDatabase } from "../support/database";
import { call, outcome, tokensOf } from "../support/rest";

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings();
});

const DEEP_LINK = "/api/mobile/qr/deepLink";

async function secretOf(token: string): Promise<string> {
  const { text } = await call("GET", DEEP_LINK, { token });
  return new URL(JSON.parse(text)).searchParams.get("secret") ?? "";
}

describe("GET /api/mobile/qr/deepLink", () => {
  it("answers a JSON string with a link to this server", async () => {
    const { token } = await tokensOf();
    const { text, headers } = await call("GET", DEEP_LINK, { token, headers: { host: "evil.example" } });
    // ThingsBoard's Java client throws at any other content type, and keeps the quotes as part of the string.
    expect(headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(text).toMatch(
      /^"http:\/\/localhost:3000\/api\/noauth\/qr\?secret=[\w-]{64}&ttl=2&host=http%3A%2F%2Flocalhost%3A3000"$/,
    );
  });

  it("is for whoever is signed in, the app itself too", async () => {
    for (const kind of ["REST", "MOBILE"] as const) {
      expect((await call("GET", DEEP_LINK, { token: (await tokensOf({}, { kind })).token })).status).toBe(
        200,
      );
    }
  });

  it("has whoever has an expired password choose another first", async () => {
    const { token } = await tokensOf({ passwordSetAt: new Date(0) });
    const expirySwitchedOnAt = new Date(0);
    await makeSettings({ password: { passwordExpirationPeriodDays: 1 } }, { expirySwitchedOnAt });
    expect(outcome(await call("GET", DEEP_LINK, { token }))).toEqual([401, 15]);
  });

  it("says how long to wait to whoever asks too often", async () => {
    const { token } = await tokensOf();
    for (let times = 0; times < OWN_CHANGES_PER_MINUTE; times += 1) await secretOf(token);
    const answer = await call("GET", DEEP_LINK, { token });
    expect(outcome(answer)).toEqual([429, 33]);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
  });
});

it.each([
  ["a camera's browser", "text/html,application/xhtml+xml,*/*;q=0.8", 303],
  ["a program", "*/*", 404],
])("GET /api/noauth/qr answers %s, which accepts %s, with %i", async (_who, accept, status) => {
  const asked = new Request("http://localhost:3000/api/noauth/qr?secret=x", { headers: { accept } });
  expect((await GET(asked, { params: Promise.resolve({}) })).status).toBe(status);
});

describe("GET /api/noauth/qr/{secret}", () => {
  it("gives one pair to fifty who ask at once", async () => {
    const { token, user } = await tokensOf();
    const target = `/api/noauth/qr/${await secretOf(token)}`;
    const answers = await Promise.all(Array.from({ length: 50 }, () => call("GET", target)));
    const [pair, ...lost] = answers.sort((a, b) => a.status - b.status);
    expect(lost.map(outcome)).toEqual(Array(49).fill([401, 11]));
    const me = await call("GET", "/api/auth/user", { token: String(pair?.json.token) });
    expect(me.json).toMatchObject({ email: user.email });
    const body = { refreshToken: pair?.json.refreshToken };
    expect((await call("POST", "/api/auth/token", { body })).status).toBe(200);
  });

  it.each(["HEAD", "POST", "OPTIONS"])("is not to be had by %s, which uses nothing up", async (method) => {
    const { token } = await tokensOf();
    const target = `/api/noauth/qr/${await secretOf(token)}`;
    expect((await call(method, target)).status).toBe(405);
    expect((await call(method, DEEP_LINK, { token })).status).toBe(405);
    expect(await db().mobileSecret.count({ where: { usedAt: null } })).toBe(1);
    expect((await call("GET", target)).status).toBe(200);
  });

  it("answers whatever is no secret as it does a spent one", async () => {
    for (const secret of ["x", "a".repeat(64), "a".repeat(9_000), "%00", "%F0%9F%94%91"]) {
      expect(outcome(await call("GET", `/api/noauth/qr/${secret}`))).toEqual([401, 11]);
    }
  });

  it("asks for patience after sixty", async () => {
    for (let n = 0; n < 60; n += 1) await call("GET", "/api/noauth/qr/x");
    const { status, json, headers } = await call("GET", "/api/noauth/qr/x");
    expect([status, json.errorCode]).toEqual([429, 33]);
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
  });
});
