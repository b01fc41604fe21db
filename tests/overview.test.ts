import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { listAuditEntries } from "@/lib/audit/service/list-entries";
import { appendAuditRows } from "@/lib/audit/store";
import type { Person } from "@/lib/core/actor";
import { host } from "@/lib/core/actor";
import { COUNT_LIMIT } from "@/lib/core/count/rules";
import { countRows } from "@/lib/core/count/store";
import { db } from "@/lib/core/db";
import type { MailKind } from "@/lib/mail/schema";
import { markAttemptFailed, markSent, withdrawMails } from "@/lib/mail/store";
import { type Attention, countedKinds } from "@/lib/overview/rules";
import { type Overview, readOverview } from "@/lib/overview/service";
import { sessionKinds } from "@/lib/sessions/live/schema";
import { listSessions } from "@/lib/sessions/live/service";
import { userStates } from "@/lib/users/schema";
import { listUsers } from "@/lib/users/service/list-users";
import { Prisma } from "@/prisma/generated/client";
import { makeSettings, makeUser } from "./support/accounts";
import { administrator, anonymous, loggedIn } from "./support/actors";
import { emptyDatabase } from "./support/database";
import { makeLink } from "./support/links";
import { queueMail, useMailServer } from "./support/mail";
import { rowsRead } from "./support/plans";
import { withStatements } from "./support/statements";

const HOUR_MS = 3_600_000;

let admin: Person;
let now: Date;

const ago = (hours: number) => new Date(now.getTime() - hours * HOUR_MS);
const ahead = (hours: number) => ago(-hours);
const read = (at = now): Promise<Overview> => readOverview(admin, at);
const attention = async () => (await read()).attention;

/** How many sessions of this database wait for a lock. */
async function waitingForLocks(): Promise<number> {
  const [row] = await db().$queryRaw<{ n: number }[]>`
    SELECT count(*)::int AS n FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE datname = current_database() AND NOT granted`;
  return row?.n ?? 0;
}

/** An installation in which nothing needs attention. */
beforeEach(async () => {
  await emptyDatabase();
  now = new Date();
  await makeSettings();
  await useMailServer({});
  await db().user.deleteMany();
  admin = await administrator({ email: "root@example.org" });
  await makeUser({ authority: "SYS_ADMIN", email: "colleague@example.org" });
  await db().auditEvent.deleteMany();
});

describe("the overview", () => {
  it("is for system administrators only", async () => {
    const { person } = await loggedIn(await makeUser({ authority: "TENANT_ADMIN" }));
    await expect(readOverview(person)).rejects.toMatchObject({ code: "forbidden" });
    await expect(readOverview(anonymous())).rejects.toMatchObject({ code: "unauthenticated" });
    await expect(readOverview(host)).rejects.toMatchObject({ code: "unauthenticated" });
  });

  it("of a fresh installation names the first steps", async () => {
    await emptyDatabase();
    await makeSettings();
    await db().user.deleteMany();
    admin = await administrator();
    expect(await attention()).toEqual([
      { code: "no-mail-server", waiting: 0 },
      { code: "only-administrator" },
    ]);
  });

  it("finds nothing that needs attention where all is well", async () => {
    await makeUser({ state: "DISABLED", lockedAt: ago(1) });
    await makeUser({ lockedAt: ago(2), lockedUntil: ago(1) });
    const invited = await makeUser({ state: "INVITED" });
    await makeLink(invited.id, "ACTIVATION", now);
    await queueMail("test");
    await markSent(db(), await queueMail("test"), { answer: "250 OK", now });
    const linkId = randomUUID();
    await queueMail("activation", { linkId });
    await withdrawMails(db(), [linkId]);
    await makeSettings({ password: { forceUserToResetPasswordIfNotValid: true } });
    expect(await attention()).toEqual([]);
  });

  it("is read once for all who ask meanwhile, and for one administrator at a time", async () => {
    const colleague = await administrator();
    const { answer, statements } = await withStatements(async () => {
      const asked = await db().$transaction(async (tx) => {
        await tx.$executeRaw`LOCK TABLE outbox_messages IN ACCESS EXCLUSIVE MODE`;
        const first = readOverview(admin);
        await expect.poll(waitingForLocks).toBe(1);
        await lockedAccounts();
        const later = [...Array.from({ length: 20 }, () => readOverview(admin)), readOverview(colleague)];
        await makeUser();
        expect(await waitingForLocks()).toBe(1);
        return [first, ...later];
      });
      return Promise.all(asked);
    });
    expect(answer.slice(1).map(({ accounts }) => accounts.locked)).toEqual(Array(21).fill(2));
    expect(statements.filter((text) => text.includes("FROM audit_events"))).toHaveLength(3);
  });

  it("that cannot be read does not keep the next from being read", async () => {
    await db().$executeRaw`ALTER TABLE outbox_messages RENAME TO hidden`;
    try {
      const failed = Promise.allSettled([read(), read()]);
      expect((await failed).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    } finally {
      await db().$executeRaw`ALTER TABLE hidden RENAME TO outbox_messages`;
    }
    expect(await attention()).toEqual([]);
  });
});

const lockedAccounts = async () => {
  await makeUser({ lockedAt: ago(1), lockedUntil: ahead(1) });
  await makeUser({ lockedAt: ago(1), lockedUntil: null });
};

async function failDelivery(
  dueAt: Date | null,
  usefulUntil: Date | null = null,
  kind: MailKind = "password-changed",
): Promise<void> {
  const id = await queueMail(kind);
  await db().outboxMessage.update({ where: { id }, data: { attempts: 1, lastAttemptAt: now, usefulUntil } });
  await markAttemptFailed(db(), { id, attempts: 1 }, { answer: "451 not now", dueAt });
}

async function addKey(verifyUntil: Date, retiredBy: string | null = null): Promise<string> {
  const { kid: _, ...current } = await db().signingKey.findFirstOrThrow({ where: { verifyUntil: null } });
  const { kid } = await db().signingKey.create({
    data: { ...current, kid: randomUUID(), verifyUntil, retiredBy },
  });
  return kid;
}

async function invite(linkMadeAt: Date): Promise<string> {
  const { id } = await makeUser({ state: "INVITED" });
  await makeLink(id, "ACTIVATION", linkMadeAt);
  return id;
}

describe("what needs attention", () => {
  it.each<[string, () => Promise<unknown>, Attention[] | (() => Attention[])]>([
    [
      "a damaged setting of any panel",
      () => db().$executeRaw`
        UPDATE settings_revisions SET "values" = "values" || CASE panel
          WHEN 'general' THEN '{"mobileSecretKeyLength": 0}'::jsonb
          WHEN 'password' THEN '{"minimumLength": "many"}'
          WHEN 'jwt' THEN '{"tokenIssuer": 7}'
          ELSE '{}' END`,
      [
        { code: "settings-damaged", panel: "general", fields: ["mobileSecretKeyLength"] },
        { code: "settings-damaged", panel: "password", fields: ["minimumLength"] },
        { code: "settings-damaged", panel: "jwt", fields: ["tokenIssuer"] },
      ],
    ],
    [
      "a damaged mail setting",
      () => db().$executeRaw`
        UPDATE settings_revisions SET "values" = "values" || '{"port": 0}' WHERE panel = 'mail'`,
      [{ code: "settings-damaged", panel: "mail", fields: ["port"] }],
    ],
    [
      "resets that cannot be mailed, and that no mail server is set up",
      async () => {
        await makeSettings({ password: { forceUserToResetPasswordIfNotValid: true } });
        await useMailServer({ host: null });
      },
      [{ code: "resets-not-mailed" }, { code: "no-mail-server", waiting: 0 }],
    ],
    [
      "that no mail server is set up, with the messages that wait",
      async () => {
        await useMailServer({ host: null });
        await queueMail("test");
        await failDelivery(ahead(1));
      },
      [{ code: "no-mail-server", waiting: 2 }],
    ],
    ["locked accounts", lockedAccounts, [{ code: "accounts-locked", accounts: 2 }]],
    [
      "mail that is tried again, but not a first attempt, nor what is no longer useful",
      async () => {
        const id = await queueMail("test");
        await db().outboxMessage.update({ where: { id }, data: { attempts: 1, lastAttemptAt: now } });
        await failDelivery(ahead(1), ahead(2));
        await failDelivery(ahead(1));
        await failDelivery(ahead(1), now);
      },
      [{ code: "mails-retried", mails: 2 }],
    ],
    [
      "mail that failed for good and can be resent, but no test mail, whose sender saw it fail",
      async () => {
        await failDelivery(null, ahead(2));
        await failDelivery(null);
        await failDelivery(null, now);
        await failDelivery(null, null, "test");
      },
      [{ code: "mails-failed", mails: 2 }],
    ],
    [
      "that wrong passwords never lock",
      () => makeSettings({ general: { maxFailedLoginAttempts: 0 } }),
      [{ code: "never-locks" }],
    ],
    [
      "that an address has no limit",
      () => makeSettings({ general: { loginAttemptsPerAddressPerMinute: null } }),
      [{ code: "no-address-limit" }],
    ],
    [
      "that there is no other administrator who can log in",
      () => db().user.updateMany({ where: { email: "colleague@example.org" }, data: { state: "DISABLED" } }),
      [{ code: "only-administrator" }],
    ],
    [
      "earlier issuers of the key that are still accepted, with the sessions on them",
      async () => {
        const kid = await addKey(ahead(1));
        await addKey(ago(1));
        await addKey(ahead(2), "administrator");
        const { sessionId } = await loggedIn(await makeUser());
        await db().session.update({ where: { id: sessionId }, data: { kid } });
        for (const over of [{ endedAt: ago(1) }, { renewableUntil: now }])
          await db().session.update({
            where: { id: (await loggedIn(await makeUser())).sessionId },
            data: { kid, ...over },
          });
      },
      () => [{ code: "old-keys-accepted", keys: 1, sessions: 1, until: ahead(1), onlyIssuers: true }],
    ],
    [
      "an earlier key that is not the one that signs",
      async () => {
        const kid = await addKey(ahead(1));
        await db().signingKey.update({ where: { kid }, data: { fingerprint: "0123:4567:89ab:cdef" } });
      },
      () => [{ code: "old-keys-accepted", keys: 1, sessions: 0, until: ahead(1), onlyIssuers: false }],
    ],
    [
      "invitations without a link that works",
      async () => {
        await makeLink(await invite(ago(25)), "UNLOCK", now);
        // As a program may leave them, or an administrator who corrects the address.
        await makeUser({ state: "INVITED" });
        for (const data of [{ supersededAt: now }, { usedAt: now }])
          await db().accountLink.updateMany({ where: { userId: await invite(now) }, data });
        await invite(now);
        // Invited again: only the newest link counts.
        await makeLink(await invite(ago(25)), "ACTIVATION", now);
      },
      [{ code: "invitations-expired", expired: 4, invited: 6 }],
    ],
  ])("is %s", async (_name, make, expected) => {
    await make();
    expect(await attention()).toEqual(typeof expected === "function" ? expected() : expected);
  });

  it("is over once it is no longer true", async () => {
    await lockedAccounts();
    expect(await attention()).toEqual([{ code: "accounts-locked", accounts: 2 }]);
    expect(await read(ahead(1))).toMatchObject({
      readAt: ahead(1),
      attention: [{ code: "accounts-locked", accounts: 1 }],
    });
  });
});

describe("its numbers", () => {
  it("are those of the lists that they lead to", async () => {
    for (const state of ["INVITED", "DISABLED"] as const) await makeUser({ state });
    await lockedAccounts();
    const jane = await makeUser();
    for (const kind of ["BROWSER", "REST", "REST", "MOBILE"] as const) await loggedIn(jane, { kind });
    const { sessionId } = await loggedIn(jane);
    await db().session.update({ where: { id: sessionId }, data: { endedAt: now } });
    const over = [{ renewableUntil: now }, { kid: await addKey(ahead(1), "administrator") }];
    for (const data of over)
      await db().session.update({ where: { id: (await loggedIn(await makeUser())).sessionId }, data });
    now = new Date();
    const { accounts, sessions } = await read();
    for (const state of userStates)
      expect([state, accounts[state]]).toEqual([
        state,
        (await listUsers(admin, { state }, now)).users.length,
      ]);
    for (const kind of sessionKinds)
      expect([kind, sessions[kind]]).toEqual([
        kind,
        (await listSessions(admin, { kind }, now)).sessions.length,
      ]);
    expect(accounts).toEqual({ invited: 1, active: 5, disabled: 1, locked: 2 });
    expect(sessions).toEqual({ BROWSER: 2, REST: 2, MOBILE: 1, people: 2 });
  });

  const event = (kind: (typeof countedKinds)[number], at: Date) => ({
    at,
    kind,
    actorId: null,
    actorEmail: "",
    subjectId: null,
    subjectEmail: "jane@example.org",
    address: "203.0.113.7",
    userAgent: "",
    requestId: "",
    details: {},
  });

  it("count the events of the last 24 hours and of those before, to the millisecond", async () => {
    const times = [0, 0.001, 24, 24.001, 48, 48.001];
    await appendAuditRows(
      db(),
      times.map((hours) => event("login-failed", ago(hours))),
    );
    await appendAuditRows(db(), [event("account-locked", ago(1)), event("settings-changed", ago(30))]);
    const { events, spans } = await read();
    expect(events).toEqual(
      countedKinds.map((kind) => ({
        kind,
        now: { "login-failed": 2, "account-locked": 1 }[kind as string] ?? 0,
        before: { "login-failed": 2, "settings-changed": 1 }[kind as string] ?? 0,
      })),
    );
    for (const { kind, now: last, before } of events) {
      for (const [n, { from, until }] of [[last, spans.now] as const, [before, spans.before] as const]) {
        const query = { kind, since: from.toISOString(), until: until.toISOString() };
        expect([kind, (await listAuditEntries(admin, query)).entries.length]).toEqual([kind, n]);
      }
    }
  });

  it("are found without reading older events", async () => {
    await appendAuditRows(
      db(),
      Array.from({ length: 5_000 }, () => event("login-failed", ago(72))),
    );
    await appendAuditRows(db(), [event("login-failed", ago(1))]);
    await db().$executeRaw`ANALYZE audit_events`;
    // PostgreSQL rounds the rows of each of the spans that have none.
    expect(await rowsRead("audit_events", () => read())).toBeLessThan(2);
  });

  it("are all counted up to a limit", async () => {
    const { statements } = await withStatements(() => read());
    const counts = statements.filter((text) => /\bcount\(/i.test(text));
    expect(counts.length).toBeGreaterThan(5);
    expect(counts.filter((text) => !/\bLIMIT\b/.test(text))).toEqual([]);
  });

  it.each([
    [0, 0],
    [7, 7],
    [COUNT_LIMIT, COUNT_LIMIT],
    [COUNT_LIMIT + 1, COUNT_LIMIT + 1],
    [COUNT_LIMIT + 500, COUNT_LIMIT + 1],
  ])("of %i rows stop at %i", async (rows, counted) => {
    expect(await countRows(db(), Prisma.sql`SELECT FROM generate_series(1, ${rows}::int)`)).toBe(counted);
  });
});
