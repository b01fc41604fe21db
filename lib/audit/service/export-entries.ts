import "server-only";
import { type Actor, requireAdministrator } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import type { SetFilters } from "../events";
import { readAuditPage } from "../read-page";
import { type AuditEntry, type AuditFilters, auditQuerySchema } from "../schema";
import { audit } from "../service";

/** How many events are read at a time: few enough for other requests to be answered in between. */
export const EXPORT_BATCH_SIZE = 200;

/** All selected events, newest first: the first batch, and the others, which are read as they are asked for. */
export type AuditExport = { first: AuditEntry[]; rest: AsyncGenerator<AuditEntry[], void> };

/**
 * Exports all events that a query selects, and audits that they were exported. Events that are added meanwhile are not
 * among them, nor is the one about this export.
 * @throws Refusal for anyone but a system administrator
 */
export async function exportAuditEntries(
  actor: Actor,
  input: unknown,
  now = new Date(),
): Promise<AuditExport> {
  const person = requireAdministrator(actor);
  const { after: _, ...filters } = auditQuerySchema.parse(input);
  const { entries, nextCursor } = await readAuditPage(filters, EXPORT_BATCH_SIZE);
  await audit(db(), person, [{ kind: "audit-exported", details: detailsOf(filters) }], now);
  return { first: entries, rest: batchesAfter(nextCursor, filters) };
}

/** A time zone without days selects nothing. */
function detailsOf({ zone, ...others }: AuditFilters): { filters?: SetFilters } {
  const filters = others.from || others.to ? { ...others, zone } : others;
  const set = Object.entries(filters).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return set.length === 0 ? {} : { filters: Object.fromEntries(set) };
}

async function* batchesAfter(
  cursor: string | null,
  filters: AuditFilters,
): AsyncGenerator<AuditEntry[], void> {
  for (let after = cursor; after !== null; ) {
    const { entries, nextCursor } = await readAuditPage({ ...filters, after }, EXPORT_BATCH_SIZE);
    yield entries;
    after = nextCursor;
  }
}
