import { expect, it } from "vitest";
import { quoted, searchPattern, unquoted } from "./rules";

it.each([
  ["ada", "%ada%"],
  ["a_b%", "%a\\_b\\%%"],
  ['"ada@example.org"', "ada@example.org"],
  ['"a_b@example.org"', "a\\_b@example.org"],
  // An address with a quoted local part is no text in quotation marks.
  ['"ada l"@example.org', '%"ada l"@example.org%'],
  ['""ada l"@example.org"', '"ada l"@example.org'],
  ['l"ada"', '%l"ada"%'],
  ['"', '%"%'],
  ['""', '%""%'],
])("%s is searched as %s", (search, pattern) => {
  expect(searchPattern(search)).toBe(pattern);
});

it.each(["ada@example.org", '"ada l"@example.org'])("%s is the same without its quotation marks", (text) => {
  expect(unquoted(quoted(text))).toBe(text);
  expect(unquoted(text)).toBe(text);
});
