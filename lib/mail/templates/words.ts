import { browserName } from "@/lib/core/browser-name";
import { durationWords, MINUTE_MS } from "@/lib/core/durations/rules";
import { HOST } from "@/lib/core/host/rules";

const clock = new Intl.DateTimeFormat("en-US", {
  timeZone: "UTC",
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

function partsOf(iso: string) {
  const parts = clock.formatToParts(new Date(iso));
  return (type: Intl.DateTimeFormatPartTypes) => parts.find((part) => part.type === type)?.value ?? "";
}

/** Formats a day in UTC, because a mail cannot know its reader's time zone: "Tuesday, 24 November 2026". */
export function dayWords(iso: string): string {
  const part = partsOf(iso);
  return `${part("weekday")}, ${part("day")} ${part("month")} ${part("year")}`;
}

/** Formats a time: "Tuesday, 24 November 2026, 09:15 UTC". */
export function timeWords(iso: string): string {
  const part = partsOf(iso);
  return `${dayWords(iso)}, ${part("hour")}:${part("minute")} UTC`;
}

/** Formats the time between two instants, rounded to minutes and at least one: "30 minutes". */
export function spanWords(fromIso: string, toIso: string): string {
  const minutes = Math.max(1, Math.round((Date.parse(toIso) - Date.parse(fromIso)) / MINUTE_MS));
  return durationWords(minutes * 60);
}

type Fact = { term: string; value: string };

/** Returns where something came from as facts for a mail: the network address, and the browser's short name. */
export function originFacts({ address, userAgent }: { address: string; userAgent: string }): Fact[] {
  const browser = browserName(userAgent);
  if (address === HOST) return [{ term: "From", value: "The server’s own command line" }];
  return [
    { term: "Network address", value: address === "unknown" ? "Not known" : address },
    { term: "Browser", value: browser || "Not known" },
  ];
}
