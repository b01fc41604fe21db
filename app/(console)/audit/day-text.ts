import { escapeInvisible } from "@/components/ui/escape-invisible";

/** Formats a day of a filter, "2026-03-05", as the list writes its times: "05 Mar 2026". Other text stays as it is. */
export function dayText(day: string): string {
  const [, year, date] = /^(\d{4})-\d\d-(\d\d)$/.exec(day) ?? [];
  if (!year) return escapeInvisible(day);
  const month = new Date(day).toLocaleDateString("en-US", { timeZone: "UTC", month: "short" });
  return `${date} ${month} ${year}`;
}
