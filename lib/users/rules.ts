import { z } from "zod";
import { isLocked } from "@/lib/accounts/rules";
import { idSchema } from "@/lib/core/id/schema";
import { MAX_EMAIL_LENGTH } from "@/lib/core/limits";
import type { AccountState } from "@/prisma/generated/enums";
import type { UserRow, UserSort, UserState } from "./schema";

/** An account's state as the list shows it: a lock shows only where it matters, on an active account. */
export function userState(
  account: { state: AccountState; lockedAt: Date | null; lockedUntil: Date | null },
  now: Date,
): UserState {
  if (account.state === "INVITED") return "invited";
  if (account.state === "DISABLED") return "disabled";
  return isLocked(account, now) ? "locked" : "active";
}

/** An account as a row of the list, and nothing of it that is a secret. */
export function toUserRow(
  account: Omit<UserRow, "state"> & {
    state: AccountState;
    lockedAt: Date | null;
    lockedUntil: Date | null;
  },
  now: Date,
): UserRow {
  const { id, email, firstName, lastName, authority, createdAt, lastLoginAt } = account;
  const state = userState(account, now);
  return { id, email, firstName, lastName, authority, state, createdAt, lastLoginAt };
}

/** What became of the mail that brings a link; null when none was written, and the link was handed over. */
export type LinkMail = "sent" | "waiting" | "failed" | null;

/** What keeps a person from logging in, the most decisive first; null when nothing of the account's does. */
export type Obstacle =
  | { code: "invited"; linkExpiresAt: Date | null; mail: LinkMail }
  | { code: "disabled" }
  | { code: "locked"; since: Date; until: Date | null }
  | { code: "password-expired"; since: Date }
  /** At the last login the password was right but did not meet the policy, and a reset link was mailed. */
  | { code: "reset-required"; since: Date; mail: LinkMail };

/** Why this person cannot log in. The order is the login's own. */
export function loginObstacle(
  account: { state: AccountState; lockedAt: Date | null; lockedUntil: Date | null },
  facts: {
    passwordExpiresAt: Date | null;
    activationLink: { expiresAt: Date; mail: LinkMail } | null;
    /** A reset that a login has demanded and that was not made since, as of when its link was last mailed. */
    resetDemand: { at: Date; mail: LinkMail } | null;
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
  const demand = facts.resetDemand;
  return demand && { code: "reset-required", since: demand.at, mail: demand.mail };
}

/** A place between two rows of a list: the value it is sorted by, null at its end, and the id of the row before it. */
export type UsersCursor = { sort: UserSort; value: string | null; id: string };

// As `toISOString` writes it. PostgreSQL knows no year 0, which ISO 8601 does, and reads only so many digits of a second.
const instant = z.iso.datetime({ precision: 3 }).regex(/^[1-9]/);
const cursorSchema = z.union([
  z.tuple([
    z.literal("email"),
    z
      .string()
      .max(MAX_EMAIL_LENGTH)
      .regex(/^\P{Cc}+$/u),
    idSchema,
  ]),
  z.tuple([z.literal("newest"), instant, idSchema]),
  z.tuple([z.literal("last-login"), instant.nullable(), idSchema]),
]);

/** The cursor as it stands in an address. */
export function encodeUsersCursor({ sort, value, id }: UsersCursor): string {
  return btoa(encodeURIComponent(JSON.stringify([sort, value, id]))).replace(/=+$/, "");
}

/** Reads what `encodeUsersCursor` wrote; null for anything else, and for a cursor of another order. */
export function decodeUsersCursor(text: string, sort: UserSort): UsersCursor | null {
  try {
    const [of, value, id] = cursorSchema.parse(JSON.parse(decodeURIComponent(atob(text))));
    return of === sort ? { sort, value, id } : null;
  } catch {
    return null;
  }
}
