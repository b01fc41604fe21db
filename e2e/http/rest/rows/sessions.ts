import { COOKIE } from "../../../fixtures/test";
import { readToken } from "../claims";
import { expect, outcome, type RestTools, type Row } from "../rest-test";
import { expectPair, NULL_ID, PASSWORD } from "./login";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const program = { kind: "anonymous", address: "192.0.2.1", userAgent: "", requestId: "" } as const;
const ago = (ms: number) => new Date(Date.now() - ms);

const refresh = (refreshToken: unknown) => ({ body: { refreshToken } });
const readOwnUser = (tools: RestTools, token: unknown) =>
  tools.rest.call("GET", "/api/auth/user", { token: String(token) });

const malformed: [string, unknown][] = [
  ["nothing", {}],
  ["null", { refreshToken: null }],
  ["a number", { refreshToken: 7 }],
  ["an empty text", { refreshToken: "" }],
  ["a list of tokens", { refreshToken: ["a.b.c"] }],
  ["what is no token", { refreshToken: "a.b.c" }],
  ["a path", { refreshToken: "../../etc/passwd" }],
  ["a long text", { refreshToken: "a".repeat(60_000) }],
  ["a list", []],
  ["null alone", "null"],
];

export const refreshRows: readonly Row[] = [
  {
    what: "the token of the login",
    ask: async ({ signedIn }) => refresh((await signedIn({ email: "ada@example.org" })).refreshToken),
    answer: [200, null],
    async after(answer, tools) {
      expectPair(answer, { email: "ada@example.org" });
      expect(outcome(await readOwnUser(tools, answer.json.token))).toEqual([200, null]);
      const again = await tools.rest.call("POST", "/api/auth/token", refresh(answer.json.refreshToken));
      expect(outcome(again)).toEqual([200, null]);
      expect(again.json.refreshToken).not.toBe(answer.json.refreshToken);
    },
  },
  {
    what: "a token that was used a moment ago leads to the same successor",
    async ask({ rest, signedIn }) {
      const { refreshToken } = await signedIn();
      await rest.call("POST", "/api/auth/token", refresh(refreshToken));
      return refresh(refreshToken);
    },
    answer: [200, null],
    async after({ json }, { sql }) {
      const { jti, sessionId } = readToken(json.refreshToken).claims;
      const [row] = await sql<{ jti: string }>(
        "SELECT refresh_jti AS jti FROM sessions WHERE id = $1",
        sessionId,
      );
      expect(row?.jti).toBe(jti);
    },
  },
  {
    what: "a token that was used long ago ends the session",
    async ask({ arrange, signedIn }) {
      const { refreshToken } = await signedIn({ email: "leaked@example.org" }, ago(HOUR_MS));
      await arrange("refreshTokens", program, { refreshToken }, ago(HOUR_MS));
      return refresh(refreshToken);
    },
    answer: [401, 11],
    async after(_, { sql }) {
      const ended = await sql(
        `SELECT FROM sessions JOIN users ON users.id = user_id
         WHERE email = 'leaked@example.org' AND ended_at IS NOT NULL`,
      );
      expect(ended).toHaveLength(1);
    },
  },
  {
    what: "an expired one",
    ask: async ({ signedIn }) => refresh((await signedIn({}, ago(8 * DAY_MS))).refreshToken),
    answer: [401, 11],
  },
  {
    what: "one of an ended session",
    async ask({ rest, signedIn }) {
      const { token, refreshToken } = await signedIn();
      await rest.call("POST", "/api/auth/logout", { token });
      return refresh(refreshToken);
    },
    answer: [401, 11],
  },
  {
    what: "one of a disabled account",
    async ask({ signedIn, sql }) {
      const { id, refreshToken } = await signedIn();
      await sql("UPDATE users SET state = 'DISABLED' WHERE id = $1", id);
      return refresh(refreshToken);
    },
    answer: [401, 11],
  },
  {
    what: "an access token",
    ask: async ({ signedIn }) => refresh((await signedIn()).token),
    answer: [401, 10],
  },
  ...malformed.map(([what, body]): Row => ({ what, ask: () => ({ body }), answer: [401, 10] })),
];

export const logoutRows: readonly Row[] = [
  {
    what: "a token",
    ask: async ({ signedIn }) => ({ token: (await signedIn({ email: "leaving@example.org" })).token }),
    answer: [200, null],
    async after({ body }, { sql }) {
      expect(body).toBe("");
      expect(await sql("SELECT FROM sessions WHERE ended_at IS NOT NULL")).toHaveLength(1);
    },
  },
  {
    what: "the same again",
    async ask({ rest, signedIn }) {
      const { token } = await signedIn();
      await rest.call("POST", "/api/auth/logout", { token });
      return { token };
    },
    answer: [401, 11],
  },
  {
    what: "a refresh token",
    ask: async ({ signedIn }) => ({ token: (await signedIn()).refreshToken }),
    answer: [401, 10],
  },
  { what: "no token", ask: () => ({}), answer: [401, 10] },
];

const two = (tools: RestTools) => Promise.all([tools.signedIn(), tools.signedIn()]);

export const ownUserRows: readonly Row[] = [
  {
    what: "a token",
    ask: async ({ signedIn }) => ({
      token: (await signedIn({ email: "ada@example.org", authority: "TENANT_ADMIN" })).token,
    }),
    answer: [200, null],
    after({ json }) {
      expect(json).toEqual({
        id: { entityType: "USER", id: expect.any(String) },
        createdTime: expect.any(Number),
        tenantId: { entityType: "TENANT", id: NULL_ID },
        customerId: { entityType: "CUSTOMER", id: NULL_ID },
        email: "ada@example.org",
        authority: "TENANT_ADMIN",
        firstName: "Ada",
        lastName: "Lovelace",
        phone: null,
        name: "ada@example.org",
        additionalInfo: {},
      });
      expect(Math.abs(Number(json.createdTime) - Date.now())).toBeLessThan(HOUR_MS);
    },
  },
  {
    what: "a token in Authorization",
    ask: async ({ signedIn }) => ({ headers: { authorization: `Bearer ${(await signedIn()).token}` } }),
    answer: [200, null],
  },
  {
    what: "X-Authorization before Authorization",
    async ask(tools) {
      const [one, other] = await two(tools);
      return { token: one.token, headers: { authorization: `Bearer ${other.refreshToken}` } };
    },
    answer: [200, null],
  },
  {
    what: "X-Authorization before Authorization, also when it is the wrong one",
    async ask(tools) {
      const [one, other] = await two(tools);
      return { token: one.refreshToken, headers: { authorization: `Bearer ${other.token}` } };
    },
    answer: [401, 10],
  },
  {
    what: "Authorization beside an empty X-Authorization, as ThingsBoard does",
    ask: async ({ signedIn }) => ({
      headers: { "x-authorization": "", authorization: `Bearer ${(await signedIn()).token}` },
    }),
    answer: [200, null],
  },
  {
    what: "two tokens in a header",
    async ask(tools) {
      const [one, other] = await two(tools);
      return { headers: { "x-authorization": `Bearer ${one.token}, Bearer ${other.token}` } };
    },
    answer: [401, 10],
  },
  {
    what: "a browser's cookie alone",
    async ask({ arrange }) {
      const { token } = await arrange("loggedIn", await arrange("makeUser", { authority: "SYS_ADMIN" }));
      return { headers: { cookie: `${COOKIE}=${token}` } };
    },
    answer: [401, 10],
  },
  {
    what: "a browser's token",
    async ask({ arrange }) {
      const { token } = await arrange("loggedIn", await arrange("makeUser"));
      return { token };
    },
    answer: [401, 10],
  },
  { what: "no token", ask: () => ({}), answer: [401, 10] },
  ...[
    "",
    "Bearer",
    "Bearer ",
    "Basic YTpi",
    "Bearer x",
    "Bearer a.b",
    "Bearer a.b.c.d",
    "Bearer ../../x",
  ].map(
    (header): Row => ({
      what: `the header ${JSON.stringify(header)}`,
      ask: () => ({ headers: { "x-authorization": header } }),
      answer: [401, 10],
    }),
  ),
  {
    what: "a token without its scheme",
    ask: async ({ signedIn }) => ({ headers: { "x-authorization": (await signedIn()).token } }),
    answer: [401, 10],
  },
  {
    what: "an expired token",
    ask: async ({ signedIn }) => ({ token: (await signedIn({}, ago(3 * HOUR_MS))).token }),
    answer: [401, 11],
  },
];

const FIRST = "First 1 password";
const change = (token: string, currentPassword: unknown, newPassword: unknown) => ({
  token,
  body: { currentPassword, newPassword },
});

export const changePasswordRows: readonly Row[] = [
  {
    what: "the right one for another",
    async ask({ arrange, signedIn, sql }) {
      const rules = { minimumDigits: 1, minimumUppercaseLetters: 1, passwordReuseFrequencyDays: 9 };
      await arrange("makeSettings", { password: rules });
      const { token, id } = await signedIn({ email: "ada@example.org", password: FIRST });
      // Another session of the same person.
      await sql(
        `INSERT INTO sessions SELECT (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid()))).*
         FROM sessions s WHERE user_id = $1`,
        id,
      );
      return change(token, FIRST, "Second 2 password");
    },
    answer: [200, null],
    async after(answer, tools) {
      expectPair(answer, { email: "ada@example.org" });
      expect(outcome(await readOwnUser(tools, answer.json.token))).toEqual([200, null]);
      const live = await tools.sql("SELECT FROM sessions WHERE ended_at IS NULL");
      expect(live, "every other session has ended").toHaveLength(1);
      for (const [password, expected] of [
        [FIRST, [401, 10]],
        ["Second 2 password", [200, null]],
      ]) {
        const body = { username: "ada@example.org", password };
        expect(outcome(await tools.rest.call("POST", "/api/auth/login", { body }))).toEqual(expected);
      }
    },
  },
  {
    what: "one that was used before",
    async ask({ rest, signedIn }) {
      const { token } = await signedIn({ password: FIRST });
      const answer = await rest.call(
        "POST",
        "/api/auth/changePassword",
        change(token, FIRST, "Second 2 password"),
      );
      return change(String(answer.json.token), "Second 2 password", FIRST);
    },
    answer: [400, 31],
  },
  {
    what: "the current one again",
    ask: async ({ signedIn }) => change((await signedIn({ password: FIRST })).token, FIRST, FIRST),
    answer: [400, 31],
  },
  {
    what: "one that violates three rules",
    ask: async ({ signedIn }) => change((await signedIn({ password: FIRST })).token, FIRST, "short"),
    answer: [400, 31],
    after: ({ json }) => expect(String(json.message).split("\n")).toHaveLength(3),
  },
  {
    what: "a wrong current one, which counts",
    async ask({ signedIn }) {
      const { token } = await signedIn({ email: "careless@example.org" });
      return change(token, "a wrong password", "Second 2 password");
    },
    answer: [400, 31],
    async after(_, { sql }) {
      const rows = await sql<{ n: number }>(
        "SELECT failed_attempts AS n FROM users WHERE email = 'careless@example.org'",
      );
      expect(rows).toEqual([{ n: 1 }]);
    },
  },
  ...(
    [
      ["nothing", {}, "currentPassword must be text."],
      ["numbers", { currentPassword: 1, newPassword: 2 }, "newPassword must be text."],
      ["nulls", { currentPassword: null, newPassword: null }, "newPassword must be text."],
      ["a list", [], "The body must be a JSON object."],
      [
        "what is too long",
        { currentPassword: PASSWORD, newPassword: "x".repeat(9_000) },
        "newPassword must have at most 8,192 characters.",
      ],
    ] as [string, unknown, string][]
  ).map(
    ([what, body, told]): Row => ({
      what,
      ask: async ({ signedIn }) => ({ token: (await signedIn()).token, body }),
      answer: [400, 31],
      after: ({ json }) => expect(json).toHaveProperty("message", expect.stringContaining(told)),
    }),
  ),
  {
    what: "no token",
    ask: () => ({ body: { currentPassword: PASSWORD, newPassword: FIRST } }),
    answer: [401, 10],
  },
  {
    what: "an address that tries too often",
    async ask({ arrange, signedIn }) {
      await arrange("makeSettings", { general: { loginAttemptsPerAddressPerMinute: 1 } });
      return change((await signedIn()).token, "a wrong password", "Second 2 password");
    },
    answer: [429, 33],
  },
];
