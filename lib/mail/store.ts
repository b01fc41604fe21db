import "server-only";
import { byDatabaseClock, type Db } from "@/lib/core/db";
import { Prisma } from "@/prisma/generated/client";
import { type MailKind, WITHDRAWN_ANSWER } from "./schema";

/** Puts a message into the outbox, in the transaction of the change that causes it. */
export async function insertOutboxMessage(
  db: Db,
  message: {
    kind: MailKind;
    userId: string | null;
    recipient: string;
    sealedPayload: string;
    messageId: string;
    createdAt: Date;
    dueAt: Date;
    usefulUntil: Date | null;
    linkId?: string;
  },
): Promise<string> {
  return (await db.outboxMessage.create({ data: message, select: { id: true } })).id;
}

/** A message that somebody is about to send. `attempts` counts the one that begins, and marks the claim as its own. */
export type ClaimedMessage = {
  id: string;
  kind: string;
  recipient: string;
  sealedPayload: string | null;
  messageId: string;
  attempts: number;
  triedSince: Date;
};

const claimed = Prisma.sql`m.id, m.kind, m.recipient, m.sealed_payload AS "sealedPayload",
  m.message_id AS "messageId", m.attempts, m.tried_since AS "triedSince"`;

/** How long a claimed message is one's own, in milliseconds: much longer than an attempt. */
export const CLAIM_MS = 60_000;

/** Whether nobody is sending a message. A claim that was never settled, because its process died, is void in the end. */
const isUnclaimed = (now: Date) =>
  Prisma.sql`(claimed_until IS NULL OR claimed_until <= ${byDatabaseClock(now)})`;

/** Begins an attempt, which nobody else does while the claim lasts. */
const claim = (now: Date) => Prisma.sql`attempts = attempts + 1, last_attempt_at = ${now},
  claimed_until = ${byDatabaseClock(now)} + ${CLAIM_MS} * interval '1 millisecond',
  tried_since = COALESCE(tried_since, ${now})`;

/**
 * Whose turn it is among the messages that are due: first the links with which somebody gets in again, who waits for them;
 * then invitations; then whatever tells of something and can wait. `outbox_messages_turn_idx` is in this order.
 */
const turn = Prisma.sql`CASE WHEN link_id IS NULL THEN 2 WHEN kind = 'activation' THEN 1 ELSE 0 END`;

/**
 * Takes up to `limit` messages that are due and that nobody is sending: the oldest of all, so that each has its turn in
 * the end, and besides it those whose turn it is.
 */
export async function claimDueMessages(
  db: Db,
  { limit, now }: { limit: number; now: Date },
): Promise<ClaimedMessage[]> {
  const due = Prisma.sql`SELECT id FROM outbox_messages
    WHERE state = 'QUEUED' AND due_at <= ${now} AND ${isUnclaimed(now)}
      AND (useful_until IS NULL OR useful_until > ${now})`;
  return db.$queryRaw<ClaimedMessage[]>(Prisma.sql`
    WITH oldest AS MATERIALIZED (${due} ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED),
      others AS MATERIALIZED (
        ${due} AND id NOT IN (SELECT id FROM oldest)
        ORDER BY ${turn}, due_at LIMIT ${limit - 1} FOR UPDATE SKIP LOCKED
      )
    UPDATE outbox_messages AS m SET ${claim(now)} FROM (TABLE oldest UNION ALL TABLE others) AS due
    WHERE m.id = due.id RETURNING ${claimed}`);
}

/** Takes a message that was put into the outbox just now, in the transaction that did so. */
export async function claimOwnMessage(tx: Db, id: string, now: Date): Promise<ClaimedMessage | null> {
  const rows = await tx.$queryRaw<ClaimedMessage[]>(
    Prisma.sql`UPDATE outbox_messages AS m SET ${claim(now)} WHERE m.id = ${id}::uuid RETURNING ${claimed}`,
  );
  return rows[0] ?? null;
}

/** The mail is out, whatever others have noted meanwhile. Its content is no longer needed, and forgotten. */
export async function markSent(db: Db, id: string, { answer, now }: { answer: string; now: Date }) {
  await db.outboxMessage.updateMany({
    where: { id, state: { not: "SENT" } },
    data: { state: "SENT", sentAt: now, lastAnswer: answer, sealedPayload: null, claimedUntil: null },
  });
}

/** The attempt failed: for good, or until `dueAt`. Says nothing where somebody else has begun another attempt since. */
export async function markAttemptFailed(
  db: Db,
  { id, attempts }: Pick<ClaimedMessage, "id" | "attempts">,
  { answer, dueAt }: { answer: string; dueAt: Date | null },
): Promise<void> {
  await db.outboxMessage.updateMany({
    where: { id, attempts, state: "QUEUED" },
    data: {
      lastAnswer: answer,
      claimedUntil: null,
      ...(dueAt ? { dueAt } : { state: "FAILED" as const }),
    },
  });
}

/**
 * Makes a failed or waiting message due at once, to be tried for as long as a new one; false when it is neither, is being
 * sent this moment, or would tell nobody anything any more.
 */
export async function requeueMessage(db: Db, id: string, now: Date): Promise<boolean> {
  const count = await db.$executeRaw(Prisma.sql`
    UPDATE outbox_messages SET state = 'QUEUED', due_at = ${now}, tried_since = NULL
    WHERE id = ${id}::uuid AND state IN ('QUEUED', 'FAILED') AND sealed_payload IS NOT NULL AND ${isUnclaimed(now)}
      AND (useful_until IS NULL OR useful_until > ${now})`);
  return count === 1;
}

/**
 * Makes up to `limit` messages that wait for their next attempt due at once. What somebody has in hand is left out.
 * @returns how many
 */
export async function hastenSomeMessages(db: Db, limit: number, now: Date): Promise<number> {
  return db.$executeRaw(Prisma.sql`
    WITH waiting AS MATERIALIZED (
      SELECT id FROM outbox_messages WHERE state = 'QUEUED' AND due_at > ${now}
      ORDER BY due_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
    )
    UPDATE outbox_messages AS m SET due_at = ${now} FROM waiting WHERE m.id = waiting.id`);
}

/** Takes mails back that were sent for one of these links, which work no more; what is on its way already, arrives. */
export async function withdrawMails(db: Db, linkIds: readonly string[]): Promise<void> {
  // Locked in one order by all who do this, so that none waits for another.
  const meant = Prisma.sql`id IN (
    SELECT id FROM outbox_messages WHERE link_id = ANY(${[...linkIds]}::uuid[]) AND sealed_payload IS NOT NULL
    ORDER BY id FOR UPDATE)`;
  await db.$executeRaw(Prisma.sql`
    UPDATE outbox_messages SET sealed_payload = NULL, state = 'FAILED', claimed_until = NULL,
      last_answer = CASE state WHEN 'QUEUED' THEN ${WITHDRAWN_ANSWER} ELSE last_answer END
    WHERE ${meant}`);
}

/**
 * Forgets the content of up to `limit` messages that are of no more use, or that failed before `failedBefore`; what still
 * waited of it has failed. What somebody has in hand is left to the next time. @returns how many
 */
export async function forgetContent(
  db: Db,
  { now, failedBefore, limit }: { now: Date; failedBefore: Date; limit: number },
): Promise<number> {
  return db.$executeRaw(Prisma.sql`
    WITH due AS MATERIALIZED (
      SELECT id FROM outbox_messages
      WHERE sealed_payload IS NOT NULL
        AND (useful_until <= ${now} OR (state = 'FAILED' AND last_attempt_at <= ${failedBefore}))
        AND ${isUnclaimed(now)}
      LIMIT ${limit} FOR UPDATE SKIP LOCKED
    )
    UPDATE outbox_messages AS m SET sealed_payload = NULL, state = 'FAILED',
      last_answer = CASE state WHEN 'QUEUED' THEN 'Not sent in time: what it says is over.' ELSE last_answer END
    FROM due WHERE m.id = due.id`);
}

/** Whether one of these links was given to a mail, sent or not. */
export async function isAnyMailed(db: Db, linkIds: readonly string[]): Promise<boolean> {
  if (linkIds.length === 0) return false;
  const found = await db.outboxMessage.findFirst({
    where: { linkId: { in: [...linkIds] } },
    select: { id: true },
  });
  return found !== null;
}

/** Nobody adds or changes a message until the transaction ends. */
export async function lockOutbox(tx: Db): Promise<void> {
  await tx.$executeRaw`LOCK TABLE outbox_messages IN EXCLUSIVE MODE`;
}

/** Messages that still have their sealed values, by id. */
export async function findSealedPayloads(
  db: Db,
  { after, limit }: { after: string; limit: number },
): Promise<{ id: string; kind: string; sealedPayload: string }[]> {
  return db.$queryRaw(Prisma.sql`
    SELECT id, kind, sealed_payload AS "sealedPayload" FROM outbox_messages
    WHERE sealed_payload IS NOT NULL AND id > ${after}::uuid ORDER BY id LIMIT ${limit}`);
}

/** The same values, sealed anew. */
export async function replaceSealedPayloads(
  db: Db,
  rows: { id: string; sealedPayload: string }[],
): Promise<void> {
  const [ids, payloads] = [rows.map(({ id }) => id), rows.map(({ sealedPayload }) => sealedPayload)];
  await db.$executeRaw`
    UPDATE outbox_messages AS m SET sealed_payload = r.payload
    FROM unnest(${ids}::uuid[], ${payloads}::text[]) AS r(id, payload) WHERE m.id = r.id`;
}
