import "server-only";
import { audit } from "@/lib/audit/service";
import { type Actor, requireAdministrator } from "@/lib/core/actor";
import { decodeCursor, pageOf } from "@/lib/core/cursor/rules";
import { db } from "@/lib/core/db";
import { readListInTurn } from "@/lib/core/list-turns";
import type { Failure, Success } from "@/lib/core/result";
import { findOutboxEntries, findOutboxEntry } from "../entries/store";
import { hasMailServer } from "../mail-server";
import { OUTBOX_PAGE_SIZE, type OutboxEntry, outboxQuerySchema } from "../schema";
import { requeueMessage } from "../store";

export type OutboxPage = { entries: OutboxEntry[]; nextCursor: string | null };

/**
 * Returns a page of the outbox, newest first.
 * @throws Refusal for anyone but a system administrator, and as `readListInTurn` does
 */
export async function listOutbox(actor: Actor, input: unknown): Promise<OutboxPage> {
  const administrator = requireAdministrator(actor);
  const { state, recipient, after } = outboxQuerySchema.parse(input);
  const filter = { state, recipient, after: decodeCursor(after) };
  const found = await readListInTurn(administrator, () =>
    findOutboxEntries(db(), filter, OUTBOX_PAGE_SIZE + 1),
  );
  const { page, nextCursor } = pageOf(found, OUTBOX_PAGE_SIZE, ({ createdAt: at, id }) => ({ at, id }));
  return { entries: page, nextCursor };
}

export type ResendResult =
  /** `isWaiting`: it waits, because there is no mail server. */
  | Success<{ recipient: string; isWaiting: boolean }>
  | Failure<"gone">
  /** The mail was sent, is being sent at this moment, or is of no more use. */
  | Failure<"not-waiting">;

/**
 * Makes a failed or waiting mail due at once. The content of a sent mail is not kept, so it cannot be sent again.
 * @throws Refusal for anyone but a system administrator
 */
export async function resendMail(
  actor: Actor,
  { id }: { id: string },
  now = new Date(),
): Promise<ResendResult> {
  const person = requireAdministrator(actor);
  return db().$transaction(async (tx): Promise<ResendResult> => {
    const entry = await findOutboxEntry(tx, id);
    if (!entry) return { ok: false, code: "gone" };
    if (!(await requeueMessage(tx, id, now))) return { ok: false, code: "not-waiting" };
    const subject = { id: null, email: entry.recipient };
    await audit(tx, person, [{ kind: "mail-resent", subject, details: { mail: entry.kind } }], now);
    return { ok: true, recipient: entry.recipient, isWaiting: !(await hasMailServer(tx)) };
  });
}
