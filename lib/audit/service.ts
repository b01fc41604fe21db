import "server-only";
import type { Actor } from "@/lib/core/actor";
import type { RawDb } from "@/lib/core/db";
import { HOST } from "@/lib/core/host/rules";
import type { AuditEvent } from "./events";
import { appendAuditRows } from "./store";

/**
 * Appends events to the audit log; `tx` is the transaction of the change that they record. An event without a subject
 * is about its actor. An anonymous actor has neither an id nor an e-mail address, so only the subject says which account
 * it is. Gatehouse itself, and an operator on its host, are recorded as `HOST`.
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
