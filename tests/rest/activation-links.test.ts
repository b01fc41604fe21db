import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { db } from "@/lib/core/db";
import { makeSettings, makeUser } from "../support/accounts";
import { emptyDatabase } from "../support/database";
import { readMails } from "../support/outbox";
import { call, outcome, tokensOf } from "../support/rest";

const NEW_PASSWORD = "another battery staple";
let admin: Awaited<ReturnType<typeof tokensOf>>;

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings();
  admin = await tokensOf({ authority: "SYS_ADMIN", email: "admin@example.org" });
});
afterAll(emptyDatabase);

const asAdmin = (method: string, path: string) => call(method, path, { token: admin.token });
const login = async (username: string, password: string) =>
  outcome(await call("POST", "/api/auth/login", { body: { username, password } }));
const kinds = async () =>
  (
    await db().auditEvent.findMany({ where: { actorEmail: "admin@example.org" }, orderBy: { id: "asc" } })
  ).map(({ kind }) => kind);

describe("activation links", () => {
  const link = (id: string, info = "") => asAdmin("GET", `/api/user/${id}/activationLink${info}`);

  it("come as text, at the address that ThingsBoard's clients know, and activate", async () => {
    const user = await makeUser({ state: "INVITED" });
    const got = await link(user.id);
    expect(got.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(got.text).toMatch(/^http:\/\/localhost:3000\/api\/noauth\/activate\?activateToken=[\w-]{43}$/);
    expect((await call("GET", got.text)).headers.get("location")).toContain("/activate?token=");
    const activateToken = new URL(got.text).searchParams.get("activateToken");
    const body = { activateToken, password: NEW_PASSWORD };
    expect((await call("POST", "/api/noauth/activate", { body })).status).toBe(200);
    expect(await login(user.email, NEW_PASSWORD)).toEqual([200, null]);
    for (const info of ["", "Info"]) expect(outcome(await link(user.id, info))).toEqual([400, 31]);
  });

  it("come with the time that they work, as the settings have it", async () => {
    await makeSettings({ general: { userActivationTokenTtl: 3 } });
    const { id } = await makeUser({ state: "INVITED" });
    const { json } = await link(id, "Info");
    expect(Object.keys(json).sort()).toEqual(["ttlMs", "value"]);
    expect(json.ttlMs).toBeGreaterThan(3 * 3_600_000 - 60_000);
    expect(json.ttlMs).toBeLessThanOrEqual(3 * 3_600_000);
    const [row] = await db().accountLink.findMany();
    expect(JSON.stringify(row)).not.toContain(new URL(String(json.value)).searchParams.get("activateToken"));
  });

  it("supersede the earlier one, are recorded, and are made for no HEAD", async () => {
    const { id } = await makeUser({ state: "INVITED" });
    const first = (await link(id)).text;
    const second = String((await link(id, "Info")).json.value);
    expect((await call("GET", first)).headers.get("location")).toContain("/link-expired");
    expect((await call("GET", second)).headers.get("location")).toContain("/activate?token=");
    expect(await kinds()).toEqual(["link-issued", "link-issued"]);
    for (const info of ["", "Info"])
      expect((await asAdmin("HEAD", `/api/user/${id}/activationLink${info}`)).status).toBe(405);
    expect(await db().accountLink.count({ where: { userId: id } })).toBe(2);
    expect(await readMails()).toEqual([]);
  });

  it.each(["ACTIVE", "DISABLED"] as const)("are not made for an account that is %s", async (state) => {
    const { id } = await makeUser({ state });
    for (const info of ["", "Info"]) expect(outcome(await link(id, info))).toEqual([400, 31]);
  });
});

describe("POST /api/user/sendActivationMail", () => {
  const send = (email: string) =>
    asAdmin("POST", `/api/user/sendActivationMail?email=${encodeURIComponent(email)}`);

  it("mails a new link to the address in the database", async () => {
    const user = await makeUser({ state: "INVITED", email: "ada@example.org" });
    const got = await send("ADA@example.org");
    expect([got.status, got.text]).toEqual([200, ""]);
    expect(await readMails()).toMatchObject([{ kind: "activation", recipient: user.email }]);
    expect(await kinds()).toEqual(["link-issued"]);
  });

  it.each([
    ["somebody unknown", "nobody@example.org", [404, 32]],
    ["an activated account", "admin@example.org", [400, 31]],
    ["no address", "", [400, 31]],
    ["what is none", "a b", [400, 31]],
    ["two", "a@b.org,c@d.org", [400, 31]],
    ["a NUL", "a\0@b.org", [400, 31]],
    ["a long one", `${"x".repeat(9_000)}@b.org`, [400, 31]],
  ])("refuses %s", async (_name, email, expected) => {
    expect(outcome(await send(email))).toEqual(expected);
    expect(await readMails()).toEqual([]);
  });
});
