import "server-only";
import { randomUUID } from "node:crypto";
import { type Db, type InTransaction, NIL_UUID } from "@/lib/core/db";
import { env } from "@/lib/core/env";
import { type Reseal, seal, unseal } from "@/lib/core/secrets";
import { type Mail, type MailKind, type MailValues, mailSchemas } from "./schema";
import {
  findSealedPayloads,
  insertOutboxMessage,
  insertOutboxMessages,
  lockOutbox,
  replaceSealedPayloads,
} from "./store";

const context = (kind: string) => `outbox:${kind}`;

/**
 * Puts a mail into the outbox, in the transaction of the change that causes it, so that neither is lost without the
 * other. The values are sealed, because some of them are links that log somebody in.
 * @returns the mail's id
 */
export async function enqueueMail(tx: InTransaction<Db>, mail: Mail, now: Date): Promise<string> {
  return insertOutboxMessage(tx, messageOf(mail, now));
}

/** Does the same for several mails. */
export async function enqueueMails(tx: InTransaction<Db>, mails: Mail[], now: Date): Promise<void> {
  await insertOutboxMessages(
    tx,
    mails.map((mail) => messageOf(mail, now)),
  );
}

function messageOf(mail: Mail, now: Date) {
  const { kind, recipient, userId, values, linkId = null } = mail;
  const sealedPayload = seal(JSON.stringify(values), context(kind));
  const messageId = `<${randomUUID()}@${new URL(env().BASE_URL).hostname}>`;
  const usefulUntil = mail.usefulUntil ?? ("expiresAt" in values ? new Date(values.expiresAt) : null);
  const times = { createdAt: now, dueAt: now, usefulUntil };
  return { kind, recipient, userId, sealedPayload, messageId, linkId, ...times };
}

/** Opens a mail's values as they were enqueued. @throws SealBroken, ZodError */
export function openPayload<K extends MailKind>(kind: K, sealedPayload: string): MailValues[K] {
  const stored: unknown = JSON.parse(unseal(sealedPayload, context(kind)).toString("utf8"));
  return mailSchemas[kind].parse(stored) as MailValues[K];
}

const RESEALED_AT_ONCE = 500;

/**
 * Seals the values anew of every mail that still has some.
 * @returns how many mails
 * @throws SealBroken if values were not sealed with the old key, or were damaged
 */
export async function resealPayloads(tx: Db, reseal: Reseal): Promise<number> {
  await lockOutbox(tx);
  let [after, count] = [NIL_UUID, 0];
  for (;;) {
    const rows = await findSealedPayloads(tx, { after, limit: RESEALED_AT_ONCE });
    const last = rows.at(-1);
    if (!last) return count;
    const resealed = rows.map(({ id, kind, sealedPayload }) => ({
      id,
      sealedPayload: reseal(sealedPayload, context(kind)),
    }));
    await replaceSealedPayloads(tx, resealed);
    count += rows.length;
    after = last.id;
  }
}
