import { describe, expect, it } from "vitest";
import { numberFromText } from "./number-text";

describe("numberFromText", () => {
  it.each([
    ["0", 0],
    ["5", 5],
    ["2147483647", 2_147_483_647],
    ["005", 5],
    ["00000000000000000000005", 5],
    [" 12 ", 12],
    ["999999999999999", 999_999_999_999_999],
  ])("reads %j", (text, number) => {
    expect(numberFromText(text)).toBe(number);
  });

  it.each(["", " ", "\t"])("takes %j for empty", (text) => {
    expect(numberFromText(text)).toBeNull();
  });

  it.each([
    "-1",
    "+1",
    "1.5",
    "1,5",
    "1e3",
    "0x10",
    "1 2",
    "1\u00a02",
    "١٢",
    "１２",
    "½",
    "12a",
    "Infinity",
    "NaN",
    "1_000",
    "9999999999999999",
    "10000000000000001",
    "12\u0000",
  ])("gives %j back as it was typed", (text) => {
    expect(numberFromText(text)).toBe(text);
  });
});
