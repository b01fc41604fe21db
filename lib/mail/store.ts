import "server-only";
import type { Db } from "@/lib/core/db";

/** Puts a message into the outbox, in the transaction of the change that causes it. */
export async function insertOutboxMessage(
  db: Db,
  message: { kind: string; userId: string | null; recipient: string; sealedPayload: string; createdAt: Date },
): Promise<void> {
  await db.outboxMessage.create({ data: message });
}
