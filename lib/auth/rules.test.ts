import { describe, expect, it } from "vitest";
import { lockEnd, locksAccount, refusalDelayMs } from "./rules";

const now = new Date("2026-01-01T00:00:00Z");

it.each([
  [30, "2026-01-01T00:30:00.000Z"],
  [43_200, "2026-01-31T00:00:00.000Z"],
])("a lock of %i minutes ends at %s", (minutes, end) => {
  expect(lockEnd(minutes, now)?.toISOString()).toBe(end);
});

it("a lock without a duration does not end", () => {
  expect(lockEnd(null, now)).toBeNull();
});

it.each([
  [4, 5, false],
  [5, 5, true],
  [6, 5, true],
  [1, 1, true],
  [1_000, 0, false],
  [1_000, null, false],
])("after %i failures with a limit of %s: %s", (failed, limit, locks) => {
  expect(locksAccount(failed, limit)).toBe(locks);
});

describe("a refused login", () => {
  it.each([0, 4.2, 16, 50])(
    "that took %d ms to write down is answered when the others are",
    (bookkeepingMs) => {
      expect(bookkeepingMs + refusalDelayMs(bookkeepingMs, 7)).toBeCloseTo(57);
    },
  );

  it("that took longer is held back by chance all the same", () => {
    expect(refusalDelayMs(200, 7)).toBe(7);
  });
});
