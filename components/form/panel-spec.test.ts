import { describe, expect, it } from "vitest";
import { type FieldSpec, helpText, isOff, valueTitle } from "./panel-spec";

const words = { label: "A field", help: "" };
const off = { note: "Never locks", help: "empty or 0 never locks" };
const plain: FieldSpec = { ...words, kind: "number", unit: "attempts" };
const locks: FieldSpec = { ...plain, off: { ...off, when: "empty-or-zero" } };
const unlocks: FieldSpec = { ...plain, off: { ...off, when: "empty" } };
const text: FieldSpec = { ...words, kind: "text", isOptional: true };

describe("a value by itself", () => {
  it.each([
    ["a number that switches its field off", locks, 0, "Never locks"],
    ["no number, where that does", locks, null, "Never locks"],
    ["a zero that does not", unlocks, 0, "0"],
    ["a large number", plain, 43_200, "43,200"],
    ["a switch", { ...words, kind: "switch" }, false, "Off"],
    ["a switch that is on", { ...words, kind: "switch" }, true, "On"],
    ["no text", text, null, "Empty"],
    [
      "a choice in words",
      { ...words, kind: "choice", options: { none: "Unencrypted" } },
      "none",
      "Unencrypted",
    ],
    ["a text as it was typed", text, "ops@example.org", "ops@example.org"],
  ] satisfies [string, FieldSpec, unknown, string][])("%s", (_name, spec, value, title) => {
    expect(valueTitle(spec, value)).toBe(title);
  });
});

describe("the help of a field", () => {
  const bounds = { min: 0, max: 43_200 };

  it.each<[string, FieldSpec, unknown, string]>([
    ["a range, and the default", plain, 0, "0 to 43,200. Default 0."],
    ["the range without what switches it off", locks, 5, "1 to 43,200; empty or 0 never locks. Default 5."],
    ["a zero that does not switch it off", unlocks, 5, "0 to 43,200; empty or 0 never locks. Default 5."],
    ["a default that is off", locks, null, "1 to 43,200; empty or 0 never locks. Default never locks."],
    ["no default", plain, undefined, "0 to 43,200."],
    [
      "a bound by another field",
      { ...words, kind: "duration", bound: "more than x" },
      60,
      "0 to 43,200 seconds, more than x. Default 60.",
    ],
    [
      "a range in words",
      { ...text, range: "One address, or empty" },
      null,
      "One address, or empty. Default empty.",
    ],
  ])("names %s", (_what, spec, preset, help) => {
    const told = helpText({ ...spec, help: "Helps." }, spec.kind === "text" ? null : bounds, preset);
    expect(told.replaceAll("\u00a0", " ")).toBe(`Helps. ${help}`);
  });
});

it.each([
  ["empty", true, false],
  ["zero", false, true],
  ["empty-or-zero", true, true],
] as const)("a field that is off when %s", (when, empty, zero) => {
  const spec: FieldSpec = { ...plain, off: { ...off, when } };
  expect([isOff(spec, null), isOff(spec, 0), isOff(spec, 1)]).toEqual([empty, zero, false]);
});
