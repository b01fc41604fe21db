import { Temporal } from "temporal-polyfill";
import type { AuditQuery } from "./schema";

const beginningOf = (day: Temporal.PlainDate, zone: string) =>
  new Date(day.toZonedDateTime(zone).epochMilliseconds);

/**
 * Returns the time from the start of a query's first day until the start of the day after its last, in the query's time
 * zone or in UTC. A clock change at midnight makes a day begin later than 00:00, and a day is not always 24 hours long.
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

/** Tells whether a filter by network address is the beginning of addresses, like `203.0.113.` or `2001:db8:1:2:`. */
export function isAddressBeginning(address: string): boolean {
  return /[.:]$/.test(address);
}

/** Returns the time that a query selects: what its days and its instants have in common. */
export function spanOf(query: Pick<AuditQuery, "from" | "to" | "zone" | "since" | "until">): {
  from: Date | undefined;
  until: Date | undefined;
} {
  const days = spanOfDays(query);
  const given = (times: (Date | undefined)[]) => times.filter((time) => time !== undefined).map(Number);
  const froms = given([days.from, query.since === undefined ? undefined : new Date(query.since)]);
  const ends = given([days.until, query.until === undefined ? undefined : new Date(query.until)]);
  return {
    from: froms.length > 0 ? new Date(Math.max(...froms)) : undefined,
    until: ends.length > 0 ? new Date(Math.min(...ends)) : undefined,
  };
}
