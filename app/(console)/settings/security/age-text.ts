import { counted } from "@/lib/core/count/rules";

const UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;

/** How long ago something was, in its largest unit: "3 days ago". */
export function ageText(from: Date, now: Date): string {
  const age = now.getTime() - from.getTime();
  for (const [unit, size] of UNITS) {
    const n = Math.floor(age / size);
    if (n > 0) return `${counted(n, unit)} ago`;
  }
  return "just now";
}
