import { Temporal } from "temporal-polyfill";
import type { AuditQuery } from "./schema";

const beginningOf = (day: Temporal.PlainDate, zone: string) =>
  new Date(day.toZonedDateTime(zone).epochMilliseconds);

/**
 * The time from the first moment of a query's first day to the first one after its last, in the zone that it names, or in
 * UTC. A day begins when the clocks there do, which is not midnight everywhere, and its length is not always 24 hours.
 */
export function spanOfDays({ from, to, zone = "UTC" }: Pick<AuditQuery, "from" | "to" | "zone">): {
  from: Date | undefined;
  until: Date | undefined;
} {
  return {
    from: from === undefined ? undefined : beginningOf(Temporal.PlainDate.from(from), zone),
    until: to === undefined ? undefined : beginningOf(Temporal.PlainDate.from(to).add({ days: 1 }), zone),
  };
}
