import { expect, test } from "vitest";
import { counted, countedInARow } from "./rules";

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
