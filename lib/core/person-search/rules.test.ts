import { expect, it } from "vitest";
import { matchesInsideWords } from "./rules";

it.each([
  ["a", false],
  ["ø", false],
  ["o\u0308", false],
  ["o\u0308a", false],
  ["ad", false],
  ["a9", false],
  ["9@", false],
  ["9@.", false],
  ["ada", true],
  ["a@b", true],
  ["ad@", true],
  ["@a", true],
  ["%", true],
  ["__", true],
  ["日本", false],
  ["日本語", true],
])("%s is found anywhere: %s", (search, isAnywhere) => {
  expect(matchesInsideWords(search)).toBe(isAnywhere);
});
