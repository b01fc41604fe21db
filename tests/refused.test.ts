import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Actor } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { Refusal, type RefusalCode } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import { recordingForbidden } from "@/lib/request/refused";
import { makeSettings, makeUser } from "./support/accounts";
import { ADDRESS, anonymous, loggedIn } from "./support/actors";
import { emptyDatabase, resetRateLimits } from "./support/database";
import { call, outcome, tokensOf } from "./support/rest";

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings();
});
afterAll(emptyDatabase);

const FORBIDDEN = [403, 20];

const events = () =>
  db().auditEvent.findMany({
    where: { kind: "access-refused" },
    orderBy: { id: "asc" },
    select: { actorEmail: true, subjectEmail: true, address: true, details: true },
  });

const refuse = (actor: Actor, code: RefusalCode = "forbidden") =>
  recordingForbidden(
    "POST /users",
    () => actor,
    () => {
      throw new Refusal(code);
    },
  ).catch((error: unknown) => error);

describe("a refusal", () => {
  it("of a call stands in the audit, by its pattern, once in each person's minute", async () => {
    const { user, token } = await tokensOf();
    const other = await tokensOf({ authority: "TENANT_ADMIN" });
    const ask = async (by: string) => [
      outcome(await call("GET", `/api/user/${user.id}`, { token: by })),
      outcome(await call("POST", "/api/admin/securitySettings", { token: by, body: {} })),
      outcome(await call("GET", `/api/user/${user.id}`, { token: by })),
    ];
    expect(await ask(token)).toEqual([FORBIDDEN, FORBIDDEN, FORBIDDEN]);
    await ask(other.token);
    await resetRateLimits();
    expect(outcome(await call("POST", "/api/admin/securitySettings", { token, body: {} }))).toEqual(
      FORBIDDEN,
    );
    const event = (email: string, asked: string) => ({
      actorEmail: email,
      subjectEmail: email,
      address: ADDRESS,
      details: { asked },
    });
    expect(await events()).toEqual([
      event(user.email, "GET /api/user/{id}"),
      event(other.user.email, "GET /api/user/{id}"),
      event(user.email, "POST /api/admin/securitySettings"),
    ]);
  });

  it("that comes many times at once leaves one event", async () => {
    const { person } = await loggedIn(await makeUser());
    await Promise.all(Array.from({ length: 20 }, () => refuse(person)));
    expect(await events()).toMatchObject([{ actorEmail: person.email, details: { asked: "POST /users" } }]);
  });

  it("for another reason than missing rights is not audited", async () => {
    const { person } = await loggedIn(await makeUser());
    for (const code of ["unauthenticated", "overloaded", "cross-origin"] as const) {
      for (const actor of [anonymous(), person]) expect(await refuse(actor, code)).toMatchObject({ code });
    }
    expect(await events()).toEqual([]);
  });

  it("is answered also when it cannot be audited", async () => {
    const { person } = await loggedIn(await makeUser());
    const said = vi.spyOn(log(), "error");
    await db().$executeRaw`ALTER TABLE rate_limits RENAME TO lost`;
    try {
      expect(await refuse(person)).toMatchObject({ code: "forbidden" });
      const failure = { event: "refusal-not-audited", asked: "POST /users", err: expect.any(Error) };
      expect(said.mock.calls).toEqual([[failure]]);
    } finally {
      said.mockRestore();
      await db().$executeRaw`ALTER TABLE lost RENAME TO rate_limits`;
    }
  });
});
