import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { lockAdministratorChanges } from "@/lib/accounts/store";
import { db } from "@/lib/core/db";
import { makeSettings, makeUser, PASSWORD } from "../support/accounts";
import { anonymous, loggedIn } from "../support/actors";
import { countWaiting, emptyDatabase } from "../support/database";
import { readMails } from "../support/outbox";
import { call, outcome, tokensOf } from "../support/rest";
import { startWorkers, stopWorkers, type Worker } from "../support/workers";

let admin: Awaited<ReturnType<typeof tokensOf>>;

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings();
  admin = await tokensOf({ authority: "SYS_ADMIN", email: "admin@example.org" });
});
afterAll(emptyDatabase);

const asAdmin = (method: string, path: string, body?: unknown) =>
  call(method, path, { token: admin.token, body });
const create = (body: unknown, query = "") => asAdmin("POST", `/api/user${query}`, body);
const enable = (id: string, value: unknown) =>
  asAdmin("POST", `/api/user/${id}/userCredentialsEnabled?userCredentialsEnabled=${value}`);
const login = async (username: string, password = PASSWORD) =>
  outcome(await call("POST", "/api/auth/login", { body: { username, password } }));
const live = async (token: string) => outcome(await call("GET", "/api/auth/user", { token }));
const kinds = async () =>
  (
    await db().auditEvent.findMany({ where: { actorEmail: "admin@example.org" }, orderBy: { id: "asc" } })
  ).map(({ kind }) => kind);

const ada = { email: "Ada@Example.org", authority: "CUSTOMER_USER", firstName: "Ada", lastName: "Lovelace" };

describe("POST /api/user", () => {
  it("invites somebody, and answers the user", async () => {
    const got = await create({ ...ada, tenantId: { id: "x" }, additionalInfo: { a: 1 }, state: "ACTIVE" });
    expect(got.status).toBe(200);
    const user = await db().user.findUniqueOrThrow({ where: { emailKey: "ada@example.org" } });
    expect(got.json).toMatchObject({
      ...ada,
      id: { entityType: "USER", id: user.id },
      name: ada.email,
      phone: null,
      additionalInfo: {
        userCredentialsEnabled: false,
        userActivated: false,
        lastLoginTs: null,
        locked: false,
      },
    });
    expect(user).toMatchObject({ state: "INVITED", passwordHash: null });
    expect(await readMails()).toMatchObject([{ kind: "activation", recipient: ada.email }]);
    expect(await kinds()).toEqual(["account-created", "link-issued"]);
    expect(got.text).not.toMatch(/activat(?:e|ion)\?|token/i);
  });

  it.each([
    ["", 1],
    ["?sendActivationMail=true", 1],
    ["?sendActivationMail=True", 1],
    ["?sendActivationMail=false", 0],
  ])(
    "with %j mails a link or not, as it says, and the audit records a link only if it does",
    async (query, links) => {
      expect(
        (await create({ email: "bob@example.org", authority: "TENANT_ADMIN", firstName: null }, query)).json,
      ).toMatchObject({ firstName: "", lastName: "" });
      expect(await readMails()).toHaveLength(links);
      expect(await db().accountLink.count({ where: { user: { email: "bob@example.org" } } })).toBe(links);
      const told = { kind: "link-issued", subjectEmail: "bob@example.org" };
      const issued = await db().auditEvent.findMany({ where: told });
      // The answer does not contain the link, so the only delivery is by mail.
      const mailed = { purpose: "ACTIVATION", delivery: "mail" };
      expect(issued.map(({ details }) => details)).toEqual(Array(links).fill(mailed));
    },
  );

  it.each<[string, unknown, string[]]>([
    ["no address", { authority: "SYS_ADMIN" }, ["email"]],
    ["a bad address", { ...ada, email: "ada" }, ["email"]],
    ["two addresses", { ...ada, email: "a@b.org,c@d.org" }, ["email"]],
    ["a list of addresses", { ...ada, email: ["a@b.org"] }, ["email"]],
    ["a line break in the address", { ...ada, email: "a@b.org\r\nBcc: c@d.org" }, ["email"]],
    ["a taken address", { ...ada, email: "ADMIN@example.org" }, ["email"]],
    ["no authority", { email: ada.email }, ["authority"]],
    ["another authority", { ...ada, authority: "REFRESH_TOKEN" }, ["authority"]],
    ["a number for a name", { ...ada, firstName: 7 }, ["firstName"]],
    ["a NUL in a name", { ...ada, lastName: "a\0b" }, ["lastName"]],
    ["a long name", { ...ada, lastName: "x".repeat(5_000) }, ["lastName"]],
    ["the id of a user", { ...ada, id: { entityType: "USER", id: randomUUID() } }, ["id"]],
  ])("refuses %s, and names the field", async (_name, body, fields) => {
    const before = await db().user.count();
    const got = await create(body);
    expect(outcome(got)).toEqual([400, 31]);
    expect(Object.keys(got.json.fieldErrors as object)).toEqual(fields);
    expect(await db().user.count()).toBe(before);
  });

  it.each<[string, unknown, string]>([
    ["a list", [], ""],
    ["the null of JSON", "null", ""],
    ["a name twice", '{"email":"a@b.org","email":"c@d.org","authority":"SYS_ADMIN"}', ""],
    ["depth", `${"[".repeat(20)}${"]".repeat(20)}`, ""],
    ["what is neither true nor false", ada, "?sendActivationMail=perhaps"],
    ["two answers", ada, "?sendActivationMail=true&sendActivationMail=false"],
  ])("refuses %s", async (_name, body, query) => {
    expect(outcome(await create(body, query))).toEqual([400, 31]);
  });

  it("makes one of many with one address", async () => {
    const all = await Promise.all(Array.from({ length: 6 }, () => create(ada)));
    expect(all.map(outcome).sort()).toEqual([[200, null], ...Array.from({ length: 5 }, () => [400, 31])]);
    expect(await readMails()).toHaveLength(1);
  });
});

describe("GET /api/user/{id}", () => {
  it.each([
    ["INVITED", {}, { userCredentialsEnabled: false, userActivated: false, locked: false }],
    ["ACTIVE", {}, { userCredentialsEnabled: true, userActivated: true, locked: false }],
    ["ACTIVE", { lockedAt: new Date() }, { userCredentialsEnabled: true, userActivated: true, locked: true }],
    ["DISABLED", {}, { userCredentialsEnabled: false, userActivated: true, locked: false }],
  ] as const)("tells the state: %s %j", async (state, rest, additionalInfo) => {
    const lastLoginAt = new Date("2026-03-01T12:00:00Z");
    const user = await makeUser({ state, lastLoginAt, ...rest });
    const { text, json } = await asAdmin("GET", `/api/user/${user.id}`);
    expect(json).toMatchObject({
      id: { id: user.id },
      createdTime: user.createdAt.getTime(),
      additionalInfo: { ...additionalInfo, lastLoginTs: lastLoginAt.getTime() },
    });
    expect(text).not.toMatch(/argon2|hash|digest|sealed/i);
  });
});

describe("DELETE /api/user/{id}", () => {
  it("deletes the account; its tokens die, the audit remembers", async () => {
    const victim = await tokensOf();
    const got = await asAdmin("DELETE", `/api/user/${victim.user.id}`);
    expect([got.status, got.text]).toEqual([200, ""]);
    expect(await live(victim.token)).toEqual([401, 11]);
    expect(
      outcome(await call("POST", "/api/auth/token", { body: { refreshToken: victim.refreshToken } })),
    ).toEqual([401, 11]);
    expect(await kinds()).toEqual(["account-deleted"]);
    expect(outcome(await asAdmin("DELETE", `/api/user/${victim.user.id}`))).toEqual([404, 32]);
  });

  it("of many at once, one deletes", async () => {
    const { id } = await makeUser();
    const all = await Promise.all(Array.from({ length: 5 }, () => asAdmin("DELETE", `/api/user/${id}`)));
    expect(all.map(outcome).sort()).toEqual([[200, null], ...Array.from({ length: 4 }, () => [404, 32])]);
    expect(await kinds()).toEqual(["account-deleted"]);
  });

  it("deletes the account whatever its address has become meanwhile", async () => {
    const { id } = await makeUser();
    let deleted: ReturnType<typeof asAdmin> | undefined;
    await db().$transaction(async (tx) => {
      await lockAdministratorChanges(tx);
      deleted = asAdmin("DELETE", `/api/user/${id}`);
      await expect.poll(countWaiting).toBe(1);
      await tx.user.update({ where: { id }, data: { email: "b@example.org", emailKey: "b@example.org" } });
    });
    expect((await deleted)?.status).toBe(200);
    expect(await db().user.findUnique({ where: { id } })).toBeNull();
  });
});

describe("POST /api/user/{id}/userCredentialsEnabled", () => {
  it("keeps somebody from logging in, on the next request, and lets them again", async () => {
    const { user, token } = await tokensOf();
    for (let n = 0; n < 2; n += 1) expect(outcome(await enable(user.id, "false"))).toEqual([200, null]);
    expect(await live(token)).toEqual([401, 11]);
    expect(await login(user.email)).toEqual([401, 10]);
    for (let n = 0; n < 2; n += 1) expect(outcome(await enable(user.id, "true"))).toEqual([200, null]);
    expect(await login(user.email)).toEqual([200, null]);
    expect(await live(token)).toEqual([401, 11]);
    expect(await kinds()).toEqual(["account-disabled", "account-enabled"]);
  });

  it("unlocks, when it is true, which is what it is by itself", async () => {
    const user = await makeUser({ lockedAt: new Date(), failedAttempts: 5 });
    const path = `/api/user/${user.id}/userCredentialsEnabled`;
    expect(outcome(await asAdmin("POST", path))).toEqual([200, null]);
    expect(await login(user.email)).toEqual([200, null]);
    expect(await kinds()).toEqual(["account-unlocked"]);
  });

  it.each([
    ["alone", "", false],
    ["beside the right name, which wins", "&userCredentialsEnabled=true", true],
  ])("reads the misspelling of ThingsBoard's older Java clients %s", async (_, more, isEnabled) => {
    const user = await makeUser();
    const path = `/api/user/${user.id}/userCredentialsEnabled?serCredentialsEnabled=false${more}`;
    expect(outcome(await asAdmin("POST", path))).toEqual([200, null]);
    expect(await login(user.email)).toEqual(isEnabled ? [200, null] : [401, 10]);
  });

  it("does it once, of many at once", async () => {
    const { id } = await makeUser();
    const all = await Promise.all(Array.from({ length: 5 }, () => enable(id, "false")));
    expect(all.map(outcome)).toEqual(all.map(() => [200, null]));
    expect(await kinds()).toEqual(["account-disabled"]);
  });

  it.each(["true", "false"])("refuses %s for an account that was never activated", async (value) => {
    const { id } = await makeUser({ state: "INVITED" });
    expect(outcome(await enable(id, value))).toEqual([400, 31]);
  });

  it.each(["", "yes", "0", "true&userCredentialsEnabled=false"])("refuses %j", async (value) => {
    expect(outcome(await enable((await makeUser()).id, value))).toEqual([400, 31]);
  });
});

describe("protections", () => {
  it("nobody deletes or disables themselves", async () => {
    const { id } = admin.user;
    await makeUser({ authority: "SYS_ADMIN" });
    expect(outcome(await asAdmin("DELETE", `/api/user/${id}`))).toEqual([403, 20]);
    expect(outcome(await enable(id, "false"))).toEqual([403, 20]);
    expect(outcome(await enable(id, "true"))).toEqual([200, null]);
    expect(await live(admin.token)).toEqual([200, null]);
    expect(await kinds()).toEqual([]);
  });

  it("nobody takes the last system administrator away who can log in", async () => {
    // The caller's session survives a permanent lock, but `other` is then the last administrator who can log in.
    await db().user.deleteMany({ where: { id: { not: admin.user.id } } });
    const other = await makeUser({ authority: "SYS_ADMIN" });
    await db().user.update({ where: { id: admin.user.id }, data: { lockedAt: new Date() } });
    expect(outcome(await asAdmin("DELETE", `/api/user/${other.id}`))).toEqual([403, 20]);
    expect(outcome(await enable(other.id, "false"))).toEqual([403, 20]);
    expect(await db().user.count()).toBe(2);
  });

  it("of two administrators who delete each other, one stays", async () => {
    await db().user.deleteMany({ where: { id: { not: admin.user.id } } });
    const other = await tokensOf({ authority: "SYS_ADMIN" });
    const both = [
      asAdmin("DELETE", `/api/user/${other.user.id}`),
      call("DELETE", `/api/user/${admin.user.id}`, { token: other.token }),
    ];
    expect((await Promise.all(both)).map(({ status }) => status)).toContain(200);
    expect(await db().user.count({ where: { authority: "SYS_ADMIN", state: "ACTIVE" } })).toBe(1);
  });
});

const byId = [
  ["GET", ""],
  ["DELETE", ""],
  ["GET", "/activationLink"],
  ["GET", "/activationLinkInfo"],
  ["POST", "/userCredentialsEnabled"],
] as const;

describe.each(byId)("%s /api/user/{id}%s", (method, rest) => {
  it.each(["1", "x", "null", "%00", "..%2Fusers", `${randomUUID()}'`, "x".repeat(3_000)])(
    "knows no id like %j",
    async (id) => {
      expect(outcome(await asAdmin(method, `/api/user/${id}${rest}`))).toEqual([400, 31]);
    },
  );

  it("finds nobody by another id", async () => {
    expect(outcome(await asAdmin(method, `/api/user/${randomUUID()}${rest}`))).toEqual([404, 32]);
  });
});

it.each<[string, string]>([
  ["POST", "/api/user"],
  ["GET", "/api/users?page=0&pageSize=10"],
  ["POST", "/api/user/sendActivationMail?email=admin@example.org"],
  ...byId.map(([method, rest]): [string, string] => [method, `/api/user/{id}${rest}`]),
])("%s %s is for system administrators", async (method, path) => {
  const { id } = await makeUser();
  const before = await db().user.findMany({ orderBy: { id: "asc" } });
  const body = method === "POST" ? ada : undefined;
  const target = path.replace("{id}", id);
  expect(outcome(await call(method, target, { body }))).toEqual([401, 10]);
  for (const authority of ["TENANT_ADMIN", "CUSTOMER_USER"] as const) {
    const { user, token } = await tokensOf({ authority });
    expect(outcome(await call(method, target, { body, token }))).toEqual([403, 20]);
    expect(outcome(await call(method, path.replace("{id}", user.id), { body, token }))).toEqual([403, 20]);
    await db().user.delete({ where: { id: user.id } });
  }
  expect(await db().user.findMany({ orderBy: { id: "asc" } })).toEqual(before);
});

describe("on two processes", () => {
  let workers: Worker[];
  beforeAll(async () => {
    workers = await startWorkers(1);
  });
  afterAll(() => stopWorkers(workers));
  const other = () => workers[0] as Worker;

  it.each([
    ["disabled", (id: string) => enable(id, "false")],
    ["deleted", (id: string) => asAdmin("DELETE", `/api/user/${id}`)],
  ])("whoever is %s by one is out on the other, on the next request", async (_what, act) => {
    const { user, token } = await tokensOf();
    const browser = await loggedIn(user);
    const bearer = () => other().call("authenticateBearer", token, anonymous());
    expect(await bearer()).toMatchObject({ ok: true });
    expect((await act(user.id)).status).toBe(200);
    expect(await bearer()).toEqual({ ok: false, code: "token-expired" });
    expect(await other().call("authenticate", browser.token, "BROWSER", anonymous())).toBeNull();
    const { email } = user;
    const login = await other().call("logIn", anonymous(), { email, password: PASSWORD, kind: "REST" });
    expect(login).toMatchObject({ ok: false, code: "refused" });
  });
});
