import { describe, expect, it } from "vitest";
import { secondsText, shownIn } from "./duration-text";

describe("secondsText", () => {
  it.each([
    ["seconds", "9000", "9000"],
    ["seconds", "1.5", "1.5"],
    ["minutes", "150", "9000"],
    ["hours", "2.5", "9000"],
    ["hours", "02", "7200"],
    ["hours", " 2.5\n", "9000"],
    ["days", "7", "604800"],
    ["days", "0.25", "21600"],
    ["hours", "", ""],
    ["hours", "1e3", "1e3"],
    ["hours", "1.555", "1.555"],
    ["minutes", "0.01", "0.01"],
    ["hours", "-1", "-1"],
    ["days", "999999999", "86399999913600"],
  ] as const)("%s %j are %j", (unit, text, seconds) => {
    expect(secondsText({ unit, text })).toBe(seconds);
  });
});

describe("shownIn", () => {
  it.each([
    ["hours", "9000", { unit: "hours", text: "2.5" }],
    ["days", "604800", { unit: "days", text: "7" }],
    ["minutes", "60", { unit: "minutes", text: "1" }],
    ["hours", "900", { unit: "hours", text: "0.25" }],
    ["days", "864", { unit: "days", text: "0.01" }],
    ["days", "86", { unit: "seconds", text: "86" }],
    ["days", "9001", { unit: "seconds", text: "9001" }],
    ["hours", "12a", { unit: "seconds", text: "12a" }],
    ["hours", "", { unit: "hours", text: "" }],
    ["seconds", "0060", { unit: "seconds", text: "0060" }],
  ] as const)("in %s, %j", (unit, seconds, shown) => {
    expect(shownIn(unit, seconds)).toEqual(shown);
  });

  it("keeps the seconds through every unit", () => {
    for (const unit of ["minutes", "hours", "days"] as const) {
      for (let seconds = 60; seconds < 700_000; seconds += 60) {
        expect(secondsText(shownIn(unit, String(seconds)))).toBe(String(seconds));
      }
    }
  });
});
