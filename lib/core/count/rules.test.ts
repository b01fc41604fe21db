import { expect, test } from "vitest";
import { counted } from "./rules";

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
