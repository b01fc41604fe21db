import { describe, expect, it } from "vitest";
import { decodeCursor, encodeCursor } from "./rules";
import { numberCursorSchema, uuidCursorSchema } from "./schema";

const at = new Date("2026-11-24T09:00:00.123Z");

describe("a cursor", () => {
  it.each([
    ["of a row with a UUID", uuidCursorSchema, "019aaf00-0000-7000-8000-000000000000"],
    ["of a numbered row", numberCursorSchema, "922337203685477580"],
  ])("%s survives its address", (_name, schema, id) => {
    const text = schema.parse(encodeCursor({ at, id }));
    expect(decodeCursor(text ?? "")).toEqual({ at, id });
  });

  it.each([
    ["noise", "%%%"],
    ["no id", "1-"],
    ["an id that is none", `1-${"0".repeat(36)}`],
    ["a year of five digits", `999999999999999-019aaf00-0000-7000-8000-000000000000`],
    ["more than an id", "1-019aaf00-0000-7000-8000-000000000000'; --"],
    ["a list", ["1-2", "1-2"]],
  ])("that is %s is none", (_name, text) => {
    expect(uuidCursorSchema.parse(text)).toBeUndefined();
    expect(numberCursorSchema.parse(text)).toBeUndefined();
  });
});
