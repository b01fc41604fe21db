import "server-only";
import { type Actor, requireAdministrator } from "@/lib/core/actor";
import { readAuditPage } from "../read-page";
import { type AuditEntry, type AuditQuery, auditQuerySchema } from "../schema";

/** How many events are read at a time: few enough for other requests to be answered in between. */
export const EXPORT_BATCH_SIZE = 200;

/**
 * Returns all events that a query selects, newest first, in batches that are read as they are asked for. Events that are
 * added meanwhile are not among them.
 * @throws Refusal for anyone but a system administrator
 */
export function exportAuditEntries(actor: Actor, input: unknown): AsyncGenerator<AuditEntry[], void> {
  requireAdministrator(actor);
  return batchesOf(auditQuerySchema.parse(input));
}

async function* batchesOf(query: AuditQuery): AsyncGenerator<AuditEntry[], void> {
  let after = query.after ?? null;
  do {
    const { entries, nextCursor } = await readAuditPage(
      { ...query, after: after ?? undefined },
      EXPORT_BATCH_SIZE,
    );
    yield entries;
    after = nextCursor;
  } while (after !== null);
}
