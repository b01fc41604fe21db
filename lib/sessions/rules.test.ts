import { describe, expect, it } from "vitest";
import { readSpent, refreshVerdict, withSpent } from "./rules";

const NOW = new Date("2026-03-01T12:00:00Z");
const at = (ms: number) => new Date(NOW.getTime() + ms);

describe("refreshVerdict", () => {
  const session = { refreshJti: "new", spent: { old: NOW.getTime() } };
  it.each([
    ["new", 0, "current"],
    ["old", 0, "in-grace"],
    ["old", 10_000, "in-grace"],
    ["old", 10_001, "reused"],
    ["old", -60_000, "in-grace"],
    ["old", -60_001, "reused"],
    ["other", 0, "reused"],
    ["toString", 0, "reused"],
  ])("says of %s after %d ms: %s", (jti, ms, verdict) => {
    expect(refreshVerdict(session, jti, at(ms))).toBe(verdict);
  });

  it("knows no token where there is none", () => {
    expect(refreshVerdict({ refreshJti: null, spent: {} }, "null", NOW)).toBe("reused");
  });
});

describe("withSpent", () => {
  it("forgets a token once its grace period is over", () => {
    const spent = withSpent(withSpent({}, "a", NOW), "b", at(10_000));
    expect(spent).toEqual({ a: NOW.getTime(), b: NOW.getTime() + 10_000 });
    expect(Object.keys(withSpent(spent, "c", at(10_001)))).toEqual(["b", "c"]);
  });

  it("forgets what was used by a clock that has been set back", () => {
    expect(Object.keys(withSpent({ a: NOW.getTime() }, "b", at(-60_001)))).toEqual(["b"]);
  });

  it("does not grow without end", () => {
    let spent = {};
    for (let n = 0; n < 200; n += 1) spent = withSpent(spent, `t${n}`, NOW);
    expect(Object.keys(spent)).toHaveLength(64);
    expect(spent).toHaveProperty("t199");
  });
});

describe("withSpent on what the database gives back, which orders names by itself", () => {
  it("forgets the oldest first", () => {
    let spent = {};
    for (let n = 0; n < 100; n += 1) {
      // Later names sort first, so that alphabetical order is the reverse of age.
      spent = withSpent(spent, `t${999 - n}`, at(n));
      spent = Object.fromEntries(Object.entries(spent).toSorted(([a], [b]) => a.localeCompare(b)));
    }
    const newest = Array.from({ length: 64 }, (_, index) => `t${900 + index}`);
    expect(Object.keys(spent)).toEqual(newest);
  });
});

describe("readSpent", () => {
  it.each([null, undefined, 7, "x", []])("takes %j for none", (stored) => {
    expect(readSpent(stored)).toEqual({});
  });
  it("keeps what is a time", () => {
    expect(readSpent({ a: 1, b: "2", c: null })).toEqual({ a: 1 });
  });
});
