import { expect, it } from "vitest";
import { savedByText, savedNotice, savedOnHost, saverName } from "./saved-by";

const ada = "ada@example.org";

it.each([
  [1, "host", "at first start", "Somebody on the host"],
  [2, "host", "on the host", "Somebody on the host"],
  [1, ada, `by ${ada}`, ada],
  [7, ada, `by ${ada}`, ada],
])("version %i by %s was saved %s", (version, savedByEmail, text, name) => {
  expect(savedByText({ version, savedByEmail })).toBe(text);
  expect(saverName({ savedByEmail })).toBe(name);
});

it("a person is not named as the host", () => {
  expect(savedOnHost({ version: 1, savedByEmail: ada })).toBeNull();
});

it.each([
  [null, "Saved. In effect now."],
  [ada, `Saved, together with ${ada}’s changes. In effect now.`],
  ["host", "Saved, together with changes made on the host. In effect now."],
])("a save merged with %s says %s", (mergedWith, notice) => {
  expect(savedNotice(mergedWith)).toBe(notice);
});
