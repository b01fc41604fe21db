import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { spanOf, spanOfDays } from "./rules";

/** The day of an instant in a time zone, according to `Intl`. */
function dayOf(instant: number, zone: string): string {
  const options = { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" } as const;
  return new Intl.DateTimeFormat("en-CA", options).format(instant);
}

describe("spanOfDays", () => {
  it.each([
    [
      "UTC unless a zone is named",
      { from: "2026-03-01", to: "2026-03-01" },
      "2026-03-01T00:00Z",
      "2026-03-02T00:00Z",
    ],
    [
      "the zone's midnights",
      { from: "2026-03-01", to: "2026-03-02", zone: "Asia/Kolkata" },
      "2026-02-28T18:30Z",
      "2026-03-02T18:30Z",
    ],
    [
      "a day of 23 hours",
      { from: "2026-03-29", to: "2026-03-29", zone: "Europe/Berlin" },
      "2026-03-28T23:00Z",
      "2026-03-29T22:00Z",
    ],
    [
      "a day that begins at one o'clock",
      { from: "2018-11-04", to: "2018-11-04", zone: "America/Sao_Paulo" },
      "2018-11-04T03:00Z",
      "2018-11-05T02:00Z",
    ],
    [
      "a day with two midnights",
      { from: "2026-11-01", to: "2026-11-01", zone: "America/Havana" },
      "2026-11-01T04:00Z",
      "2026-11-02T05:00Z",
    ],
  ])("knows %s", (_name, query, from, until) => {
    expect(spanOfDays(query)).toEqual({ from: new Date(from), until: new Date(until) });
  });

  it.each([
    ["no end", { from: "2026-03-01" }, { from: new Date("2026-03-01"), until: undefined }],
    ["no beginning", { to: "2026-03-01" }, { from: undefined, until: new Date("2026-03-02") }],
    ["neither", {}, { from: undefined, until: undefined }],
  ])("has %s where no day is named", (_name, query, span) => {
    expect(spanOfDays(query)).toEqual(span);
  });

  it("holds its days and no other moment, in any zone", () => {
    const zones = Intl.supportedValuesOf("timeZone");
    const days = fc.date({ min: new Date("2000-01-01"), max: new Date("2060-01-01"), noInvalidDate: true });
    fc.assert(
      fc.property(days, fc.constantFrom(...zones), (date, zone) => {
        const day = date.toISOString().slice(0, 10);
        const { from, until } = spanOfDays({ from: day, to: day, zone });
        const begins = Number(from);
        const ends = Number(until);
        // A zone that moved across the date line has skipped a day; that day is empty.
        const inside = begins === ends ? [] : [begins, ends - 1];
        expect(inside.map((instant) => dayOf(instant, zone))).toEqual(inside.map(() => day));
        expect(dayOf(begins - 1, zone) < day).toBe(true);
        expect(dayOf(ends, zone) > day).toBe(true);
      }),
    );
  });
});

describe("spanOf", () => {
  const noon = "2026-03-01T12:00:00.000Z";
  const evening = "2026-03-01T18:00:00.000Z";
  const day = { from: "2026-03-01", to: "2026-03-01" };
  it.each([
    ["everything", {}, undefined, undefined],
    ["days alone", day, "2026-03-01T00:00Z", "2026-03-02T00:00Z"],
    ["instants alone", { since: noon, until: evening }, noon, evening],
    ["what both have in common", { ...day, since: noon, until: evening }, noon, evening],
    [
      "days within instants",
      { ...day, since: "2026-02-01T00:00:00.000Z" },
      "2026-03-01T00:00Z",
      "2026-03-02T00:00Z",
    ],
    ["one end of each", { since: noon, to: "2026-03-01" }, noon, "2026-03-02T00:00Z"],
  ])("is %s", (_name, query, from, until) => {
    const at = (text: string | undefined) => (text === undefined ? undefined : new Date(text));
    expect(spanOf(query)).toEqual({ from: at(from), until: at(until) });
  });
});
