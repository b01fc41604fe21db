import "server-only";
import { countRows } from "@/lib/core/count/store";
import type { Cursor } from "@/lib/core/cursor/rules";
import { type Db, plannedEachTime } from "@/lib/core/db";
import { foundBy } from "@/lib/core/text-search/store";
import { Prisma } from "@/prisma/generated/client";
import { type MailKind, type OutboxEntry, type OutboxState, withdrawnAnswers } from "../schema";
import { isUseful } from "../store";

/** A withdrawn message is stored as a failed one. */
const isWithdrawn = Prisma.sql`(state = 'FAILED' AND (last_answer = ANY(${Object.values(withdrawnAnswers)})) IS TRUE)`;

const columns = Prisma.sql`id, kind, recipient, attempts,
  CASE WHEN ${isWithdrawn} THEN 'WITHDRAWN' ELSE state::text END AS state, last_answer AS "lastAnswer", created_at AS "createdAt",
  last_attempt_at AS "lastAttemptAt", sent_at AS "sentAt", due_at AS "dueAt",
  (state = 'QUEUED' AND claimed_until > now()) IS TRUE AS "isBeingSent", sealed_payload IS NOT NULL AS "canResend",
  (SELECT jsonb_build_object('id', users.id, 'email', users.email) FROM users WHERE users.id = user_id) AS account`;

type Row = Omit<OutboxEntry, "dueAt"> & { dueAt: Date };

const toEntry = (row: Row): OutboxEntry => ({
  ...row,
  dueAt: row.state === "QUEUED" ? row.dueAt : null,
});

/** Reads one message for display. */
export async function findOutboxEntry(db: Db, id: string): Promise<OutboxEntry | null> {
  const [row] = await db.$queryRaw<Row[]>(
    Prisma.sql`SELECT ${columns} FROM outbox_messages WHERE id = ${id}::uuid`,
  );
  return row ? toEntry(row) : null;
}

export type OutboxFilter = {
  state?: OutboxState | undefined;
  recipient?: string | undefined;
  userId?: string | undefined;
  kinds?: readonly MailKind[];
  createdAfter?: Date;
  after?: Cursor | undefined;
};

/** Planned for each text: an index finds rare text fastest, a scan from the newest message frequent text. */
const isTo = (pattern: string) => Prisma.sql`recipient ILIKE ${pattern} ${plannedEachTime}`;

const isInState = (state: OutboxState) => {
  if (state === "WITHDRAWN") return isWithdrawn;
  const isStored = Prisma.sql`state = ${state}::"OutboxState"`;
  return state === "FAILED" ? Prisma.sql`${isStored} AND NOT ${isWithdrawn}` : isStored;
};

/** Reads up to `limit` messages, newest first. */
export async function findOutboxEntries(db: Db, filter: OutboxFilter, limit: number): Promise<OutboxEntry[]> {
  const { state, userId, kinds, createdAfter, recipient, after } = filter;
  const all: Prisma.Sql[] = [];
  if (state) all.push(isInState(state));
  if (userId) all.push(Prisma.sql`user_id = ${userId}::uuid`);
  if (kinds) all.push(Prisma.sql`kind = ANY(${[...kinds]})`);
  if (createdAfter) all.push(Prisma.sql`created_at > ${createdAfter}`);
  if (after) all.push(Prisma.sql`(created_at, id) < (${after.at}, ${after.id}::uuid)`);
  const found = foundBy(recipient, isTo, (isFound) => {
    const conditions = Prisma.join([...all, isFound], " AND ");
    return Prisma.sql`SELECT ${columns} FROM outbox_messages WHERE ${conditions}
      ORDER BY created_at DESC, id DESC LIMIT ${limit}`;
  });
  const rows = await db.$queryRaw<Row[]>(
    Prisma.sql`SELECT * FROM ${found} ORDER BY "createdAt" DESC, id DESC LIMIT ${limit}`,
  );
  return rows.map(toEntry);
}

/** Counts the queued messages, up to `COUNT_LIMIT`. */
export async function countQueuedMessages(db: Db): Promise<number> {
  return countRows(db, Prisma.sql`SELECT FROM outbox_messages WHERE state = 'QUEUED'`);
}

/** Counts the queued messages that were tried without success, and are tried again; up to `COUNT_LIMIT`. */
export async function countRetriedMessages(db: Db, now: Date): Promise<number> {
  return countRows(
    db,
    Prisma.sql`SELECT FROM outbox_messages
      WHERE state = 'QUEUED' AND last_answer IS NOT NULL AND ${isUseful(now)}`,
  );
}

/**
 * Counts the failed messages that still have their content and are useful, so that they can be resent; up to `COUNT_LIMIT`.
 * Leaves out test mails: whoever sent one has seen that it failed.
 */
export async function countResendableMessages(db: Db, now: Date): Promise<number> {
  return countRows(
    db,
    Prisma.sql`SELECT FROM outbox_messages
      WHERE state = 'FAILED' AND kind <> 'test' AND sealed_payload IS NOT NULL AND ${isUseful(now)}`,
  );
}
