import { expect, it } from "vitest";
import { quoted, quotedTexts, searchPatterns } from "./rules";

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
  ['"ada@example.org" "a_b@example.org"', "ada@example.org", "a\\_b@example.org"],
  ['""ada l"@example.org" "bob@example.org"', '"ada l"@example.org', "bob@example.org"],
  // An empty text would find everything that has no address.
  ['"ada@example.org" "" ""', "ada@example.org"],
  // One between them was deleted by hand.
  ['"ada@example.org"  "bob@example.org"', "ada@example.org", "bob@example.org"],
  ['"" ""', '%"" ""%'],
])("%s is searched as %s", (search, ...patterns) => {
  expect(searchPatterns(search)).toEqual(patterns);
});

it.each([["ada@example.org"], ['"ada l"@example.org'], ["ada@example.org", '"ada l"@example.org']])(
  "%s is the same without its quotation marks",
  (...texts) => {
    expect(quotedTexts(quoted(...texts))).toEqual(texts);
    expect(texts.flatMap(quotedTexts)).toEqual([]);
  },
);
