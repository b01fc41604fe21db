import { listAddress } from "@/app/(console)/list-address";
import type { AuditQuery } from "@/lib/audit/schema";

/** The address of the events that a query asks for. */
export function auditAddress(query: AuditQuery): string {
  const { kind, person, from, to, after } = query;
  return listAddress("/audit", { kind, person, from, to, zone: zoneOfDays(query), after });
}

/** How many of the filters are set; where the page begins is none. */
export function countFilters({ kind, person, from, to }: AuditQuery): number {
  return [kind, person, from, to].filter((value) => value !== undefined).length;
}

/** The time zone of the days that a query names; undefined when it names none. */
export function zoneOfDays({ from, to, zone = "UTC" }: AuditQuery): string | undefined {
  return from === undefined && to === undefined ? undefined : zone;
}
