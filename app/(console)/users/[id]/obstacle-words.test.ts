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
    [null, 0, "done", `Nothing about this account keeps ${email} from logging in.`],
    [
      null,
      1,
      "done",
      `Nothing about this account keeps ${email} from logging in, but the last password that was tried was wrong.`,
    ],
    [
      null,
      4,
      "done",
      `Nothing about this account keeps ${email} from logging in, but the last 4 passwords that were tried were wrong.`,
    ],
    [
      { code: "invited", linkExpiresAt: until, mail: "sent" },
      0,
      "warning",
      `${email} cannot log in before choosing a password: the activation link has not been used, and works until ${UNTIL}.`,
    ],
    [
      { code: "invited", linkExpiresAt: until, mail: "failed" },
      0,
      "warning",
      `${email} cannot log in before choosing a password, and the mail with the activation link did not arrive: send another, or copy a link and hand it over.`,
    ],
    [
      { code: "invited", linkExpiresAt: until, mail: "waiting" },
      0,
      "warning",
      `${email} cannot log in before choosing a password, and the mail with the activation link, which works until ${UNTIL}, is not sent yet.`,
    ],
    [
      { code: "invited", linkExpiresAt: null, mail: null },
      0,
      "warning",
      `${email} cannot log in before choosing a password, and there is no activation link that works: make a new one.`,
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
      `${email} cannot log in before resetting the password, which does not meet the policy, and the reset link mailed on ${SINCE} did not arrive: see below why, and send another.`,
    ],
    [
      { code: "reset-required", since, mail: "waiting" },
      0,
      "warning",
      `${email} cannot log in before resetting the password, which does not meet the policy, and the mail with the reset link of ${SINCE} is not sent yet.`,
    ],
    [
      { code: "reset-required", since, mail: "sent" },
      0,
      "warning",
      `${email} cannot log in before resetting the password: it does not meet the policy, and a reset link was mailed on ${SINCE}.`,
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
