import { expect, outcome, type RestTools, type Row } from "../rest-test";
import { expectPair } from "./login";

const PATH = "/api/noauth/qr/";
const MINUTE_MS = 60_000;

/** Somebody who is logged in at a browser and made a code for their app `agoMs` ago. */
async function coded(
  { arrange, rest }: RestTools,
  { email, agoMs = 0 }: { email?: string; agoMs?: number } = {},
) {
  const now = new Date(Date.now() - agoMs);
  const user = await arrange("makeUser", { passwordSetAt: new Date(0), ...(email && { email }) });
  const { person } = await arrange("loggedIn", user, { now });
  const made = await arrange("makeMobileCode", person, now);
  if (!made.ok) throw new Error(made.code);
  rest.keepSecret(made.secret);
  return { user, person, secret: made.secret, path: PATH + made.secret };
}

export const exchangeRows: readonly Row[] = [
  {
    what: "a secret",
    ask: async (tools) => ({ path: (await coded(tools, { email: "ada@example.org" })).path }),
    answer: [200, null],
    async after(answer, { rest, sql }) {
      expectPair(answer, { email: "ada@example.org" });
      expect(answer.headers["referrer-policy"]).toBe("no-referrer");
      const me = await rest.call("GET", "/api/auth/user", { token: String(answer.json.token) });
      expect(outcome(me)).toEqual([200, null]);
      expect(await sql("SELECT FROM sessions WHERE kind = 'MOBILE'")).toHaveLength(1);
    },
  },
  {
    what: "the same again",
    async ask(tools) {
      const { path } = await coded(tools);
      await tools.rest.call("GET", path);
      return { path };
    },
    answer: [401, 11],
  },
  {
    what: "one that was made two minutes ago",
    ask: async (tools) => ({ path: (await coded(tools, { agoMs: 2 * MINUTE_MS })).path }),
    answer: [401, 11],
  },
  {
    what: "one that was made a while ago",
    ask: async (tools) => ({ path: (await coded(tools, { agoMs: MINUTE_MS })).path }),
    answer: [200, null],
  },
  {
    what: "one that a newer one has replaced",
    async ask(tools) {
      const { path, person } = await coded(tools);
      await tools.arrange("makeMobileCode", person);
      return { path };
    },
    answer: [401, 11],
  },
  {
    what: "one of a session that has ended",
    async ask(tools) {
      const { path, person } = await coded(tools);
      await tools.arrange("logOut", person);
      return { path };
    },
    answer: [401, 11],
  },
  {
    what: "one of a disabled account",
    async ask(tools) {
      const { path, user } = await coded(tools);
      await tools.sql("UPDATE users SET state = 'DISABLED' WHERE id = $1", user.id);
      return { path };
    },
    answer: [401, 11],
  },
  {
    what: "part of one",
    ask: async (tools) => ({ path: (await coded(tools)).path.slice(0, -1) }),
    answer: [401, 11],
  },
  ...["x", "a".repeat(32), "-".repeat(256), "a".repeat(5_000), "a".repeat(9_000)].map(
    (secret): Row => ({
      what: `the unknown ${secret.slice(0, 20)} of ${secret.length}`,
      ask: () => ({ path: PATH + secret }),
      answer: [401, 11],
    }),
  ),
  { what: "none", ask: () => ({ path: PATH.slice(0, -1) }), answer: [404, 32] },
  {
    what: "too many of them",
    async ask({ rest, sql }) {
      await sql("DELETE FROM rate_limits");
      for (let n = 0; n < 60; n += 1) await rest.call("GET", `${PATH}x`);
      return { path: `${PATH}x` };
    },
    answer: [429, 33],
    after: async (_, { sql }) => void (await sql("DELETE FROM rate_limits")),
  },
];

export const deepLinkRows: readonly Row[] = [
  {
    what: "a token",
    ask: async ({ signedIn }) => ({ token: (await signedIn({ email: "bob@example.org" })).token }),
    answer: [200, null],
    async after({ body, headers }, { rest, url }) {
      expect(headers["content-type"], "as ThingsBoard calls it").toBe("text/plain; charset=utf-8");
      const link = new URL(JSON.parse(body));
      const secret = link.searchParams.get("secret") ?? "";
      rest.keepSecret(secret);
      expect(`${link.origin}${link.pathname}`).toBe(`${url}/api/noauth/qr`);
      expect(Object.fromEntries(link.searchParams)).toEqual({
        secret: expect.stringMatching(/^[\w-]{64}$/),
        ttl: "2",
        host: url,
      });
      expect(outcome(await rest.call("GET", link.pathname + link.search)), "the link alone").toEqual([
        404, 32,
      ]);
      const pair = await rest.call("GET", PATH + secret);
      expect(outcome(pair)).toEqual([200, null]);
      expectPair(pair, { email: "bob@example.org" });
    },
  },
  {
    what: "a foreign name, which is not in the link",
    ask: async ({ signedIn }) => ({
      token: (await signedIn()).token,
      headers: { "x-forwarded-host": "evil.example", forwarded: "host=evil.example" },
    }),
    answer: [200, null],
    after: ({ body }) => expect(body).not.toContain("evil"),
  },
  {
    what: "the length that is set",
    async ask({ arrange, signedIn }) {
      await arrange("makeSettings", { general: { mobileSecretKeyLength: 256 } });
      return { token: (await signedIn()).token };
    },
    answer: [200, null],
    after: ({ body }) => expect(new URL(JSON.parse(body)).searchParams.get("secret")).toMatch(/^[\w-]{256}$/),
  },
  {
    what: "an expired password",
    async ask({ arrange, signedIn }) {
      const { token } = await signedIn({ passwordSetAt: new Date(0) });
      const expirySwitchedOnAt = new Date(0);
      await arrange(
        "makeSettings",
        { password: { passwordExpirationPeriodDays: 1 } },
        { expirySwitchedOnAt },
      );
      return { token };
    },
    answer: [401, 15],
  },
  {
    what: "a refresh token",
    ask: async ({ signedIn }) => ({ token: (await signedIn()).refreshToken }),
    answer: [401, 10],
  },
  { what: "no token", ask: () => ({}), answer: [401, 10] },
];
