"use client";

import { clsx } from "clsx";
import { useSyncExternalStore } from "react";

type Precision = "minute" | "second" | "day";

// Making a formatter costs as much as rendering a small page; there are two of them, UTC and the reader's zone.
const formatters = new Map<string | undefined, Intl.DateTimeFormat>();

function formatterOf(zone: string | undefined): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known) return known;
  const formatter = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    year: "numeric",
    month: "short",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });
  formatters.set(zone, formatter);
  return formatter;
}

// Parts, not a ready pattern: the same shape and width for every zone, whatever the platform's locale data say.
function format(instant: Date, zone: string | undefined, precision: Precision): string {
  const parts = formatterOf(zone).formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((p) => p.type === type)?.value ?? "";
  const day = `${part("day")} ${part("month")} ${part("year")}`;
  if (precision === "day") return day;
  const minutes = `${day}, ${part("hour")}:${part("minute")}`;
  return precision === "minute" ? minutes : `${minutes}:${part("second")}`;
}

const never = () => () => {};

/**
 * An instant in the reader's own zone, with UTC on hover. The server, which does not know the zone, writes UTC in a text of
 * the same width; the browser corrects it once it takes over. Without scripts the word "UTC" follows it.
 */
export function Time({
  iso,
  precision = "minute",
  className,
}: {
  iso: string;
  precision?: Precision;
  className?: string;
}) {
  const instant = new Date(iso);
  const text = useSyncExternalStore(
    never,
    () => format(instant, undefined, precision),
    () => format(instant, "UTC", precision),
  );
  return (
    <time
      dateTime={iso}
      title={`${format(instant, "UTC", "second")} UTC`}
      className={clsx("whitespace-nowrap tabular-nums noscript:after:content-['_UTC']", className)}
    >
      {text}
    </time>
  );
}
