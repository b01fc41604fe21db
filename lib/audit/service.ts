import "server-only";
import type { Actor } from "@/lib/core/actor";
import type { InTransaction, RawDb } from "@/lib/core/db";
import { HOST } from "@/lib/core/host/rules";
import type { AuditEvent } from "./events";
import { type AuditRow, appendAuditRows } from "./store";

/**
 * Appends events to the audit log; `tx` is the transaction of the change that they record, or `driver()` for an event
 * that comes with no change. An event without a subject is about its actor. An anonymous actor has neither an id nor an
 * e-mail address, so only the subject says which account it is. Gatehouse itself, and an operator on its host, are
 * recorded as `HOST`.
 */
export async function audit(
  tx: InTransaction<RawDb>,
  actor: Actor,
  events: AuditEvent[],
  now: Date,
): Promise<void> {
  await auditAll(
    tx,
    events.map((event) => ({ actor, event, at: now })),
  );
}

/** An event, who caused it and when. */
export type ActorEvent = { actor: Actor; event: AuditEvent; at: Date };

/** Does the same as `audit` for events of several actors. */
export async function auditAll(tx: InTransaction<RawDb>, events: ActorEvent[]): Promise<void> {
  await appendAuditRows(tx, events.map(auditRowOf));
}

/** Returns the row of an event, for a statement that appends it together with its change (`appending`). */
export function auditRowOf({ actor, event, at }: ActorEvent): AuditRow {
  const { address, userAgent, requestId } = actor;
  const by =
    actor.kind === "person"
      ? { id: actor.userId, email: actor.email }
      : { id: null, email: actor.kind === "host" ? HOST : "" };
  const { kind, subject = by, details = {} } = event;
  return {
    at,
    kind,
    actorId: by.id,
    actorEmail: by.email,
    subjectId: subject.id,
    subjectEmail: subject.email,
    address,
    userAgent,
    requestId,
    details,
  };
}
