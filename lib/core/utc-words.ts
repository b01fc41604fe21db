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

/** Formats a day in UTC, as no mail or terminal tells its reader's time zone: "Tuesday, 24 November 2026". */
export function dayWords(iso: string): string {
  const part = partsOf(iso);
  return `${part("weekday")}, ${part("day")} ${part("month")} ${part("year")}`;
}

/** Formats a time: "Tuesday, 24 November 2026, 09:15 UTC". */
export function timeWords(iso: string): string {
  const part = partsOf(iso);
  return `${dayWords(iso)}, ${part("hour")}:${part("minute")} UTC`;
}
