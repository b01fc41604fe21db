import { expect, it } from "vitest";
import type { LetterContent } from "./letter";
import { renderText } from "./text";

const letter: LetterContent = {
  subject: "s",
  preview: "p",
  title: "t",
  greets: null,
  paragraphs: ["word ".repeat(40).trim(), "a ".repeat(80).trim()],
  facts: [
    { term: "Unlocks", value: "Wednesday, 30 September 2026, 23:29 UTC, after 30 days 12 hours" },
    { term: "Network address", value: "203.0.113.7" },
  ],
};

it("keeps every line within 72 columns, and a long fact beside its term", () => {
  const text = renderText(letter, { baseUrl: "https://gate.example.org" });
  expect(text).toContain(
    [
      "Unlocks:         Wednesday, 30 September 2026, 23:29 UTC, after 30 days",
      "                 12 hours",
      "Network address: 203.0.113.7",
    ].join("\n"),
  );
  expect(text.split("\n").filter((line) => line.length > 72)).toEqual([]);
});
