import { isLocked } from "@/lib/accounts/rules";
import type { AccountState } from "@/prisma/generated/enums";
import type { UserRow, UserState } from "./schema";

/** What decides about an account's state, as it is stored. */
type StoredState = { state: AccountState; lockedAt: Date | null; lockedUntil: Date | null };

/** What is stored of a row of the list. */
export type StoredUserRow = Omit<UserRow, "state"> & StoredState;

/** Returns an account's state as the list shows it. A lock shows only on an active account. */
export function userState(account: StoredState, now: Date): UserState {
  if (account.state === "INVITED") return "invited";
  if (account.state === "DISABLED") return "disabled";
  return isLocked(account, now) ? "locked" : "active";
}

/** Returns an account as a row of the list, without any secret fields. */
export function toUserRow(account: StoredUserRow, now: Date): UserRow {
  const { id, email, firstName, lastName, authority, createdAt, lastLoginAt } = account;
  const state = userState(account, now);
  return { id, email, firstName, lastName, authority, state, createdAt, lastLoginAt };
}

/** The state of the mail that carries a link; null when there was no mail, because the link was copied. */
export type LinkMail = "sent" | "waiting" | "failed" | "withdrawn" | null;

/** A reason in the account why its owner cannot log in, with its details. */
export type Obstacle =
  | { code: "invited"; linkExpiresAt: Date | null; mail: LinkMail }
  | { code: "disabled" }
  | { code: "locked"; since: Date; until: Date | null }
  | { code: "password-expired"; since: Date }
  | ResetDemand;

/** A reset that a login has demanded, or may demand, because the password does not meet the policy. */
export type ResetDemand =
  /** At the last login it did not, and a reset link was mailed. `since`: when it was last mailed. */
  | { code: "reset-required"; since: Date; mail: LinkMail }
  /** The policy has changed since that login, and only the next one can tell whether the password meets it now. */
  | { code: "reset-doubtful"; since: Date }
  /** The policy was saved on `since`, and the password has neither been entered nor chosen since. */
  | { code: "reset-possible"; since: Date };

/**
 * Returns the first reason why an account's owner cannot log in, in the order in which a login checks them; null when
 * there is none.
 */
export function loginObstacle(
  account: StoredState,
  facts: {
    passwordExpiresAt: Date | null;
    activationLink: { expiresAt: Date; mail: LinkMail } | null;
    /** A reset that is due, or may be. */
    resetDemand: ResetDemand | null;
  },
  now: Date,
): Obstacle | null {
  if (account.state === "INVITED") {
    const { expiresAt: linkExpiresAt = null, mail = null } = facts.activationLink ?? {};
    return { code: "invited", linkExpiresAt, mail };
  }
  if (account.state === "DISABLED") return { code: "disabled" };
  if (account.lockedAt && isLocked(account, now)) {
    return { code: "locked", since: account.lockedAt, until: account.lockedUntil };
  }
  const expiry = facts.passwordExpiresAt;
  if (expiry && now > expiry) return { code: "password-expired", since: expiry };
  return facts.resetDemand;
}
