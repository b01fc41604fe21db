import { expect, outcome, type RestTools, type Row } from "../rest-test";
import { expectPair, NEW_PASSWORD } from "./login";

const mails = async ({ arrange }: RestTools) => {
  await arrange("resolveResetRequests");
  return arrange("readMails");
};

export const policyRows: readonly Row[] = [
  {
    what: "the ten rules",
    ask: () => ({}),
    answer: [200, null],
    after: ({ json }) =>
      expect(json).toEqual({
        minimumLength: 12,
        maximumLength: 128,
        minimumUppercaseLetters: 0,
        minimumLowercaseLetters: 0,
        minimumDigits: 0,
        minimumSpecialCharacters: 0,
        passwordExpirationPeriodDays: 0,
        passwordReuseFrequencyDays: 0,
        allowWhitespaces: true,
        forceUserToResetPasswordIfNotValid: false,
      }),
  },
  {
    what: "as they are in force",
    async ask({ arrange }) {
      await arrange("makeSettings", { password: { minimumLength: 20 } });
      return {};
    },
    answer: [200, null],
    after: ({ json }) => expect(json.minimumLength).toBe(20),
  },
];

/** The rows of a call that ThingsBoard's mails link to, and that redirects to our page for the link. */
function openRows(
  purpose: "ACTIVATION" | "PASSWORD_RESET",
  path: string,
  parameter: string,
  pages: { works: string; expired: string },
): readonly Row[] {
  const other = purpose === "ACTIVATION" ? "PASSWORD_RESET" : "ACTIVATION";
  const leadsTo =
    (page: string) =>
    ({ headers }: { headers: Record<string, string> }, { url }: RestTools) => {
      expect(headers.location).toMatch(new RegExp(`^${url}${page}`));
      expect(headers["referrer-policy"]).toBe("no-referrer");
    };
  return [
    {
      what: "a link, as often as one likes",
      async ask({ linkFor, rest, sql }) {
        const { secret } = await linkFor(purpose);
        await rest.call("GET", `${path}?${parameter}=${secret}`);
        expect(await sql("SELECT FROM account_links WHERE used_at IS NOT NULL")).toEqual([]);
        return { query: `?${parameter}=${secret}` };
      },
      answer: [303, null],
      after: leadsTo(pages.works),
    },
    {
      what: "an expired one",
      ask: async ({ linkFor }) => ({
        query: `?${parameter}=${(await linkFor(purpose, { isExpired: true })).secret}`,
      }),
      answer: [303, null],
      after: leadsTo(pages.expired),
    },
    {
      what: "one of another purpose",
      ask: async ({ linkFor }) => ({ query: `?${parameter}=${(await linkFor(other)).secret}` }),
      answer: [409, 31],
    },
    ...["x", "", "%00", "%F0%9F%94%91", "a".repeat(3_000)].map(
      (secret): Row => ({
        what: `the unknown ${secret.slice(0, 20)}`,
        ask: () => ({ query: `?${parameter}=${secret}` }),
        answer: [409, 31],
      }),
    ),
    { what: "none", ask: () => ({}), answer: [400, 31] },
    {
      what: "two of them",
      ask: () => ({ query: `?${parameter}=a&${parameter}=b` }),
      answer: [400, 31],
    },
    {
      what: "a long one",
      ask: () => ({ query: `?${parameter}=${"a".repeat(8_193)}` }),
      answer: [400, 31],
    },
  ];
}

export const openActivationRows = openRows("ACTIVATION", "/api/noauth/activate", "activateToken", {
  works: "/activate\\?token=[\\w-]{40,}$",
  expired: "/link-expired\\?kind=activation$",
});

export const openResetRows = openRows("PASSWORD_RESET", "/api/noauth/resetPassword", "resetToken", {
  works: "/reset-password\\?token=[\\w-]{40,}$",
  expired: "/link-expired\\?kind=reset$",
});

/** Bodies with an invalid link or password. */
const malformed = (field: string): Row[] =>
  (
    [
      ["nothing", {}],
      ["an unknown link", { [field]: "x", password: NEW_PASSWORD }],
      ["an empty link", { [field]: "", password: NEW_PASSWORD }],
      ["other types", { [field]: 1, password: ["x"] }],
      ["nulls", { [field]: null, password: null }],
      ["a list", []],
    ] as [string, unknown][]
  ).map(([what, body]) => ({ what, ask: () => ({ body }), answer: [400, 31] }));

export const activateRows: readonly Row[] = [
  {
    what: "a password that the policy does not admit, which leaves the link",
    async ask({ linkFor }) {
      const { secret } = await linkFor("ACTIVATION");
      return { body: { activateToken: secret, password: "short" } };
    },
    answer: [400, 31],
    after: async (_, { sql }) =>
      expect(await sql("SELECT FROM account_links WHERE used_at IS NOT NULL")).toEqual([]),
  },
  {
    what: "a link and a password",
    async ask({ linkFor }) {
      const { secret } = await linkFor("ACTIVATION");
      return { body: { activateToken: secret, password: NEW_PASSWORD } };
    },
    answer: [200, null],
    async after(answer, { rest }) {
      const me = await rest.call("GET", "/api/auth/user", { token: String(answer.json.token) });
      expect(outcome(me)).toEqual([200, null]);
      expectPair(answer, { email: String(me.json.email) });
    },
  },
  {
    what: "a used link",
    async ask({ linkFor, rest }) {
      const { secret } = await linkFor("ACTIVATION");
      const body = { activateToken: secret, password: NEW_PASSWORD };
      await rest.call("POST", "/api/noauth/activate", { body });
      return { body };
    },
    answer: [400, 31],
  },
  {
    what: "an expired link",
    async ask({ linkFor }) {
      const { secret } = await linkFor("ACTIVATION", { isExpired: true });
      return { body: { activateToken: secret, password: NEW_PASSWORD } };
    },
    answer: [400, 31],
  },
  {
    what: "a link of another purpose",
    async ask({ linkFor }) {
      const { secret } = await linkFor("PASSWORD_RESET");
      return { body: { activateToken: secret, password: NEW_PASSWORD } };
    },
    answer: [400, 31],
  },
  ...malformed("activateToken"),
];

export const requestResetRows: readonly Row[] = [
  {
    what: "an address with an account",
    ask: async ({ arrange }) => ({
      body: { email: (await arrange("makeUser", { email: "ada@example.org" })).email },
    }),
    answer: [200, null],
    async after(_, tools) {
      expect(await mails(tools)).toMatchObject([{ kind: "password-reset", recipient: "ada@example.org" }]);
    },
  },
  ...["nobody@example.org", "", "no address", "a\u0000@example.org"].map(
    (email): Row => ({
      what: `the address ${JSON.stringify(email)}`,
      ask: () => ({ body: { email } }),
      answer: [200, null],
      after: async (_, tools) => expect(await mails(tools)).toHaveLength(1),
    }),
  ),
  ...([{}, { email: 7 }, { email: ["ada@example.org"] }, { email: null }, [], "null"] as unknown[]).map(
    (body): Row => ({ what: JSON.stringify(body), ask: () => ({ body }), answer: [400, 31] }),
  ),
];

export const resetPasswordRows: readonly Row[] = [
  {
    what: "a password that the policy does not admit",
    async ask({ linkFor }) {
      const { secret } = await linkFor("PASSWORD_RESET");
      return { body: { resetToken: secret, password: "short" } };
    },
    answer: [400, 31],
  },
  {
    what: "a link and a password, which logs nobody in",
    async ask({ linkFor }) {
      const { secret } = await linkFor("PASSWORD_RESET");
      return { body: { resetToken: secret, password: NEW_PASSWORD } };
    },
    answer: [200, null],
    async after({ body }, { sql }) {
      expect(body).toBe("");
      expect(await sql("SELECT FROM sessions")).toEqual([]);
    },
  },
  {
    what: "a used link",
    async ask({ linkFor, rest }) {
      const { secret } = await linkFor("PASSWORD_RESET");
      const body = { resetToken: secret, password: NEW_PASSWORD };
      await rest.call("POST", "/api/noauth/resetPassword", { body });
      return { body };
    },
    answer: [400, 31],
  },
  {
    what: "an activation's link",
    async ask({ linkFor }) {
      const { secret } = await linkFor("ACTIVATION");
      return { body: { resetToken: secret, password: NEW_PASSWORD } };
    },
    answer: [400, 31],
  },
  ...malformed("resetToken"),
];
