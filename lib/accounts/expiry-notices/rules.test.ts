import { describe, expect, it } from "vitest";
import { daysUntil, noticeWindows } from "./rules";

const now = new Date("2026-11-24T09:00:00Z");
const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000);

describe("noticeWindows", () => {
  it("tells 14, 7 and 1 days before, each up to the next", () => {
    expect(noticeWindows(90, now)).toEqual([
      { days: 14, after: inDays(7), until: inDays(14) },
      { days: 7, after: inDays(1), until: inDays(7) },
      { days: 1, after: inDays(0), until: inDays(1) },
    ]);
  });

  it.each([
    [14, [7, 1]],
    [7, [1]],
    [2, [1]],
    [1, []],
    [0, []],
  ])("with a period of %i days tells %j days before", (period, days) => {
    expect(noticeWindows(period, now).map((window) => window.days)).toEqual(days);
  });
});

describe("daysUntil", () => {
  it.each([
    [7, 7],
    [6.01, 7],
    [0.5, 1],
    [0, 1],
  ])("%d days are %i", (days, words) => {
    expect(daysUntil(inDays(days), now)).toBe(words);
  });
});
