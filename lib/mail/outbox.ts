import "server-only";
import type { Db } from "@/lib/core/db";
import { seal } from "@/lib/core/secrets";
import type { Mail } from "./schema";
import { insertOutboxMessage } from "./store";

/**
 * Leaves a mail for delivery, in the transaction of the change that causes it: neither is lost without the other. The
 * values are sealed, because some of them are links that let somebody in.
 */
export async function enqueueMail(tx: Db, mail: Mail, now: Date): Promise<void> {
  const { kind, recipient, userId, values } = mail;
  const sealedPayload = seal(JSON.stringify(values), `outbox:${kind}`);
  await insertOutboxMessage(tx, { kind, recipient, userId, sealedPayload, createdAt: now });
}
