"use client";

import { useInBrowser } from "./use-in-browser";

type Precision = "minute" | "second" | "day";

// Creating a formatter costs as much as rendering a small page. There are two: UTC and the reader's zone.
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

// Assembled from parts and not by a locale's pattern: the same shape and width for every zone, whatever the platform's
// locale data.
function format(instant: Date, zone: string | undefined): string {
  const parts = formatterOf(zone).formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((p) => p.type === type)?.value ?? "";
  return `${part("day")} ${part("month")} ${part("year")}, ${part("hour")}:${part("minute")}:${part("second")}`;
}

/** How many characters of "05 Mar 2026, 09:30:15" each precision shows. */
const lengths: Readonly<Record<Precision, number>> = { day: 11, minute: 18, second: 21 };

/**
 * An instant in the reader's time zone, with UTC on hover. The server does not know the zone and renders UTC in a text
 * of the same width; the browser corrects it on hydration. Without scripts, "UTC" is shown after it.
 */
export function Time({ iso, precision = "minute" }: { iso: string; precision?: Precision }) {
  const instant = new Date(iso);
  const utc = format(instant, "UTC");
  const text = useInBrowser(() => format(instant, undefined), utc);
  return (
    <time
      dateTime={iso}
      title={`${utc} UTC`}
      className="tabular-nums 2xs:whitespace-nowrap noscript:after:content-['_UTC']"
    >
      {text.slice(0, lengths[precision])}
    </time>
  );
}
