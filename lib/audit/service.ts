import "server-only";
import { type Actor, requireAdministrator } from "@/lib/core/actor";
import { decodeCursor, encodeCursor } from "@/lib/core/cursor/rules";
import { db, type RawDb } from "@/lib/core/db";
import type { AuditEvent } from "./events";
import { AUDIT_PAGE_SIZE, type AuditEntry, auditQuerySchema } from "./schema";
import { appendAuditRows, findAuditEntries } from "./store";

/**
 * Records what an actor did, in the transaction of the change. An anonymous actor is known only by what it did it to;
 * what Gatehouse does by itself has no actor.
 */
export async function audit(tx: RawDb, actor: Actor, events: AuditEvent[], now: Date): Promise<void> {
  const { address, userAgent, requestId } = actor;
  const by =
    actor.kind === "person"
      ? { id: actor.userId, email: actor.email }
      : { id: null, email: actor.kind === "host" ? "host" : "" };
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

export type AuditPage = { entries: AuditEntry[]; nextCursor: string | null };

const DAY_MS = 86_400_000;

/** A page of events, newest first. @throws Refusal for anyone but a system administrator */
export async function listAuditEntries(actor: Actor, input: unknown): Promise<AuditPage> {
  requireAdministrator(actor);
  const query = auditQuerySchema.parse(input);
  const found = await findAuditEntries(
    db(),
    {
      kind: query.kind,
      person: query.person,
      from: query.from ? new Date(`${query.from}T00:00:00Z`) : undefined,
      to: query.to ? new Date(Date.parse(`${query.to}T00:00:00Z`) + DAY_MS) : undefined,
      after: query.after ? decodeCursor(query.after) : undefined,
    },
    AUDIT_PAGE_SIZE + 1,
  );
  const entries = found.slice(0, AUDIT_PAGE_SIZE);
  const last = entries.at(-1);
  const nextCursor = last && found.length > AUDIT_PAGE_SIZE ? encodeCursor(last) : null;
  return { entries, nextCursor };
}
