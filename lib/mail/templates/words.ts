import { browserName } from "@/lib/core/browser-name";
import { MINUTE_MS } from "@/lib/core/durations/rules";
import { HOST } from "@/lib/core/host/rules";
import { durationWords } from "@/lib/settings/rules";

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

/** "Tuesday, 24 November 2026": a mail cannot know its reader's zone, so every time in it is UTC and says so. */
export function dayWords(iso: string): string {
  const part = partsOf(iso);
  return `${part("weekday")}, ${part("day")} ${part("month")} ${part("year")}`;
}

/** "Tuesday, 24 November 2026, 09:15 UTC". */
export function timeWords(iso: string): string {
  const part = partsOf(iso);
  return `${dayWords(iso)}, ${part("hour")}:${part("minute")} UTC`;
}

/** The time between two instants, to the minute: "30 minutes". */
export function spanWords(fromIso: string, toIso: string): string {
  const minutes = Math.max(1, Math.round((Date.parse(toIso) - Date.parse(fromIso)) / MINUTE_MS));
  return durationWords(minutes * 60);
}

type Fact = { term: string; value: string };

/** Where something came from, as facts: the network address, and the browser in short. */
export function originFacts({ address, userAgent }: { address: string; userAgent: string }): Fact[] {
  const browser = browserName(userAgent);
  if (address === HOST) return [{ term: "From", value: "The server’s own command line" }];
  return [
    { term: "Network address", value: address === "unknown" ? "Not known" : address },
    { term: "Browser", value: browser || "Not known" },
  ];
}
