import "server-only";
import pLimit, { type LimitFunction } from "p-limit";
import { type Actor, requireAdministrator } from "@/lib/core/actor";
import { driver } from "@/lib/core/db";
import { onePerProcess } from "@/lib/core/one-per-process";
import type { SetFilters } from "../events";
import { type AuditPage, readAuditPage } from "../read-page";
import { type AuditEntry, type AuditFilters, type AuditQuery, auditQuerySchema } from "../schema";
import { audit } from "../service";

/** How many events are read at a time: few enough for other requests to be answered in between. */
export const EXPORT_BATCH_SIZE = 200;

const held = onePerProcess<LimitFunction>("audit-export-reads");

/**
 * Reads a batch when no other export of this process reads one, so that exports leave connections to everyone else,
 * however many there are.
 */
function readBatch(query: AuditQuery): Promise<AuditPage> {
  const inTurn = held.get(() => pLimit(1));
  return inTurn(() => readAuditPage(query, EXPORT_BATCH_SIZE));
}

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
  const { entries, nextCursor } = await readBatch(filters);
  await audit(driver(), person, [{ kind: "audit-exported", details: detailsOf(filters) }], now);
  return { first: entries, rest: batchesAfter(nextCursor, filters) };
}

/** Returns what the event tells of the filters: those that are set. A time zone has no effect without days. */
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
    const { entries, nextCursor } = await readBatch({ ...filters, after });
    yield entries;
    after = nextCursor;
  }
}
