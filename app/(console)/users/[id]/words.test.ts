import { describe, expect, it } from "vitest";
import { type AttemptFacts, attemptWords, endingWords } from "./attempt-words";
import { changeWords } from "./change-words";

it("an unlocked or enabled account is not said to log in: its password may have expired", () => {
  const facts = { email: "ada@example.org", isOneself: false, liveSessions: 0 };
  expect([changeWords.unlock, changeWords.enable].map((words) => words(facts).done(facts.email))).toEqual([
    "Unlocked. ada@example.org can try again at once.",
    "Enabled. ada@example.org may log in again.",
  ]);
});

describe("attemptWords", () => {
  it.each<[AttemptFacts["kind"], AttemptFacts["details"], string, string]>([
    ["login-succeeded", { how: "BROWSER" }, "in", "Logged in"],
    ["login-succeeded", { how: "REST" }, "in", "Logged in over the API"],
    ["login-succeeded", { how: "MOBILE" }, "in", "Logged in with the mobile app"],
    ["login-succeeded", { how: "constructor" }, "in", "Logged in"],
    [
      "login-failed",
      { how: "BROWSER", reason: "wrong-password", failedAttempts: 3 },
      "refused",
      "Wrong password, the 3rd in a row",
    ],
    [
      "login-failed",
      { how: "confirmation", reason: "wrong-password", failedAttempts: 1 },
      "refused",
      "Wrong password when asked to confirm it",
    ],
    ["login-failed", { reason: "not-activated" }, "refused", "Refused: the account was not activated yet"],
    ["login-failed", { reason: "disabled" }, "refused", "Refused: the account was disabled"],
    ["login-failed", { reason: "locked" }, "refused", "Refused: the account was locked"],
    [
      "login-failed",
      { reason: "changed-meanwhile" },
      "refused",
      "Right password, but the account changed during the check",
    ],
    [
      "login-failed",
      { reason: "account-throttled" },
      "refused",
      "Refused: too many attempts on the account in a minute",
    ],
    [
      "login-failed",
      { reason: "password-expired" },
      "refused",
      "Right password, but expired: a new one was required",
    ],
    [
      "login-failed",
      { how: "MOBILE", reason: "password-expired" },
      "refused",
      "Refused: the mobile app’s code was right, but the password had expired",
    ],
    [
      "login-failed",
      { how: "MOBILE", reason: "secret-used" },
      "refused",
      "Refused: the mobile app’s code had already been used",
    ],
    [
      "password-reset-forced",
      { how: "BROWSER" },
      "refused",
      "Right password, but it does not meet the policy: a mail with a reset link was queued",
    ],
    [
      "password-reset-forced",
      { how: "BROWSER", reason: "recently-mailed" },
      "refused",
      "Right password, but it does not meet the policy: a mail with a reset link had just been queued",
    ],
    ["login-failed", { reason: "of a newer version" }, "refused", "Refused"],
    ["login-failed", { reason: "toString" }, "refused", "Refused"],
  ])("%s %o", (kind, details, outcome, text) => {
    expect(attemptWords({ kind, details })).toEqual({ outcome, text });
  });
});

describe("endingWords", () => {
  it.each([
    ["logged-out", "Logged out"],
    ["not-renewed", "Expired"],
    ["key-changed", "Ended when everyone was signed out"],
    ["of a newer version", "Ended"],
    ["toString", "Ended"],
  ])("of %s are %s", (reason, words) => {
    expect(endingWords({ reason } as Parameters<typeof endingWords>[0])).toBe(words);
  });
});

describe("changeWords", () => {
  const facts = { email: "ada@example.org", isOneself: false, liveSessions: 2 };

  it("asks for confirmation only before a change that takes something away", () => {
    const asking = Object.entries(changeWords).filter(([, words]) => words(facts).question);
    expect(asking.map(([name]) => name)).toEqual(["disable", "endSessions"]);
  });

  it.each([
    [0, "There are no live sessions."],
    [1, "The one live session ends at once."],
    [1_200, "The 1,200 live sessions end at once."],
  ])("says what becomes of %i sessions", (liveSessions, text) => {
    for (const change of ["disable", "endSessions"] as const)
      expect(changeWords[change]({ ...facts, liveSessions }).question?.consequence).toContain(text);
  });

  it("does not promise a login, which a lock or an expired password may prevent", () => {
    const { question } = changeWords.endSessions(facts);
    expect(question?.consequence).toBe(
      "The 2 live sessions end at once. The password stays the same: if somebody else may know it, disable the account instead.",
    );
  });

  it("warns administrators that they log themselves out", () => {
    const { question } = changeWords.endSessions({ ...facts, isOneself: true });
    expect(question).toMatchObject({ title: "End your own sessions?" });
    expect(question?.consequence).toContain("you will have to log in again");
  });
});
