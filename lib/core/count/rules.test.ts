import { expect, test } from "vitest";
import { COUNT_LIMIT, counted, countedInARow, countedUpToLimit, limitedCountText } from "./rules";

test.each([
  [0, "0 logins"],
  [1, "1 login"],
  [2, "2 logins"],
  [10_000, "10,000 logins"],
])("%i of a thing", (n, text) => expect(counted(n, "login")).toBe(text));

test("a noun may have a plural of its own", () => {
  expect(counted(1, "person", "people")).toBe("1 person");
  expect(counted(2, "person", "people")).toBe("2 people");
});

test.each([
  [1, "1 wrong password"],
  [2, "2 wrong passwords in a row"],
  [1000, "1,000 wrong passwords in a row"],
])("%i things, one after the other", (n, text) => expect(countedInARow(n, "wrong password")).toBe(text));

test.each([
  [0, "0", "0 logins"],
  [1, "1", "1 login"],
  [2, "2", "2 logins"],
  [COUNT_LIMIT, "100,000", "100,000 logins"],
  [COUNT_LIMIT + 1, "100,000+", "100,000+ logins"],
])("a count that may have stopped at %i", (n, text, withNoun) => {
  expect(limitedCountText(n)).toBe(text);
  expect(countedUpToLimit(n, "login")).toBe(withNoun);
});
