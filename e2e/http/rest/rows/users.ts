import { randomUUID } from "node:crypto";
import { expect, outcome, type RestTools, type Row } from "../rest-test";
import { NULL_ID, PASSWORD } from "./login";
import { guarded } from "./settings";

const HOUR_MS = 3_600_000;

const asAdministrator = async ({ signedIn }: RestTools) => ({
  token: (await signedIn({ authority: "SYS_ADMIN" })).token,
});

/** The rows of any call with a user's id in its path: unknown and invalid ids, and callers who may not make it. */
const aboutUser = (path: (id: string) => string): Row[] => [
  {
    what: "an id of nobody",
    ask: async (tools) => ({ ...(await asAdministrator(tools)), path: path(randomUUID()) }),
    answer: [404, 32],
  },
  ...["1", "%00", "x".repeat(3_000), "..%2f..%2fapi"].map(
    (id): Row => ({
      what: `the id ${id.slice(0, 20)}`,
      ask: async (tools) => ({ ...(await asAdministrator(tools)), path: path(id) }),
      // The server refuses any API address with percent-encoding before it looks at the id.
      answer: id.includes("%") ? [404, 32] : [400, 31],
    }),
  ),
  ...guarded().map(
    (row): Row => ({
      ...row,
      ask: async (tools) => ({ ...(await row.ask(tools)), path: path(randomUUID()) }),
    }),
  ),
];

const invite = (body: object, query = "") => ({
  ask: async (tools: RestTools) => ({ ...(await asAdministrator(tools)), body, query }),
});

export const createUserRows: readonly Row[] = [
  {
    what: "somebody new",
    ...invite({ email: "Grace@example.org", authority: "TENANT_ADMIN", firstName: "Grace", lastName: null }),
    answer: [200, null],
    async after({ json }, { arrange }) {
      const { id, createdTime, ...rest } = json;
      expect(id).toEqual({ entityType: "USER", id: expect.any(String) });
      expect(createdTime).toEqual(expect.any(Number));
      expect(rest).toEqual({
        tenantId: { entityType: "TENANT", id: NULL_ID },
        customerId: { entityType: "CUSTOMER", id: NULL_ID },
        email: "Grace@example.org",
        authority: "TENANT_ADMIN",
        firstName: "Grace",
        lastName: "",
        phone: null,
        name: "Grace@example.org",
        additionalInfo: {
          userCredentialsEnabled: false,
          userActivated: false,
          lastLoginTs: null,
          locked: false,
        },
      });
      expect(await arrange("readMails")).toMatchObject([
        { kind: "activation", recipient: "Grace@example.org" },
      ]);
    },
  },
  {
    what: "somebody who is told otherwise",
    ...invite({ email: "alan@example.org", authority: "CUSTOMER_USER" }, "?sendActivationMail=false"),
    answer: [200, null],
    after: async (_, { arrange }) => expect(await arrange("readMails")).toHaveLength(1),
  },
  {
    what: "an address that is taken, in other letters",
    ...invite({ email: "GRACE@EXAMPLE.ORG", authority: "TENANT_ADMIN" }),
    answer: [400, 31],
    after: ({ json }) => expect(Object.keys(Object(json.fieldErrors))).toEqual(["email"]),
  },
  ...(
    [
      ["no authority", { email: "new@example.org" }],
      ["an authority that there is not", { email: "new@example.org", authority: "ROOT" }],
      ["no address", { authority: "TENANT_ADMIN" }],
      ["two addresses", { email: "a@example.org,b@example.org", authority: "TENANT_ADMIN" }],
      [
        "a line break in a name",
        { email: "new@example.org", authority: "TENANT_ADMIN", firstName: "A\r\nB" },
      ],
      ["a user that exists", { id: { id: NULL_ID }, email: "new@example.org", authority: "TENANT_ADMIN" }],
      ["a list", []],
    ] as [string, object][]
  ).map(([what, body]): Row => ({ what, ...invite(body), answer: [400, 31] })),
  ...guarded({ email: "new@example.org", authority: "TENANT_ADMIN" }),
];

export const listUsersRows: readonly Row[] = [
  {
    what: "a page",
    async ask(tools) {
      for (const n of [1, 2, 3]) await tools.arrange("makeUser", { email: `listed${n}@example.org` });
      const query = "?pageSize=2&page=1&textSearch=listed&sortProperty=email&sortOrder=DESC";
      return { ...(await asAdministrator(tools)), query };
    },
    answer: [200, null],
    after: ({ json }) =>
      expect(json).toMatchObject({
        data: [{ email: "listed1@example.org" }],
        totalPages: 2,
        totalElements: 3,
        hasNext: false,
      }),
  },
  ...[
    "",
    "?pageSize=2",
    "?pageSize=0&page=0",
    "?pageSize=1001&page=0",
    "?pageSize=2&page=-1",
    "?pageSize=2&page=1e3",
    "?pageSize=2&page=0&sortProperty=password_hash",
    "?pageSize=2&page=0&sortOrder=;DROP",
    "?pageSize=2&page=0&textSearch=%00",
    "?pageSize=2&pageSize=2&page=0",
  ].map(
    (query): Row => ({
      what: query || "no query",
      ask: async (tools) => ({ ...(await asAdministrator(tools)), query }),
      answer: [400, 31],
    }),
  ),
  ...guarded().map(
    (row): Row => ({
      ...row,
      ask: async (tools) => ({ ...(await row.ask(tools)), query: "?pageSize=2&page=0" }),
    }),
  ),
];

const userPath = (id: string) => `/api/user/${id}`;

export const readUserRows: readonly Row[] = [
  {
    what: "somebody who is locked out",
    async ask(tools) {
      const lockedUntil = new Date(Date.now() + HOUR_MS);
      const lock = { lockedAt: new Date(), lockedUntil };
      const { id } = await tools.arrange("makeUser", { email: "locked@example.org", ...lock });
      return { ...(await asAdministrator(tools)), path: userPath(id) };
    },
    answer: [200, null],
    after: ({ json }) =>
      expect(json).toMatchObject({
        email: "locked@example.org",
        additionalInfo: { userCredentialsEnabled: true, userActivated: true, locked: true },
      }),
  },
  ...aboutUser(userPath),
];

export const deleteUserRows: readonly Row[] = [
  {
    what: "somebody, whose tokens are void at once",
    async ask(tools) {
      const { id, token } = await tools.signedIn({ email: "gone@example.org" });
      expect(outcome(await tools.rest.call("GET", "/api/auth/user", { token }))).toEqual([200, null]);
      return { ...(await asAdministrator(tools)), path: userPath(id) };
    },
    answer: [200, null],
    async after(_, { sql }) {
      expect(await sql("SELECT FROM users WHERE email = 'gone@example.org'")).toEqual([]);
    },
  },
  {
    what: "oneself",
    async ask({ signedIn }) {
      const { id, token } = await signedIn({ authority: "SYS_ADMIN" });
      return { token, path: userPath(id) };
    },
    answer: [403, 20],
  },
  ...aboutUser(userPath),
];

const invited = async ({ arrange }: RestTools) => arrange("makeUser", { state: "INVITED" });

/** The rows that the two calls that make an activation link share. */
const linkRows = (name: string, show: Pick<Row, "after">): readonly Row[] => {
  const path = (id: string) => `${userPath(id)}/${name}`;
  return [
    {
      what: "of somebody who was invited",
      ask: async (tools) => ({ ...(await asAdministrator(tools)), path: path((await invited(tools)).id) }),
      answer: [200, null],
      ...show,
    },
    {
      what: "of somebody who is active",
      ask: async (tools) => ({
        ...(await asAdministrator(tools)),
        path: path((await tools.arrange("makeUser")).id),
      }),
      answer: [400, 31],
    },
    ...aboutUser(path),
  ];
};

/** Activates the account with a link. */
async function expectActivates(link: string, { rest }: RestTools): Promise<void> {
  const { origin, pathname, searchParams } = new URL(link);
  expect([origin, pathname]).toEqual([rest.product.url, "/api/noauth/activate"]);
  const activateToken = searchParams.get("activateToken") ?? "";
  rest.keepSecret(activateToken);
  const body = { activateToken, password: PASSWORD };
  expect(outcome(await rest.call("POST", "/api/noauth/activate", { body }))).toEqual([200, null]);
}

export const activationLinkRows = linkRows("activationLink", {
  async after({ body, headers }, tools) {
    expect(headers["content-type"]).toBe("text/plain; charset=utf-8");
    await expectActivates(body, tools);
  },
});

export const activationLinkInfoRows = linkRows("activationLinkInfo", {
  async after({ json }, tools) {
    expect(json.ttlMs).toBeGreaterThan(23.9 * HOUR_MS);
    expect(json.ttlMs).toBeLessThanOrEqual(24 * HOUR_MS);
    await expectActivates(String(json.value), tools);
  },
});

export const sendActivationMailRows: readonly Row[] = [
  {
    what: "to somebody who was invited, in other letters",
    async ask(tools) {
      const { email } = await invited(tools);
      return {
        ...(await asAdministrator(tools)),
        query: `?email=${encodeURIComponent(email.toUpperCase())}`,
      };
    },
    answer: [200, null],
    async after({ body }, { arrange }) {
      expect(body).toBe("");
      expect(await arrange("readMails")).toMatchObject([{ kind: "activation" }]);
    },
  },
  ...(
    [
      ["to somebody who is active", "?email=active@example.org", [400, 31]],
      ["to nobody", "?email=nobody@example.org", [404, 32]],
      ["to two", "?email=a@example.org,b@example.org", [400, 31]],
      ["without an address", "", [400, 31]],
    ] as [string, string, [number, number]][]
  ).map(
    ([what, query, answer]): Row => ({
      what,
      async ask(tools) {
        if (query.includes("active@")) await tools.arrange("makeUser", { email: "active@example.org" });
        return { ...(await asAdministrator(tools)), query };
      },
      answer,
    }),
  ),
  ...guarded().map(
    (row): Row => ({
      ...row,
      ask: async (tools) => ({ ...(await row.ask(tools)), query: "?email=a@example.org" }),
    }),
  ),
];

const enabledPath = (id: string) => `${userPath(id)}/userCredentialsEnabled`;

export const setEnabledRows: readonly Row[] = [
  {
    what: "false, which ends what they have",
    async ask(tools) {
      const { id, email } = await tools.signedIn({ email: "disabled@example.org" });
      const body = { username: email, password: PASSWORD };
      expect(outcome(await tools.rest.call("POST", "/api/auth/login", { body }))).toEqual([200, null]);
      return {
        ...(await asAdministrator(tools)),
        path: enabledPath(id),
        query: "?userCredentialsEnabled=false",
      };
    },
    answer: [200, null],
    async after(_, { rest, sql }) {
      const body = { username: "disabled@example.org", password: PASSWORD };
      expect(outcome(await rest.call("POST", "/api/auth/login", { body }))).toEqual([401, 10]);
      const live = await sql(
        "SELECT FROM sessions JOIN users u ON u.id = user_id WHERE ended_at IS NULL AND u.email = $1",
        body.username,
      );
      expect(live).toEqual([]);
    },
  },
  {
    what: "true, which lifts a lock too",
    async ask(tools) {
      const { id } = await tools.arrange("makeUser", { email: "locked@example.org", lockedAt: new Date() });
      return {
        ...(await asAdministrator(tools)),
        path: enabledPath(id),
        query: "?userCredentialsEnabled=true",
      };
    },
    answer: [200, null],
    async after(_, { rest }) {
      const body = { username: "locked@example.org", password: PASSWORD };
      expect(outcome(await rest.call("POST", "/api/auth/login", { body }))).toEqual([200, null]);
    },
  },
  {
    what: "for somebody who was never activated",
    ask: async (tools) => ({
      ...(await asAdministrator(tools)),
      path: enabledPath((await invited(tools)).id),
    }),
    answer: [400, 31],
  },
  {
    what: "what is neither",
    ask: async (tools) => ({
      ...(await asAdministrator(tools)),
      path: enabledPath(randomUUID()),
      query: "?userCredentialsEnabled=1",
    }),
    answer: [400, 31],
  },
  ...aboutUser(enabledPath),
];
