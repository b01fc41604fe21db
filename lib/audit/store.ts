import "server-only";
import { countUpToLimit } from "@/lib/core/count/store";
import type { Cursor } from "@/lib/core/cursor/rules";
import { type Db, plannedEachTime, type RawDb } from "@/lib/core/db";
import { likeLiteral } from "@/lib/core/text-search/rules";
import { foundBy } from "@/lib/core/text-search/store";
import { type AuditEvent as AuditEventRow, Prisma, type SessionKind } from "@/prisma/generated/client";
import { isAddressBeginning } from "./rules";
import type { AuditDetails, AuditEntry, AuditKind, Span } from "./schema";

/** An event about to be written. */
export type AuditRow = Omit<AuditEventRow, "id" | "kind" | "details"> & {
  kind: AuditKind;
  details: AuditDetails;
};

const writtenColumns = Prisma.sql`at, kind, actor_id, actor_email, subject_id, subject_email, address, user_agent,
  request_id, details`;

const valuesOf = (
  row: Omit<AuditRow, "subjectEmail"> & { subjectEmail: string | Prisma.Sql },
) => Prisma.sql`${row.at}, ${row.kind}, ${row.actorId}::uuid, ${row.actorEmail},
  ${row.subjectId}::uuid, ${row.subjectEmail}, ${row.address}, ${row.userAgent}, ${row.requestId},
  ${JSON.stringify(row.details)}::jsonb`;

/** Appends events. `db` is the transaction of the change that they record, so that neither exists without the other. */
export async function appendAuditRows(db: RawDb, rows: AuditRow[]): Promise<void> {
  if (rows.length === 0) return;
  const values = rows.map((row) => Prisma.sql`(${valuesOf(row)})`);
  await db.$executeRaw(
    Prisma.sql`INSERT INTO audit_events (${writtenColumns}) VALUES ${Prisma.join(values)}`,
  );
}

/**
 * Returns SQL that appends an event about an account, for the statement that changes the account.
 * @param changed the expression that changes it and returns its address: if it has no row, no event is appended
 */
export function appending(row: Omit<AuditRow, "subjectEmail">, changed: Prisma.Sql): Prisma.Sql {
  const values = valuesOf({ ...row, subjectEmail: Prisma.sql`${changed}.email` });
  return Prisma.sql`INSERT INTO audit_events (${writtenColumns}) SELECT ${values} FROM ${changed}`;
}

export type AuditFilter = {
  kind?: AuditKind | undefined;
  person?: string | undefined;
  address?: string | undefined;
  /** Inclusive. */
  from?: Date | undefined;
  /** Exclusive. */
  until?: Date | undefined;
  after?: Cursor | undefined;
};

const columns = Prisma.sql`id, at, kind, actor_email AS "actorEmail", subject_id AS "subjectId",
  subject_email AS "subjectEmail", address, user_agent AS "userAgent", request_id AS "requestId", details`;

/**
 * The condition that an event names a person: as its actor, as its subject, or by the address that the subject got with
 * it. Without the last, a search for that address would not lead to the events from before. Planned for each text: an
 * index finds rare text fastest, a scan from the newest event frequent text.
 */
function isAbout(pattern: string): Prisma.Sql {
  // Must be exactly the expression of `audit_events_new_address_idx`.
  const newAddress = Prisma.sql`details #>> '{email,to}'`;
  return Prisma.sql`(actor_email ILIKE ${pattern} OR subject_email ILIKE ${pattern}
    OR (kind = 'profile-changed' AND ${newAddress} ILIKE ${pattern})) ${plannedEachTime}`;
}

/** Planned for each text: an address may have most events or hardly any. */
function isFrom(address: string): Prisma.Sql {
  const isMatch = isAddressBeginning(address)
    ? Prisma.sql`address LIKE ${`${likeLiteral(address)}%`}`
    : Prisma.sql`address = ${address}`;
  return Prisma.sql`${isMatch} ${plannedEachTime}`;
}

/** A time as the indexes of an account's events and of an address's have it. No other index has their order. */
const inUtc = (at: Prisma.Sql) => Prisma.sql`(${at} AT TIME ZONE 'UTC')`;

/**
 * Returns how the list's statement writes a time. Events from one address are looked up in the index of addresses:
 * otherwise PostgreSQL may scan a kind's index, where it expects to meet the address soon, and read a million events of
 * others. Events from several addresses are not in order in that index.
 */
function timeFor({ address }: AuditFilter): (at: Prisma.Sql) => Prisma.Sql {
  return address === undefined || isAddressBeginning(address) ? (at) => at : inUtc;
}

/** Reads up to `limit` events, newest first. */
export async function findAuditEntries(db: Db, filter: AuditFilter, limit: number): Promise<AuditEntry[]> {
  const { kind, person, address, from, until, after } = filter;
  const time = timeFor(filter);
  const moment = (at: Date) => time(Prisma.sql`${at}::timestamptz`);
  const column = time(Prisma.sql`at`);
  const all: Prisma.Sql[] = [];
  if (kind) all.push(Prisma.sql`kind = ${kind}`);
  if (address) all.push(isFrom(address));
  if (from) all.push(Prisma.sql`${column} >= ${moment(from)}`);
  if (until) all.push(Prisma.sql`${column} < ${moment(until)}`);
  if (after) all.push(Prisma.sql`(${column}, id) < (${moment(after.at)}, ${after.id}::bigint)`);
  const found = foundBy(person, isAbout, (isFound) => {
    const conditions = Prisma.join([...all, isFound], " AND ");
    return Prisma.sql`SELECT ${columns} FROM audit_events WHERE ${conditions} ORDER BY ${column} DESC, id DESC LIMIT ${limit}`;
  });
  const rows = await db.$queryRaw<EntryRow[]>(
    Prisma.sql`SELECT * FROM ${found} ORDER BY at DESC, id DESC LIMIT ${limit}`,
  );
  return rows.map(toEntry);
}

// Must be exactly the expression of `audit_events_subject_idx`.
const newestFirst = Prisma.sql`${inUtc(Prisma.sql`at`)} DESC, id DESC`;

/**
 * Reads the newest events of some kinds about an account, newest first. Each kind is looked up separately: there may be
 * a million events of one kind, if somebody tries passwords on the account, and none of another.
 */
export async function findSubjectEntries(
  db: Db,
  subjectId: string,
  kinds: AuditKind[],
  limit: number,
): Promise<AuditEntry[]> {
  return findNewest(db, { subjectId, kinds, condition: Prisma.sql`TRUE` }, limit);
}

async function findNewest(
  db: Db,
  { subjectId, kinds, condition }: { subjectId: string; kinds: AuditKind[]; condition: Prisma.Sql },
  limit: number,
): Promise<AuditEntry[]> {
  const rows = await db.$queryRaw<EntryRow[]>(Prisma.sql`
    SELECT newest.* FROM unnest(${kinds}::text[]) AS wanted(kind)
    CROSS JOIN LATERAL (
      SELECT ${columns} FROM audit_events
      WHERE subject_id = ${subjectId}::uuid AND kind = wanted.kind AND ${condition}
      ORDER BY ${newestFirst} LIMIT ${limit}
    ) AS newest
    ORDER BY at DESC, id DESC LIMIT ${limit}`);
  return rows.map(toEntry);
}

/**
 * Reads the newest event that shows whether an account's password met the policy: a login with it, or the demand of a
 * reset. An app's login shows nothing of the kind, because it takes no password.
 */
export async function findPasswordProof(db: Db, subjectId: string): Promise<AuditEntry | null> {
  const kinds: AuditKind[] = ["login-succeeded", "password-reset-forced"];
  const byApp = "MOBILE" satisfies SessionKind;
  const isProof = Prisma.sql`details->>'how' IS DISTINCT FROM ${byApp}`;
  const [newest = null] = await findNewest(db, { subjectId, kinds, condition: isProof }, 1);
  return newest;
}

/** Counts the events of some kinds in two spans, up to `COUNT_LIMIT` each. */
export async function countEvents<Kind extends AuditKind>(
  db: Db,
  kinds: readonly Kind[],
  { now, before }: { now: Span; before: Span },
): Promise<{ kind: Kind; now: number; before: number }[]> {
  const within = ({ from, until }: Span) =>
    countUpToLimit(
      Prisma.sql`SELECT FROM audit_events WHERE kind = wanted.kind AND at >= ${from} AND at < ${until}`,
    );
  return db.$queryRaw(Prisma.sql`
    SELECT wanted.kind, ${within(now)} AS now, ${within(before)} AS before
    FROM unnest(${[...kinds]}::text[]) WITH ORDINALITY AS wanted(kind, place) ORDER BY place ${plannedEachTime}`);
}

type EntryRow = Omit<AuditEventRow, "actorId">;

const toEntry = (row: EntryRow): AuditEntry => ({
  ...row,
  id: row.id.toString(),
  details: readDetails(row.details),
});

/**
 * Reads an event's details, of which readers expect any field to be missing or to have any type. Details that are not
 * an object (after a restore or a manual edit) are returned as text in `damaged`, so that the page can still show the
 * event and those beside it.
 */
function readDetails(stored: unknown): AuditDetails {
  const isObject = typeof stored === "object" && stored !== null && !Array.isArray(stored);
  return isObject ? (stored as AuditDetails) : { damaged: JSON.stringify(stored) };
}
