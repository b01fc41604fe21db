"use client";

import { Filter } from "@/components/ui/filter";
import { Input } from "@/components/ui/input";
import { useInBrowser } from "@/components/ui/use-in-browser";
import type { AuditQuery } from "@/lib/audit/schema";
import { zoneOfDays } from "./audit-address";

const readersZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/**
 * The first and the last day to show, in the reader's time zone, as are the times in the list. Days from the URL stay
 * in the zone given there, and the label then names that zone. The server does not know the reader's zone: without
 * scripts, the days are UTC.
 */
export function AuditDays({ query }: { query: AuditQuery }) {
  const stated = zoneOfDays(query);
  const own = useInBrowser(readersZone, null);
  const zone = stated ?? own ?? "UTC";
  const inZone = zone === own ? "" : ` (${zone})`;
  return (
    <>
      <Filter id="audit-from" label={`First day${inZone}`}>
        <Input id="audit-from" name="from" type="date" defaultValue={query.from ?? ""} />
      </Filter>
      <Filter id="audit-to" label={`Last day${inZone}`}>
        <Input id="audit-to" name="to" type="date" defaultValue={query.to ?? ""} />
      </Filter>
      <input type="hidden" name="zone" value={zone} />
    </>
  );
}
