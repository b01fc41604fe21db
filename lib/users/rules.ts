import { z } from "zod";
import { isLocked } from "@/lib/accounts/rules";
import type { UserSort, UserState } from "./schema";

type AccountState = "INVITED" | "ACTIVE" | "DISABLED";

/** An account's state as the list shows it: a lock shows only where it matters, on an active account. */
export function userState(
  account: { state: AccountState; lockedAt: Date | null; lockedUntil: Date | null },
  now: Date,
): UserState {
  if (account.state === "INVITED") return "invited";
  if (account.state === "DISABLED") return "disabled";
  return isLocked(account, now) ? "locked" : "active";
}

/** What keeps a person from logging in, the most decisive first; null when nothing of the account's does. */
export type Obstacle =
  | { code: "invited"; linkExpiresAt: Date | null }
  | { code: "disabled" }
  | { code: "locked"; since: Date; until: Date | null }
  | { code: "password-expired"; since: Date };

/** Why this person cannot log in. The order is the login's own. */
export function loginObstacle(
  account: { state: AccountState; lockedAt: Date | null; lockedUntil: Date | null },
  facts: { passwordExpiresAt: Date | null; activationLinkExpiresAt: Date | null },
  now: Date,
): Obstacle | null {
  if (account.state === "INVITED") return { code: "invited", linkExpiresAt: facts.activationLinkExpiresAt };
  if (account.state === "DISABLED") return { code: "disabled" };
  if (account.lockedAt && isLocked(account, now)) {
    return { code: "locked", since: account.lockedAt, until: account.lockedUntil };
  }
  const expiry = facts.passwordExpiresAt;
  return expiry && now > expiry ? { code: "password-expired", since: expiry } : null;
}

/** A place between two rows of a list: the value it is sorted by, null at its end, and the id of the row before it. */
export type UsersCursor = { sort: UserSort; value: string | null; id: string };

const cursorSchema = z.tuple([
  z.enum(["email", "newest", "last-login"]),
  z.string().max(254).nullable(),
  z.guid(),
]);

/** The cursor as it stands in an address. */
export function encodeUsersCursor({ sort, value, id }: UsersCursor): string {
  return btoa(encodeURIComponent(JSON.stringify([sort, value, id]))).replace(/=+$/, "");
}

/** Reads what `encodeUsersCursor` wrote; null for anything else, and for a cursor of another order. */
export function decodeUsersCursor(text: string, sort: UserSort): UsersCursor | null {
  try {
    const [of, value, id] = cursorSchema.parse(JSON.parse(decodeURIComponent(atob(text))));
    const isSound = sort === "email" || value === null || !Number.isNaN(Date.parse(value));
    return of === sort && isSound ? { sort, value, id } : null;
  } catch {
    return null;
  }
}
