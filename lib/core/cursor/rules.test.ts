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

  const UUID = "019aaf00-0000-7000-8000-000000000000";

  it.each([
    ["noise", "%%%"],
    ["no id", "1-"],
    ["an id that is none", `1-${"0".repeat(36)}`],
    ["beyond all calendars, with a UUID", `999999999999999-${UUID}`],
    ["beyond all calendars, with a number", "999999999999999-1"],
    ["of more digits than a number has", `1-${"9".repeat(19)}`],
    ["more than an id", `1-${UUID}'; --`],
    ["a list", ["1-2", "1-2"]],
  ])("that is %s is none", (_name, text) => {
    expect(uuidCursorSchema.parse(text)).toBeUndefined();
    expect(numberCursorSchema.parse(text)).toBeUndefined();
  });
});
