import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { Actor } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { Refusal, type RefusalCode } from "@/lib/core/errors";
import { tellingRefusals } from "@/lib/request/refused";
import { makeSettings, makeUser } from "./support/accounts";
import { ADDRESS, anonymous, loggedIn } from "./support/actors";
import { emptyDatabase, liftLimits } from "./support/database";
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

const refuse = (actor: Actor, reason: RefusalCode = "cross-origin") =>
  tellingRefusals(
    "POST /login",
    () => actor,
    () => {
      throw new Refusal(reason);
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
    await liftLimits();
    expect(outcome(await call("POST", "/api/admin/securitySettings", { token, body: {} }))).toEqual(
      FORBIDDEN,
    );
    const event = (email: string, asked: string) => ({
      actorEmail: email,
      subjectEmail: email,
      address: ADDRESS,
      details: { asked, reason: "forbidden" },
    });
    expect(await events()).toEqual([
      event(user.email, "GET /api/user/{id}"),
      event(other.user.email, "GET /api/user/{id}"),
      event(user.email, "POST /api/admin/securitySettings"),
    ]);
  });

  it("of somebody who is not logged in is counted by network, and bounded for all of them", async () => {
    await Promise.all(Array.from({ length: 20 }, () => refuse(anonymous())));
    expect(await events()).toEqual([
      {
        actorEmail: "",
        subjectEmail: "",
        address: ADDRESS,
        details: { asked: "POST /login", reason: "cross-origin" },
      },
    ]);
    await Promise.all(Array.from({ length: 100 }, (_, i) => refuse(anonymous(`2001:db8:0:${i}::1`))));
    expect(await events()).toHaveLength(30);
    const { person } = await loggedIn(await makeUser());
    await refuse(person, "forbidden");
    expect(await events()).toHaveLength(31);
  });

  it("that only asks to log in, or for other input, is not told", async () => {
    for (const reason of ["unauthenticated", "invalid", "overloaded"] as const) {
      expect(await refuse(anonymous(), reason)).toMatchObject({ code: reason });
    }
    expect(await events()).toEqual([]);
  });

  it("is answered also where it cannot be told", async () => {
    await db().$executeRaw`ALTER TABLE rate_limits RENAME TO lost`;
    try {
      expect(await refuse(anonymous())).toMatchObject({ code: "cross-origin" });
    } finally {
      await db().$executeRaw`ALTER TABLE lost RENAME TO rate_limits`;
    }
  });
});
