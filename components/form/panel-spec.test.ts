import { describe, expect, it } from "vitest";
import { type FieldSpec, valueTitle } from "./panel-spec";

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
    ["no text", text, null, "Empty"],
    ["a text as it was typed", text, "ops@example.org", "ops@example.org"],
  ] satisfies [string, FieldSpec, unknown, string][])("%s", (_name, spec, value, title) => {
    expect(valueTitle(spec, value)).toBe(title);
  });
});
