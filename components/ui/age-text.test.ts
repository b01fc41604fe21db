import { expect, test } from "vitest";
import { ageText, awayText } from "./age-text";

const NOW = new Date("2026-03-01T12:00:00Z");
const after = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);

test.each([
  [7 * 86_400 + 60, "in 7 days", "7 days ago"],
  [2 * 86_400 - 1, "in 1 day", "1 day ago"],
  [86_399, "in 23 hours", "23 hours ago"],
  [3_600, "in 1 hour", "1 hour ago"],
  [119, "in 1 minute", "1 minute ago"],
  [59, "in less than a minute", "just now"],
])("%d s are told in their largest unit: %s, %s", (seconds, away, ago) => {
  expect(awayText(after(seconds), NOW)).toBe(away);
  expect(ageText(NOW, after(seconds))).toBe(ago);
});
