import "server-only";
import type { Actor } from "@/lib/core/actor";
import type { RawDb } from "@/lib/core/db";
import { HOST } from "@/lib/core/host/rules";
import type { AuditEvent } from "./events";
import { appendAuditRows } from "./store";

/**
 * Records what an actor did, in the transaction of the change. An anonymous actor is known only by what it did it to;
 * what Gatehouse does by itself has no actor.
 */
export async function audit(tx: RawDb, actor: Actor, events: AuditEvent[], now: Date): Promise<void> {
  const { address, userAgent, requestId } = actor;
  const by =
    actor.kind === "person"
      ? { id: actor.userId, email: actor.email }
      : { id: null, email: actor.kind === "host" ? HOST : "" };
  await appendAuditRows(
    tx,
    events.map(({ kind, subject = by, details = {} }) => ({
      at: now,
      kind,
      actorId: by.id,
      actorEmail: by.email,
      subjectId: subject.id,
      subjectEmail: subject.email,
      address,
      userAgent,
      requestId,
      details,
    })),
  );
}
