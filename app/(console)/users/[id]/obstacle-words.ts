import { type Part, say } from "@/app/(console)/audit/audit-parts";
import { countedInARow } from "@/lib/core/count/rules";
import type { Obstacle } from "@/lib/users/rules";

/** The parts of an account that the answer needs. */
type ObstacleFacts = { email: string; obstacle: Obstacle | null; failedAttempts: number };

type ObstacleWords = { tone: "done" | "warning" | "danger"; sentence: Part[] };

/** Answers "why can't this person log in?" in one sentence. */
export function obstacleWords({ email, obstacle, failedAttempts }: ObstacleFacts): ObstacleWords {
  const who: Part = { person: email };
  if (obstacle === null) {
    const wrong = wrongPasswords(failedAttempts);
    return {
      tone: "done",
      sentence: say`Nothing about this account prevents ${who} from logging in${wrong}.`,
    };
  }
  const { tone, because } = reason(obstacle);
  return { tone, sentence: say`${who} ${because}.` };
}

function wrongPasswords(n: number): string {
  if (n === 0) return "";
  if (n === 1) return ", but the last password tried was wrong";
  return `, but the last ${n.toLocaleString("en-US")} passwords tried were wrong`;
}

/** Says what locked an account; null means that the number of attempts is unknown. */
export function lockCause(failedAttempts: number | null): string {
  if (!failedAttempts) return "After wrong passwords";
  return `After ${countedInARow(failedAttempts, "wrong password")}`;
}

const at = (instant: Date): Part => ({ instant: instant.toISOString() });

function reason(obstacle: Obstacle): { tone: ObstacleWords["tone"]; because: Part[] } {
  switch (obstacle.code) {
    case "invited":
      return { tone: "warning", because: invitation(obstacle) };
    case "disabled":
      return { tone: "danger", because: say`cannot log in because an administrator disabled the account` };
    case "locked":
      return {
        tone: "danger",
        because: obstacle.until
          ? say`cannot log in until ${at(obstacle.until)}: too many wrong passwords locked the account on ${at(obstacle.since)}`
          : say`cannot log in until somebody unlocks the account: too many wrong passwords locked it on ${at(obstacle.since)}`,
      };
    case "password-expired":
      return {
        tone: "warning",
        because: say`must choose a new password at the next login: the old one expired on ${at(obstacle.since)}`,
      };
    case "reset-required":
      return { tone: "warning", because: demand(obstacle) };
    case "reset-doubtful":
      return {
        tone: "warning",
        because: say`may have to reset the password: it did not meet the policy at the login on ${at(obstacle.since)}, but the policy has changed since. The next login decides`,
      };
    case "reset-possible":
      return {
        tone: "warning",
        because: say`may have to reset the password: whether it meets the policy, which was saved on ${at(obstacle.since)}, only the next login shows`,
      };
  }
}

function invitation({ linkExpiresAt: until, mail }: Extract<Obstacle, { code: "invited" }>): Part[] {
  if (!until)
    return say`cannot log in until a password is chosen, and has no valid activation link: create a new one`;
  if (mail === "failed")
    return say`cannot log in until a password is chosen, and the mail with the activation link could not be delivered: check the address, then send another, or copy a link and hand it over`;
  if (mail === "waiting")
    return say`cannot log in until a password is chosen, and the mail with the activation link, which works until ${at(until)}, has not been sent yet`;
  return say`cannot log in until a password is chosen: the activation link has not been used yet, and works until ${at(until)}`;
}

function demand({ since, mail }: Extract<Obstacle, { code: "reset-required" }>): Part[] {
  if (mail === "failed")
    return say`cannot log in until the password is reset: it does not meet the policy, and the reset link mailed on ${at(since)} could not be delivered. See why below, and send another`;
  if (mail === "waiting")
    return say`cannot log in until the password is reset: it does not meet the policy, and the mail with the reset link of ${at(since)} has not been sent yet`;
  // The link was closed, usually because somebody has handed over another one, which a third would close in turn.
  if (mail === "withdrawn")
    return say`cannot log in until the password is reset: it does not meet the policy, and the mail with the reset link of ${at(since)} was withdrawn. If no active reset link is listed below, create another`;
  return say`cannot log in until the password is reset: it does not meet the policy, and a reset link was mailed on ${at(since)}`;
}
