import { describe, expect, it } from "vitest";
import { endAllText, endedText } from "./end-all-words";
import { deviceName, keyName, shortFingerprint } from "./session-words";

describe("endAllText", () => {
  it.each([
    [
      { sessions: 1, people: 1 },
      false,
      /^1 session of 1 person ends at once; the one you are using stays open\./,
    ],
    [
      { sessions: 1_041, people: 12 },
      false,
      /^1,041 sessions of 12 people end at once; the one you are using stays open\./,
    ],
    [
      { sessions: 2, people: 1 },
      true,
      /^2 sessions of 1 person end at once, including the one you are using\. You will have to log in/,
    ],
  ])("%o, own included: %s", (reach, includesOwn, text) => {
    expect(endAllText(reach, includesOwn)).toMatch(text);
  });
});

it.each([
  [0, "Nobody else is logged in now."],
  [1, "Ended 1 session."],
  [12_345, "Ended 12,345 sessions."],
])("%d ended", (sessions, text) => {
  expect(endedText(sessions)).toBe(text);
});

it.each([
  ["BROWSER", "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0", "Firefox on Windows"],
  ["BROWSER", "", "Unknown browser"],
  ["REST", "curl/8.5.0", "curl"],
  ["REST", "", "Unknown program"],
  ["MOBILE", " ", "Unknown program"],
] as const)("a %s that says %j is named", (kind, userAgent, name) => {
  expect(deviceName({ kind, userAgent })).toBe(name);
});

it("shortens a fingerprint between its groups", () => {
  expect(shortFingerprint("12ab:34cd:56ef:7890")).toBe("12ab:34cd");
});

it("names a key by its fingerprint, and by its issuer where that leaves two alike", () => {
  const signing = { kid: "1", fingerprint: "12ab:34cd:56ef:7890", issuer: "id.example.org", isCurrent: true };
  const other = { kid: "2", fingerprint: "ffff:34cd:56ef:7890", issuer: "gatehouse", isCurrent: false };
  const renamed = { ...signing, kid: "3", issuer: "gate\u200bhouse", isCurrent: false };
  const keys = [signing, other, renamed];
  expect(keyName(signing, [signing, other])).toBe("12ab:34cd, signs now");
  expect(keys.map((key) => keyName(key, keys))).toEqual([
    "12ab:34cd, id.example.org, signs now",
    "ffff:34cd, verifies",
    "12ab:34cd, gate\\u{200B}house, verifies",
  ]);
});
