import "server-only";
import { byDatabaseClock, type Db, plannedEachTime } from "@/lib/core/db";
import { DAY_MS } from "@/lib/core/durations/rules";
import { type OutboxMessage, Prisma } from "@/prisma/generated/client";
import { type MailKind, type WithdrawalReason, withdrawnAnswers } from "./schema";

type NewMessage = Pick<
  OutboxMessage,
  "userId" | "recipient" | "sealedPayload" | "messageId" | "createdAt" | "dueAt" | "usefulUntil" | "linkId"
> & { kind: MailKind };

/** Inserts a message, in the transaction of the change that causes it. @returns the message's id */
export async function insertOutboxMessage(db: Db, message: NewMessage): Promise<string> {
  return (await db.outboxMessage.create({ data: message, select: { id: true } })).id;
}

/** Inserts several messages. */
export async function insertOutboxMessages(db: Db, messages: NewMessage[]): Promise<void> {
  await db.outboxMessage.createMany({ data: messages });
}

/** A message that a process has claimed to send it. `attempts` includes this attempt, and identifies the claim. */
export type ClaimedMessage = Pick<
  OutboxMessage,
  "id" | "kind" | "recipient" | "sealedPayload" | "messageId" | "attempts"
> & { triedSince: Date };

const claimed = Prisma.sql`m.id, m.kind, m.recipient, m.sealed_payload AS "sealedPayload",
  m.message_id AS "messageId", m.attempts, m.tried_since AS "triedSince"`;

/** How long a claim lasts, in milliseconds: longer than an attempt, and recording its outcome, may take together. */
export const CLAIM_MS = 120_000;

/** Whether no process is sending a message. The claim of a process that died expires. */
const isUnclaimed = (now: Date) =>
  Prisma.sql`(claimed_until IS NULL OR claimed_until <= ${byDatabaseClock(now)})`;

/**
 * Begins an attempt: no other process claims the message while the claim lasts. After a day without attempts, because
 * Gatehouse was stopped or had no mail server, the retry period begins anew: else a single failure would be the last.
 */
const claim = (now: Date) => Prisma.sql`attempts = attempts + 1, last_attempt_at = ${now},
  claimed_until = ${byDatabaseClock(now)} + ${CLAIM_MS} * interval '1 millisecond',
  tried_since = CASE WHEN tried_since IS NULL OR last_attempt_at < ${new Date(now.getTime() - DAY_MS)}
    THEN ${now} ELSE tried_since END`;

/** The condition that a message can still be sent: what it says is not over. */
export const isUseful = (now: Date) => Prisma.sql`(useful_until IS NULL OR useful_until > ${now})`;

/**
 * The priority of due messages: first the links that a user waits for in order to get in again; then those to unlock an
 * account, which an attacker causes by any number of wrong passwords; then invitations; then notices, which can wait.
 * `outbox_messages_turn_idx` has this order. The mail about a lock has no `link_id`, because it outlives its unlock link.
 */
const turn = Prisma.sql`CASE WHEN kind = 'account-locked-owner' THEN 1 WHEN link_id IS NULL THEN 3
  WHEN kind = 'activation' THEN 2 ELSE 0 END`;

/** Which messages to claim first: the oldest, of whatever kind, so that none waits for ever; or the most urgent. */
export type ClaimOrder = "oldest" | "urgent";

/** Claims up to `limit` messages that are due and not claimed. */
export async function claimDueMessages(
  db: Db,
  { order, limit, now }: { order: ClaimOrder; limit: number; now: Date },
): Promise<ClaimedMessage[]> {
  const first = order === "oldest" ? Prisma.sql`due_at` : Prisma.sql`${turn}, due_at`;
  return db.$queryRaw<ClaimedMessage[]>(Prisma.sql`
    WITH due AS MATERIALIZED (
      SELECT id FROM outbox_messages
      WHERE state = 'QUEUED' AND due_at <= ${now} AND ${isUnclaimed(now)} AND ${isUseful(now)}
      ORDER BY ${first} LIMIT ${limit} FOR UPDATE SKIP LOCKED
    )
    UPDATE outbox_messages AS m SET ${claim(now)} FROM due WHERE m.id = due.id RETURNING ${claimed}`);
}

/** Claims a message in the transaction that inserted it; null if there is no such message. */
export async function claimOwnMessage(tx: Db, id: string, now: Date): Promise<ClaimedMessage | null> {
  const rows = await tx.$queryRaw<ClaimedMessage[]>(
    Prisma.sql`UPDATE outbox_messages AS m SET ${claim(now)} WHERE m.id = ${id}::uuid RETURNING ${claimed}`,
  );
  return rows[0] ?? null;
}

/** Marks a message as sent, whatever other processes have recorded meanwhile, and deletes its content. */
export async function markSent(db: Db, id: string, { answer, now }: { answer: string; now: Date }) {
  await db.outboxMessage.updateMany({
    where: { id, state: { not: "SENT" } },
    data: { state: "SENT", sentAt: now, lastAnswer: answer, sealedPayload: null, claimedUntil: null },
  });
}

/** Records a failed attempt: final, or to be retried at `dueAt`. Does nothing if a further attempt has begun since. */
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
 * Makes a failed or waiting message due at once, with the full retry period ahead of it. Returns false if the message
 * is neither failed nor waiting, is being sent at this moment, has no content left, or is no longer useful.
 */
export async function requeueMessage(db: Db, id: string, now: Date): Promise<boolean> {
  const count = await db.$executeRaw(Prisma.sql`
    UPDATE outbox_messages SET state = 'QUEUED', due_at = ${now}, tried_since = NULL
    WHERE id = ${id}::uuid AND state IN ('QUEUED', 'FAILED') AND sealed_payload IS NOT NULL AND ${isUnclaimed(now)} AND ${isUseful(now)}`);
  return count === 1;
}

/**
 * Makes up to `limit` messages due at once that wait for their next attempt; skips those that another transaction has
 * locked.
 * @returns how many
 */
export async function makeMessagesDue(db: Db, limit: number, now: Date): Promise<number> {
  return db.$executeRaw(Prisma.sql`
    WITH waiting AS MATERIALIZED (
      SELECT id FROM outbox_messages WHERE state = 'QUEUED' AND due_at > ${now}
      ORDER BY due_at LIMIT ${limit} FOR UPDATE SKIP LOCKED ${plannedEachTime}
    )
    UPDATE outbox_messages SET due_at = ${now} WHERE id = ANY (ARRAY (SELECT id FROM waiting))`);
}

/** Withdraws the mails of links that no longer work. A mail that is being sent already still arrives. */
export async function withdrawMails(
  db: Db,
  linkIds: readonly string[],
  why: WithdrawalReason = "link",
): Promise<void> {
  await withdraw(db, Prisma.sql`link_id = ANY(${[...linkIds]}::uuid[])`, withdrawnAnswers[why]);
}

const EXPIRY_NOTICE = "password-expires-soon" satisfies MailKind;

/** Withdraws the notices that an account's password expires soon, as `withdrawMails` does. */
export async function withdrawExpiryNotices(
  db: Db,
  userId: string,
  why: Extract<WithdrawalReason, "password" | "account">,
): Promise<void> {
  const which = Prisma.sql`user_id = ${userId}::uuid AND kind = ${EXPIRY_NOTICE}`;
  await withdraw(db, which, withdrawnAnswers[why]);
}

/**
 * Withdraws up to `limit` such notices of any account that were written until a time; skips locked rows.
 * @returns how many
 */
export async function withdrawSomeExpiryNotices(db: Db, until: Date, limit: number): Promise<number> {
  return db.$executeRaw(Prisma.sql`
    WITH old AS MATERIALIZED (
      SELECT id FROM outbox_messages
      WHERE kind = ${EXPIRY_NOTICE} AND sealed_payload IS NOT NULL AND created_at <= ${until}
      LIMIT ${limit} FOR UPDATE SKIP LOCKED ${plannedEachTime}
    )
    UPDATE outbox_messages SET ${unsent(withdrawnAnswers.policy)} WHERE id = ANY (ARRAY (SELECT id FROM old))`);
}

/**
 * Gives the queued notices that an account's password expires soon its new address as their recipient. Those that failed
 * at the old one cannot be sent again. One that is being sent at this moment still arrives at the old one.
 */
export async function readdressExpiryNotices(db: Db, userId: string, recipient: string): Promise<void> {
  const ofAccount = { userId, kind: EXPIRY_NOTICE } as const;
  await db.outboxMessage.updateMany({ where: { ...ofAccount, state: "QUEUED" }, data: { recipient } });
  await db.outboxMessage.updateMany({
    where: { ...ofAccount, state: "FAILED" },
    data: { sealedPayload: null },
  });
}

async function withdraw(db: Db, which: Prisma.Sql, answer: string): Promise<void> {
  // Every transaction that does this locks the rows in the same order, so that none deadlocks with another.
  const meant = Prisma.sql`id IN (
    SELECT id FROM outbox_messages WHERE ${which} AND sealed_payload IS NOT NULL ORDER BY id FOR UPDATE)`;
  await db.$executeRaw(Prisma.sql`UPDATE outbox_messages SET ${unsent(answer)} WHERE ${meant}`);
}

/** Deletes a message's content. A message that is still queued becomes failed, with this answer. */
const unsent = (answer: string) => Prisma.sql`sealed_payload = NULL, state = 'FAILED',
  last_answer = CASE state WHEN 'QUEUED' THEN ${answer} ELSE last_answer END`;

/**
 * Deletes the content of up to `limit` messages that are no longer useful, or that failed before `failedBefore`; those
 * still queued become failed. Skips messages that are being sent; a later run finds them.
 * @returns how many
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
      LIMIT ${limit} FOR UPDATE SKIP LOCKED ${plannedEachTime}
    )
    UPDATE outbox_messages SET ${unsent("Not sent in time: it is no longer of use.")}
    WHERE id = ANY (ARRAY (SELECT id FROM due))`);
}

/** Returns those of the links for which a mail was written, sent or not. */
export async function findMailedLinks(db: Db, linkIds: readonly string[]): Promise<string[]> {
  const found = await db.$queryRaw<{ linkId: string }[]>(Prisma.sql`
    SELECT link_id AS "linkId" FROM outbox_messages
    WHERE link_id = ANY(${[...linkIds]}::uuid[]) ${plannedEachTime}`);
  return found.map(({ linkId }) => linkId);
}

/** Locks the outbox until the transaction ends: no other transaction adds or changes a message. */
export async function lockOutbox(tx: Db): Promise<void> {
  await tx.$executeRaw`LOCK TABLE outbox_messages IN EXCLUSIVE MODE`;
}

/** Reads messages that still have sealed values, in the order of their ids. */
export async function findSealedPayloads(
  db: Db,
  { after, limit }: { after: string; limit: number },
): Promise<{ id: string; kind: string; sealedPayload: string }[]> {
  return db.$queryRaw(Prisma.sql`
    SELECT id, kind, sealed_payload AS "sealedPayload" FROM outbox_messages
    WHERE sealed_payload IS NOT NULL AND id > ${after}::uuid ORDER BY id LIMIT ${limit}`);
}

/** Replaces values by the same values, sealed anew. */
export async function replaceSealedPayloads(
  db: Db,
  rows: { id: string; sealedPayload: string }[],
): Promise<void> {
  const [ids, payloads] = [rows.map(({ id }) => id), rows.map(({ sealedPayload }) => sealedPayload)];
  await db.$executeRaw`
    UPDATE outbox_messages AS m SET sealed_payload = r.payload
    FROM unnest(${ids}::uuid[], ${payloads}::text[]) AS r(id, payload) WHERE m.id = r.id`;
}
