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

it("has every part of the letter, in the order of the HTML part", () => {
  const seventy = `${"word ".repeat(13)}seven`;
  const text = renderText(
    {
      subject: "s",
      preview: "p",
      title: "Choose a password",
      greets: "Ada",
      paragraphs: [`${seventy} x`, `${seventy} xy`],
      action: { label: "Choose it", url: "https://gate.example.org/x?token=a", note: `${seventy} once` },
      facts: [{ term: "Device", value: "Firefox" }],
      closing: [`${seventy} twice`, "Bye."],
    },
    { baseUrl: "https://gate.example.org" },
  );
  expect(text.split("\n\n")).toEqual([
    "CHOOSE A PASSWORD",
    "Hello Ada,",
    `${seventy} x`,
    `${seventy}\nxy`,
    "Choose it:\nhttps://gate.example.org/x?token=a",
    `${seventy}\nonce`,
    "Device: Firefox",
    `${seventy}\ntwice`,
    "Bye.",
    "-- \nGatehouse at https://gate.example.org. This message was sent\nautomatically. Replies are not read.\n",
  ]);
});

it("greets nobody, and has no place for what the letter lacks", () => {
  const { length } = renderText(
    { subject: "Done", preview: "p", greets: null, paragraphs: ["It is done."] },
    { baseUrl: "https://gate.example.org" },
  ).split("\n\n");
  expect(length).toBe(3);
});
