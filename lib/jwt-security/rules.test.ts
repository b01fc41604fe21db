import { describe, expect, it } from "vitest";
import { lastTokenEnd, type OutgoingKey } from "./rules";

const NOW = new Date("2026-03-01T12:00:00Z");
const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
const WEEK = 604_800;

describe("lastTokenEnd", () => {
  it.each<[string, Partial<OutgoingKey>, number]>([
    ["nobody was there: what is signed right now", {}, 900],
    ["the last session on it", { lastRenewableUntil: at(5_000) }, 5_000],
    ["lifetimes just lengthened: what is signed right now", { refreshTokenExpTime: WEEK }, WEEK],
    [
      "lifetimes just shortened: the access tokens of before",
      { lastRenewableUntil: at(900), superseded: [{ until: at(-10), tokenExpirationTime: 9_000 }] },
      8_990,
    ],
    [
      "lifetimes shortened long ago: nothing of before",
      { superseded: [{ until: at(-9_000), tokenExpirationTime: 9_000 }] },
      900,
    ],
    [
      "the longest of several",
      {
        superseded: [
          { until: at(-100), tokenExpirationTime: 20_000 },
          { until: at(-10), tokenExpirationTime: 60 },
        ],
      },
      19_900,
    ],
  ])("%s", (_name, key, seconds) => {
    const given = { now: NOW, refreshTokenExpTime: 900, lastRenewableUntil: null, superseded: [] };
    // One minute is added for tokens that are being signed at that moment.
    expect(lastTokenEnd({ ...given, earlierUntil: null, ...key })).toEqual(at(seconds + 60));
  });

  it("of a key in force for the second time is not before the end of what it signed the first time", () => {
    const key = { now: NOW, refreshTokenExpTime: 900, lastRenewableUntil: null, superseded: [] };
    expect(lastTokenEnd({ ...key, earlierUntil: at(WEEK) })).toEqual(at(WEEK));
  });

  it("can be as far away as the longest lifetime", () => {
    const key = { now: NOW, refreshTokenExpTime: 2_147_483_647, lastRenewableUntil: null, superseded: [] };
    expect(lastTokenEnd({ ...key, earlierUntil: null }).getUTCFullYear()).toBe(2094);
  });
});
