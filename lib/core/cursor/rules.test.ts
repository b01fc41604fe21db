import { describe, expect, it } from "vitest";
import { decodeCursor, pageOf } from "./rules";
import { numberCursorSchema, uuidCursorSchema } from "./schema";

const at = new Date("2026-11-24T09:00:00.123Z");

describe("a cursor", () => {
  it.each([
    ["of a row with a UUID", uuidCursorSchema, "019aaf00-0000-7000-8000-000000000000"],
    ["of a numbered row", numberCursorSchema, "922337203685477580"],
  ])("%s survives its address", (_name, schema, id) => {
    const { nextCursor } = pageOf([id, "the next"], 1, (row) => ({ at, id: row }));
    expect(decodeCursor(schema.parse(nextCursor))).toEqual({ at, id });
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
  ])("that is %s is ignored", (_name, text) => {
    expect(uuidCursorSchema.parse(text)).toBeUndefined();
    expect(numberCursorSchema.parse(text)).toBeUndefined();
  });
});

describe("a page", () => {
  const rows = (n: number) => Array.from({ length: n }, (_, index) => index + 1);
  const place = (row: number) => ({ at, id: String(row) });

  it.each([
    ["nothing", 0, []],
    ["less than it holds", 2, [1, 2]],
    ["all that it holds", 3, [1, 2, 3]],
  ])("of %s is the last one", (_name, n, page) => {
    expect(pageOf(rows(n), 3, place)).toEqual({ page, nextCursor: null });
  });

  it("of more than it holds leads on from its own last row", () => {
    const { page, nextCursor } = pageOf(rows(4), 3, place);
    expect(page).toEqual([1, 2, 3]);
    expect(decodeCursor(nextCursor ?? "")).toEqual(place(3));
  });
});
