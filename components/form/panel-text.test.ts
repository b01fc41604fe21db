import { describe, expect, it } from "vitest";
import type { PanelSpec } from "./panel-spec";
import { textOf, valuesOf } from "./panel-text";

const words = { label: "A field", help: "" };
const spec: PanelSpec = {
  required: { ...words, kind: "text" },
  optional: { ...words, kind: "text", isOptional: true },
  secret: { ...words, kind: "secret" },
};
const numbers: PanelSpec = {
  number: { ...words, kind: "number", unit: "hours" },
  duration: { ...words, kind: "duration" },
};

describe("what was entered", () => {
  it.each([
    ["gatehouse", "gatehouse", "gatehouse", "gatehouse"],
    [" gate house\u00a0\n", "gate house", "gate house", " gate house\u00a0\n"],
    ["  ", "", null, "  "],
    ["", "", null, null],
  ])("%j", (entered, required, optional, secret) => {
    const text = { required: entered, optional: entered, secret: entered };
    expect(valuesOf(spec, text, { required: "", optional: null, secret: null })).toEqual({
      required,
      optional,
      secret,
    });
  });

  it.each([
    [" 24 ", 24],
    ["", null],
    ["24a", "24a"],
  ])("%j as a number or a duration", (entered, value) => {
    const text = { number: entered, duration: entered };
    expect(valuesOf(numbers, text, { number: 1, duration: 1 })).toEqual({ number: value, duration: value });
  });

  it("is the stored text, blanks included, where it was not edited", () => {
    const stored = { required: " gatehouse ", optional: "ops@example.org " };
    expect(valuesOf(spec, textOf(stored), stored)).toEqual(stored);
    expect(valuesOf(spec, { ...textOf(stored), optional: " " }, stored)).toEqual({
      ...stored,
      optional: null,
    });
  });
});
