import { beforeAll, describe, expect, it } from "vitest";
import { auditWords } from "@/app/(console)/audit/audit-words";
import { attemptWords } from "@/app/(console)/users/[id]/attempt-words";
import { AUDIT_PAGE_SIZE, type AuditEntry } from "@/lib/audit/schema";
import { EXPORT_BATCH_SIZE, exportAuditEntries } from "@/lib/audit/service/export-entries";
import { listAuditEntries } from "@/lib/audit/service/list-entries";
import { appendAuditRows } from "@/lib/audit/store";
import type { Person } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { quoted } from "@/lib/core/text-search/rules";
import { describeUser } from "@/lib/users/service/describe-user";
import { makeSettings, makeUser } from "./support/accounts";
import { administrator, anonymous, loggedIn } from "./support/actors";
import { countWaiting, emptyDatabase } from "./support/database";
import { preparedStatementsOf, rowsRead } from "./support/plans";

const DAY = Date.parse("2026-03-01T00:00:00Z");
const JANE = "Jane@Example.org";

let admin: Person;

function row(
  minutes: number,
  subjectEmail: string,
  kind: "login-failed" | "logged-out" | "account-enabled" = "login-failed",
) {
  return {
    at: new Date(DAY + minutes * 60_000),
    kind,
    actorId: null,
    actorEmail: kind === "logged-out" ? subjectEmail : "",
    subjectId: null,
    subjectEmail,
    address: "203.0.113.7",
    userAgent: "",
    requestId: "",
    details: { minutes },
  };
}

beforeAll(async () => {
  await emptyDatabase();
  await makeSettings();
  admin = await administrator();
  await db().auditEvent.deleteMany();
  // More than two pages with one timestamp: only the ids order them.
  const crowd = Array.from({ length: 2 * AUDIT_PAGE_SIZE + 1 }, () => row(60, "crowd@example.org"));
  const days = [
    row(-1, "before@x.org"),
    row(0, "first@x.org"),
    row(1439, "last@x.org"),
    row(1440, "after@x.org"),
  ];
  await appendAuditRows(db(), [
    row(1, JANE),
    row(2, JANE, "logged-out"),
    row(3, "a_b@x.org"),
    row(4, "acb@x.org"),
    row(4, "t@x.org"),
  ]);
  const byAnother = { ...row(5, "someone@y.org"), actorEmail: "boss@y.org" };
  const from = (address: string, event: ReturnType<typeof row>) => ({ ...event, address });
  await appendAuditRows(db(), [
    byAnother,
    from("198.51.100.7", row(6, "seven@z.org")),
    from("198.51.100.7", row(7, "seventy@z.org", "account-enabled")),
    from("2001:db8:1:2::7", row(8, "six@z.org")),
    ...days,
    ...crowd,
  ]);
});

const subjects = async (query: object) =>
  (await listAuditEntries(admin, query)).entries.map(({ subjectEmail }) => subjectEmail);

describe("the audit", () => {
  it("is for system administrators only", async () => {
    const { person } = await loggedIn(await makeUser({ authority: "TENANT_ADMIN" }));
    await expect(listAuditEntries(person, {})).rejects.toMatchObject({ code: "forbidden" });
    await expect(listAuditEntries(anonymous(), {})).rejects.toMatchObject({ code: "unauthenticated" });
    await expect(exportAuditEntries(person, {})).rejects.toMatchObject({ code: "forbidden" });
    await expect(exportAuditEntries(anonymous(), {})).rejects.toMatchObject({ code: "unauthenticated" });
  });

  it.each([
    ["event", {}, {}],
    ["event from an address", { address: "203.0.113.7" }, { address: "203.0.113.7" }],
    ["event from addresses that begin alike", { address: "203.0.113." }, { address: "203.0.113.7" }],
  ])("shows every %s once, newest first, over all its pages", async (_name, query, where) => {
    const seen: { at: Date; id: bigint }[] = [];
    let after: string | undefined;
    do {
      const page = await listAuditEntries(admin, { ...query, after });
      expect(page.entries.length).toBeLessThanOrEqual(AUDIT_PAGE_SIZE);
      seen.push(...page.entries.map(({ at, id }) => ({ at, id: BigInt(id) })));
      after = page.nextCursor ?? undefined;
    } while (after);
    const all = await db().auditEvent.findMany({ where, select: { at: true, id: true } });
    const sorted = all.sort((a, b) => b.at.getTime() - a.at.getTime() || Number(b.id - a.id));
    expect(seen).toEqual(sorted);
  });

  it("offers no further page after the last event", async () => {
    const { entries, nextCursor } = await listAuditEntries(admin, { person: "jane" });
    expect([entries.length, nextCursor]).toEqual([2, null]);
  });

  it.each([
    ["a part of an address, whatever its case", { person: "jANE@ex" }, [JANE, JANE]],
    ["the address of whoever acted", { person: "BOSS@y" }, ["someone@y.org"]],
    ["a kind", { kind: "logged-out" }, [JANE]],
    ["a kind of a person", { kind: "login-failed", person: "jane" }, [JANE]],
    ["an underscore as such", { person: "a_b" }, ["a_b@x.org"]],
    ["a percent sign as such", { person: "%" }, []],
    ["a backslash as such", { person: "\\" }, []],
    ["no other address than the one in quotation marks", { person: '"T@x.org"' }, ["t@x.org"]],
    ["an underscore in quotation marks as such", { person: '"a_b@x.org"' }, ["a_b@x.org"]],
    ["no part of an address in quotation marks", { person: '"b@x.org"' }, []],
    [
      "each of several addresses in quotation marks, as actor or subject",
      { person: '"t@x.org" "nobody@x.org" "T@x.org" "BOSS@y.org"' },
      ["someone@y.org", "t@x.org"],
    ],
    [
      "days from midnight to midnight UTC",
      { person: "t@x.org", from: "2026-03-01", to: "2026-03-01" },
      ["last@x.org", "t@x.org", "first@x.org"],
    ],
    ["the last day that can be written", { person: "before", to: "9999-12-31" }, ["before@x.org"]],
    ["the first day that can be written", { person: "before", from: "1900-01-01" }, ["before@x.org"]],
    [
      "a span to the millisecond, without its end",
      { since: "2026-03-01T00:00:00.000Z", until: "2026-03-01T00:02:00.000Z" },
      [JANE, "first@x.org"],
    ],
    [
      "what a day and a span have in common",
      { person: "x.org", to: "2026-03-01", since: "2026-03-01T12:00:00.000Z" },
      ["last@x.org"],
    ],
    ["days in the wrong order", { from: "2026-03-02", to: "2026-03-01" }, []],
    ["a network address", { address: "198.51.100.7" }, ["seventy@z.org", "seven@z.org"]],
    ["a network address of IPv6", { address: "2001:db8:1:2::7" }, ["six@z.org"]],
    ["the beginning of network addresses", { address: "198.51.100." }, ["seventy@z.org", "seven@z.org"]],
    ["the beginning of those of IPv6", { address: "2001:db8:1:2:" }, ["six@z.org"]],
    ["no network address by a part of it", { address: "198.51" }, []],
    ["a percent sign in the beginning of one as such", { address: "198%." }, []],
    ["a kind from an address", { address: "198.51.100.7", kind: "account-enabled" }, ["seventy@z.org"]],
    ["a person from an address", { address: "198.51.100.7", person: "SEVEN@" }, ["seven@z.org"]],
  ])("finds %s", async (_name, query, found) => {
    expect(await subjects(query)).toEqual(found);
  });

  it("is exported whole, as it was when the export began", async () => {
    const email = "exported@example.org";
    const many = Array.from({ length: 2 * EXPORT_BATCH_SIZE + 1 }, (_, n) => row(n % 7, email));
    await appendAuditRows(db(), many);
    const seen: string[] = [];
    const { first, rest } = await exportAuditEntries(admin, { person: email });
    const take = async (entries: AuditEntry[]) => {
      expect(entries.length).toBeLessThanOrEqual(EXPORT_BATCH_SIZE);
      seen.push(...entries.map(({ id }) => id));
      await appendAuditRows(db(), [row(8, email)]);
    };
    await take(first);
    for await (const entries of rest) await take(entries);
    const stored = await db().auditEvent.findMany({
      where: { subjectEmail: email, at: { lt: row(8, email).at } },
      orderBy: [{ at: "desc" }, { id: "desc" }],
      select: { id: true },
    });
    expect(seen).toEqual(stored.map(({ id }) => id.toString()));
    expect(seen).toHaveLength(many.length);
    await db().auditEvent.deleteMany({ where: { subjectEmail: email } });
  });

  it("leaves connections to others, however many exports read it at once", async () => {
    const email = "large@example.org";
    await appendAuditRows(
      db(),
      Array.from({ length: EXPORT_BATCH_SIZE + 1 }, (_, n) => row(n, email)),
    );
    const exports = await Promise.all(
      Array.from({ length: 12 }, () => exportAuditEntries(admin, { person: email })),
    );
    const { reading } = await db().$transaction(async (tx) => {
      await tx.$executeRaw`LOCK TABLE audit_events`;
      const reading = exports.map(({ rest }) => rest.next());
      await expect.poll(countWaiting).toBe(1);
      expect(await db().user.count()).toBeGreaterThan(0);
      expect(await countWaiting()).toBe(1);
      return { reading };
    });
    const batches = await Promise.all(reading);
    expect(batches.map(({ value }) => value?.length)).toEqual(Array(12).fill(1));
    await db().auditEvent.deleteMany({
      where: { OR: [{ subjectEmail: email }, { kind: "audit-exported" }] },
    });
  });

  it("tells who exported it, and by which filters", async () => {
    const auditor = await administrator();
    const exported = { kind: "audit-exported", person: auditor.email };
    const { first } = await exportAuditEntries(auditor, { ...exported, from: "2026-03-01", after: "x" });
    expect(first).toEqual([]);
    const whole = await exportAuditEntries(auditor, { zone: "Europe/Vienna" });
    expect(whole.first[0]).toMatchObject({ kind: "audit-exported", actorEmail: auditor.email });
    await whole.rest.return();
    const { entries } = await listAuditEntries(admin, exported);
    expect(entries.map(({ details }) => details)).toEqual([
      {},
      { filters: { ...exported, from: "2026-03-01" } },
    ]);
    await db().auditEvent.deleteMany({ where: { kind: "audit-exported" } });
  });

  it("finds the events from an address among many, and those of a kind that has none among them", async () => {
    const attacker = "192.0.2.66";
    const old = new Date(DAY - 86_400_000);
    // Half of the events are the attacker's, and all of another kind than those of everyone else.
    await db().$executeRaw`
      INSERT INTO audit_events (at, kind, actor_email, subject_email, address, user_agent, request_id, details)
      SELECT ${old}::timestamptz + n * interval '1 second',
        CASE n % 2 WHEN 0 THEN 'logged-out' ELSE 'login-succeeded' END, '', 'many@z.org',
        CASE WHEN n % 2 = 0 THEN ${attacker} WHEN n = 3 THEN '192.0.2.3' ELSE '192.0.3.' || n % 50 END, '', '', '{}'
      FROM generate_series(1, 12000) AS n`;
    await db().$executeRaw`ANALYZE audit_events`;
    const read = (query: object) => rowsRead("audit_events", () => listAuditEntries(admin, query));
    for (const query of [
      { address: attacker },
      { address: attacker, kind: "login-succeeded" },
      { address: attacker, kind: "logged-out" },
      { address: attacker, kind: "account-deleted" },
      { address: attacker, until: new Date(old.getTime() + 200_000).toISOString() },
      { address: attacker, after: `${old.getTime() + 200_000}-1` },
      { address: "192.0.2.3" },
      { address: "192.0.2.3", kind: "login-succeeded" },
      { address: "192.0.4." },
    ])
      expect(await read(query), JSON.stringify(query)).toBeLessThan(100);
    await db().auditEvent.deleteMany({ where: { subjectEmail: "many@z.org" } });
  });

  it("finds who has an address by now among many who changed their names", async () => {
    await db().$executeRaw`
      INSERT INTO audit_events (at, kind, actor_email, subject_email, address, user_agent, request_id, details)
      SELECT ${new Date(DAY)}::timestamptz + n * interval '1 second', 'profile-changed', '', 'many@z.org', '', '', '',
        CASE n WHEN 3 THEN '{"email": {"from": "many@z.org", "to": "one@z.org"}}'
          ELSE '{"firstName": {"from": "", "to": "one@z.org"}}' END::jsonb
      FROM generate_series(1, 12000) AS n`;
    // Also empties the indexes' lists of pending entries, which PostgreSQL would otherwise expect to read.
    await db().$executeRaw`VACUUM ANALYZE audit_events`;
    const five = ["one@z.org", ...[1, 2, 3, 4].map((n) => `one.before.${n}@z.org`)];
    for (const person of ['"one@z.org"', quoted(...five)]) {
      expect(await subjects({ person })).toEqual(["many@z.org"]);
      expect(await rowsRead("audit_events", () => listAuditEntries(admin, { person }))).toBeLessThan(100);
    }
    await db().auditEvent.deleteMany({ where: { subjectEmail: "many@z.org" } });
  });

  it("is planned for who is looked for, each time", async () => {
    const kept = await preparedStatementsOf(async () => {
      for (let times = 0; times < 8; times += 1) await listAuditEntries(admin, { person: "jane" });
    });
    expect(kept.filter((statement) => statement.includes(" ILIKE "))).toEqual([]);
    expect(kept).not.toEqual([]);
  });
});

it("details that are no object are shown as they are, and other events as usual", async () => {
  const user = await makeUser({ email: "odd@example.org" });
  const odd = ["null", "[1]", '"text"', "7", '{"reason": null}'];
  const rows = odd.map((_, minutes) => ({ ...row(minutes, user.email), subjectId: user.id }));
  await appendAuditRows(db(), rows);
  for (const [minutes, details] of odd.entries())
    await db().$executeRaw`
      UPDATE audit_events SET details = ${details}::jsonb WHERE subject_id = ${user.id}::uuid AND at = ${rows[minutes]?.at}`;
  const { entries } = await listAuditEntries(admin, { person: user.email });
  const told = [...odd.slice(0, 4).map((damaged) => ({ damaged })), { reason: null }].reverse();
  expect(entries.map(({ details }) => details)).toEqual(told);
  for (const entry of entries) expect(auditWords(entry).sentence).not.toEqual([]);
  const attempts = (await describeUser(admin, user.id))?.loginAttempts ?? [];
  expect(attempts.map(({ details }) => details)).toEqual(told);
  expect(attempts.map(attemptWords)).toEqual(odd.map(() => ({ outcome: "refused", text: "Refused" })));
  await db().auditEvent.deleteMany({ where: { subjectId: user.id } });
});
