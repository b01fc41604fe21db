import { redirect } from "next/navigation";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { db } from "@/lib/core/db";
import { log } from "@/lib/core/log";
import { onePerProcess } from "@/lib/core/one-per-process";
import { adminAction, buttonAction, formAction } from "@/lib/request/action";
import {
  isPageAdministrator,
  isWholeDocument,
  requirePageAdministrator,
  requirePagePerson,
} from "@/lib/request/page";
import { sessionCookieName } from "@/lib/sessions/cookie";
import type { Authority } from "@/prisma/generated/enums";
import { makeSettings, makeUser } from "./support/accounts";
import { loggedIn } from "./support/actors";
import { emptyDatabase } from "./support/database";
import { hold } from "./support/hold";

/** The request that Next would have at hand. */
const request = vi.hoisted(() => ({ headers: new Headers(), cookies: new Map<string, string>() }));
vi.mock("next/headers", () => ({
  headers: async () => request.headers,
  cookies: async () => ({
    get: (name: string) => {
      const value = request.cookies.get(name);
      return value === undefined ? undefined : { name, value };
    },
  }),
}));

const ID = "0b5e2d4c-0000-4000-8000-000000000000";

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings();
  request.cookies.clear();
  request.headers = new Headers({
    host: "localhost:3000",
    origin: "http://localhost:3000",
    "sec-fetch-site": "same-origin",
    "x-request-id": ID,
    "x-gatehouse-path": "/users",
  });
});

/** Makes the request one of a new account's browser. @returns the account's address */
async function comesFrom(authority: Authority): Promise<string> {
  const user = await makeUser({ authority });
  request.cookies.set(sessionCookieName(), (await loggedIn(user)).token);
  return user.email;
}

const refusals = () =>
  db().auditEvent.findMany({
    where: { kind: "access-refused" },
    select: { actorEmail: true, details: true },
  });

const schema = z.object({ values: z.object({ n: z.int("No number.") }), password: z.string("No text.") });
const input = { values: { n: 1 }, password: "x", more: true };
const verb = vi.fn();
const save = adminAction("save", schema, verb);
beforeEach(() => {
  verb.mockReset();
});

describe("an administrator's action", () => {
  it("gives its verb the administrator, and the input without what its schema does not name", async () => {
    const email = await comesFrom("SYS_ADMIN");
    verb.mockResolvedValue({ ok: true });
    expect(await save(input)).toEqual({ ok: true });
    const { more: _, ...parsed } = input;
    expect(verb.mock.calls).toEqual([[expect.objectContaining({ kind: "person", email }), parsed]]);
  });

  it("names a field of the values as the form does", async () => {
    await comesFrom("SYS_ADMIN");
    const answer = await save({ values: { n: "1" } } as never);
    const fieldErrors = { n: ["No number."], password: ["No text."] };
    expect(answer).toEqual({ ok: false, code: "invalid", fieldErrors });
    expect(verb).not.toHaveBeenCalled();
  });

  it.each<[string, Authority | null, Record<string, string>, string]>([
    ["nobody", null, {}, "unauthenticated"],
    ["a customer", "CUSTOMER_USER", {}, "forbidden"],
    ["another site", "SYS_ADMIN", { "sec-fetch-site": "cross-site" }, "cross-origin"],
    ["a page of another name", "SYS_ADMIN", { host: "evil.example" }, "cross-origin"],
    ["a gate without its database", "SYS_ADMIN", { "x-gatehouse-failure": "unavailable" }, "unavailable"],
  ])("does nothing for %s", async (_who, authority, headers, code) => {
    const email = authority && (await comesFrom(authority));
    for (const [name, value] of Object.entries(headers)) request.headers.set(name, value);
    expect(await save(input)).toEqual({ ok: false, code, requestId: ID });
    // Whoever may not does not learn whether the input is valid either.
    expect(await save({} as never)).toEqual({ ok: false, code, requestId: ID });
    expect(verb).not.toHaveBeenCalled();
    const asked = { actorEmail: email, details: { asked: "POST /users (save)" } };
    expect(await refusals()).toEqual(code === "forbidden" ? [asked] : []);
  });

  it.each([
    ["unavailable", Object.assign(new Error("away"), { code: "ECONNREFUSED" })],
    ["unexpected", new Error("a secret of the server")],
  ])("is answered %s, and leaves the reason in the log", async (code, err) => {
    await comesFrom("SYS_ADMIN");
    verb.mockRejectedValue(err);
    const said = vi.spyOn(log(), "error").mockReturnValue();
    expect(await save(input)).toEqual({ ok: false, code, requestId: ID });
    expect(said.mock.calls).toEqual([[{ event: "action-failed", requestId: ID, code, err }]]);
    said.mockRestore();
  });

  it("lets Next redirect", async () => {
    await comesFrom("SYS_ADMIN");
    verb.mockImplementation(async () => redirect("/users"));
    await expect(save(input)).rejects.toMatchObject({ digest: expect.stringContaining("/users") });
  });
});

describe("a form's action", () => {
  const act = vi.fn(async ({ kind }: { kind: string }) => kind);
  const send = formAction<string>(act, ({ code }) => code);
  beforeEach(() => {
    act.mockClear();
  });

  it("is anybody's", async () => {
    expect(await send("", new FormData())).toBe("anonymous");
    await comesFrom("CUSTOMER_USER");
    expect(await send("", new FormData())).toBe("person");
  });

  it("does nothing for another site, nor with what is no form", async () => {
    expect(await send("", {} as FormData)).toBe("invalid");
    request.headers.set("sec-fetch-site", "cross-site");
    expect(await send("", new FormData())).toBe("cross-origin");
    expect(act).not.toHaveBeenCalled();
  });
});

it("an action and a form that have waited are nobody's if meanwhile the session has ended", async () => {
  await comesFrom("SYS_ADMIN");
  const { held, release } = hold();
  verb.mockImplementation(() => held);
  const before = [save(input), save(input)];
  await expect.poll(() => verb.mock.calls.length).toBe(2);
  verb.mockImplementation(async ({ kind }: { kind: string }) => kind);
  const after = [save(input), formAction<string>(async ({ kind }) => kind, String)("", new FormData())];
  const gates = onePerProcess<{ waiting: number }>("changes from a network");
  await expect.poll(() => gates.get(() => ({ waiting: 0 })).waiting).toBe(2);
  await db().session.updateMany({ data: { endedAt: new Date() } });
  release();
  await Promise.all(before);
  expect(await Promise.all(after)).toEqual(["anonymous", "anonymous"]);
});

it("a button's action throws what it fails with", async () => {
  const act = vi.fn(async () => undefined);
  await buttonAction(act)();
  request.headers.set("sec-fetch-site", "cross-site");
  await expect(buttonAction(act)()).rejects.toThrow("cross-origin");
  expect(act).toHaveBeenCalledOnce();
});

describe("a page", () => {
  it.each<[string, string, Authority | null]>([
    ["nobody", "/login?notice=session-ended", null],
    ["a customer", "/no-access", "CUSTOMER_USER"],
  ])("for administrators leads %s to %s", async (_who, target, authority) => {
    const email = authority && (await comesFrom(authority));
    const digest = expect.stringContaining(`;${target};`);
    expect(await isPageAdministrator()).toBe(false);
    await expect(requirePageAdministrator()).rejects.toMatchObject({ digest });
    const asked = { actorEmail: email, details: { asked: "GET /users" } };
    expect(await refusals()).toEqual(authority ? [asked] : []);
  });

  it("for people leads nobody to the login", async () => {
    const digest = expect.stringContaining(";/login?notice=session-ended;");
    await expect(requirePagePerson()).rejects.toMatchObject({ digest });
    const email = await comesFrom("CUSTOMER_USER");
    expect(await requirePagePerson()).toMatchObject({ email });
  });

  it.each([
    ["the browser loads it", "document", true],
    // Browsers name the destination only to HTTPS sites and to the machine itself.
    ["the browser does not say what for", null, true],
    ["a script loads it", "empty", false],
  ])("knows whether it is loaded as a whole if %s", async (_how, destination, isWhole) => {
    if (destination) request.headers.set("sec-fetch-dest", destination);
    expect(await isWholeDocument()).toBe(isWhole);
  });
});
