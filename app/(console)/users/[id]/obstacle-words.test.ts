import { describe, expect, it } from "vitest";
import type { Obstacle } from "@/lib/users/rules";
import { plainText } from "@/tests/support/plain-text";
import { lockCause, obstacleWords } from "./obstacle-words";

const email = "ada@example.org";
const since = new Date("2026-03-01T11:00:00Z");
const until = new Date("2026-03-01T11:30:00Z");
const SINCE = since.toISOString();
const UNTIL = until.toISOString();

describe("obstacleWords", () => {
  it.each<[Obstacle | null, number, string, string]>([
    [null, 0, "done", `Nothing about this account prevents ${email} from logging in.`],
    [
      null,
      1,
      "done",
      `Nothing about this account prevents ${email} from logging in, but the last password tried was wrong.`,
    ],
    [
      null,
      4,
      "done",
      `Nothing about this account prevents ${email} from logging in, but the last 4 passwords tried were wrong.`,
    ],
    [
      { code: "invited", linkExpiresAt: until, mail: "sent" },
      0,
      "warning",
      `${email} cannot log in until a password is chosen: the activation link has not been used yet, and works until ${UNTIL}.`,
    ],
    [
      { code: "invited", linkExpiresAt: until, mail: "failed" },
      0,
      "warning",
      `${email} cannot log in until a password is chosen, and the mail with the activation link could not be delivered: check the address, then send another, or copy a link and hand it over.`,
    ],
    [
      { code: "invited", linkExpiresAt: until, mail: "waiting" },
      0,
      "warning",
      `${email} cannot log in until a password is chosen, and the mail with the activation link, which works until ${UNTIL}, has not been sent yet.`,
    ],
    [
      { code: "invited", linkExpiresAt: null, mail: null },
      0,
      "warning",
      `${email} cannot log in until a password is chosen, and has no valid activation link: create a new one.`,
    ],
    [
      { code: "disabled" },
      3,
      "danger",
      `${email} cannot log in because an administrator disabled the account.`,
    ],
    [
      { code: "locked", since, until },
      5,
      "danger",
      `${email} cannot log in until ${UNTIL}: too many wrong passwords locked the account on ${SINCE}.`,
    ],
    [
      { code: "locked", since, until: null },
      5,
      "danger",
      `${email} cannot log in until somebody unlocks the account: too many wrong passwords locked it on ${SINCE}.`,
    ],
    [
      { code: "password-expired", since },
      0,
      "warning",
      `${email} must choose a new password at the next login: the old one expired on ${SINCE}.`,
    ],
    [
      { code: "reset-required", since, mail: "failed" },
      0,
      "warning",
      `${email} cannot log in until the password is reset: it does not meet the policy, and the reset link mailed on ${SINCE} could not be delivered. See why below, and send another.`,
    ],
    [
      { code: "reset-required", since, mail: "waiting" },
      0,
      "warning",
      `${email} cannot log in until the password is reset: it does not meet the policy, and the mail with the reset link of ${SINCE} has not been sent yet.`,
    ],
    [
      { code: "reset-required", since, mail: "withdrawn" },
      0,
      "warning",
      `${email} cannot log in until the password is reset: it does not meet the policy, and the mail with the reset link of ${SINCE} was withdrawn. If no active reset link is listed below, create another.`,
    ],
    [
      { code: "reset-required", since, mail: "sent" },
      0,
      "warning",
      `${email} cannot log in until the password is reset: it does not meet the policy, and a reset link was mailed on ${SINCE}.`,
    ],
    [
      { code: "reset-doubtful", since },
      0,
      "warning",
      `${email} may have to reset the password: it did not meet the policy at the login on ${SINCE}, but the policy has changed since. The next login decides.`,
    ],
    [
      { code: "reset-possible", since },
      0,
      "warning",
      `${email} may have to reset the password: whether it meets the policy, which was saved on ${SINCE}, only the next login shows.`,
    ],
  ])("%o after %i wrong passwords", (obstacle, failedAttempts, tone, sentence) => {
    const words = obstacleWords({ email, obstacle, failedAttempts });
    expect([words.tone, plainText(words.sentence)]).toEqual([tone, sentence]);
  });

  it("keeps an address as a separate part", () => {
    const hostile = "“><svg onload=…>";
    const { sentence } = obstacleWords({ email: hostile, obstacle: { code: "disabled" }, failedAttempts: 0 });
    expect(sentence).toContainEqual({ person: hostile });
  });
});

it.each([
  [null, "After wrong passwords"],
  [1, "After 1 wrong password"],
  [5, "After 5 wrong passwords in a row"],
])("tells what locked an account: %o", (failedAttempts, text) => {
  expect(lockCause(failedAttempts)).toBe(text);
});
