import { expect, it } from "vitest";
import type { Rotation } from "@/lib/jwt-security/rotation";
import { endedText, keptText, refusedText, rotationTitle } from "./rotation-words";

const from = { issuer: "gatehouse", fingerprint: "a1:b2" };

it.each([
  [{ ...from, fingerprint: "c3:d4" }, "Replace the signing key?"],
  [{ ...from, issuer: "id.example.org" }, "Change the issuer name?"],
  [{ issuer: "id.example.org", fingerprint: "c3:d4" }, "Replace the signing key and the issuer name?"],
])("a change to %o asks what it does", (to, title) => {
  expect(rotationTitle({ from, to } as Rotation)).toBe(title);
});

it.each([
  [1, 1, "Only your own session is open. It continues.", "Your own session, the only one, ends now."],
  [2, 1, "Your 2 sessions continue.", "Your 2 sessions end now, this one included."],
  [
    1_200,
    41,
    "The 1,200 sessions of 41 people continue.",
    "1,200 sessions of 41 people end now, including yours.",
  ],
])("says of %i sessions of %i people whether they continue or end", (sessions, people, kept, ended) => {
  expect(keptText({ sessions, people })).toBe(kept);
  expect(endedText({ sessions, people })).toBe(ended);
});

it("advises to sign everyone out where somebody else may have the old key", () => {
  const advice = "Choose this if somebody else may have it";
  expect(refusedText({ from, to: { ...from, fingerprint: "c3:d4" } } as Rotation)).toContain(advice);
  expect(refusedText({ from, to: { ...from, issuer: "id.example.org" } } as Rotation)).not.toContain(advice);
});
