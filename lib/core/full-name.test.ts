import { expect, it } from "vitest";
import { fullName } from "./full-name";

it.each([
  ["Ada", "Lovelace", "Ada Lovelace"],
  ["Ada", "", "Ada"],
  ["", "Lovelace", "Lovelace"],
  ["", "", ""],
])("the name of %j %j is %j", (firstName, lastName, name) => {
  expect(fullName({ firstName, lastName })).toBe(name);
});
