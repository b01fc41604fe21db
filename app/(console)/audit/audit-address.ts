import { listAddress } from "@/app/(console)/list-address";
import type { AuditQuery } from "@/lib/audit/schema";

function addressUnder(path: string, query: AuditQuery): string {
  const { kind, person, address, from, to, since, until, after } = query;
  const zone = zoneOfDays(query);
  return listAddress(path, { kind, person, address, from, to, zone, since, until, after });
}

/** Returns the URL of the events that a query selects. */
export const auditAddress = (query: AuditQuery): string => addressUnder("/audit", query);

/** Returns the URL of a file with all events that a query selects, whichever page of them is shown. */
export const auditExportAddress = (query: AuditQuery): string =>
  addressUnder("/audit/export", { ...query, after: undefined });

/** Counts the filters that are set; the cursor is not a filter. */
export function countFilters({ kind, person, address, from, to, since, until }: AuditQuery): number {
  return [kind, person, address, from, to, since, until].filter((value) => value !== undefined).length;
}

/** Returns the time zone of the query's days; undefined if the query has none. */
export function zoneOfDays({ from, to, zone = "UTC" }: AuditQuery): string | undefined {
  return from === undefined && to === undefined ? undefined : zone;
}
