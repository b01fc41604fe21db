import "server-only";
import { emailKey, isLocked } from "@/lib/accounts/rules";
import { findUser, findUserByEmailKey } from "@/lib/accounts/store";
import { type Actor, requireAdministrator } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import type { Failure, Success } from "@/lib/core/result";
import {
  type AdministerResult,
  deleteUnconfirmed,
  disableUser,
  enableUser,
  unlockUser,
} from "./administer-user";
import { type IssueLinkResult, issueUserLink } from "./issue-link";

type Unknown = Failure<"not-found">;

/**
 * Deletes an account by id, without a typed address.
 * @throws Refusal for anyone but a system administrator, and for one who no longer is
 */
export async function deleteUserById(
  actor: Actor,
  { userId }: { userId: string },
  now = new Date(),
): Promise<AdministerResult | Unknown> {
  const result = await deleteUnconfirmed(actor, { userId }, now);
  return !result.ok && result.code === "out-of-date" ? { ok: false, code: "not-found" } : result;
}

const MAX_TRIES = 3;

/** Retries an action that reads an account and then changes it, when the account has changed in between. */
async function retryIfOutOfDate<T extends { ok: boolean; code?: string }>(act: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    const result = await act();
    if (result.code !== "out-of-date" || tries === MAX_TRIES) return result;
  }
}

/**
 * Enables an account, which also lifts a lock, or disables it; succeeds without a change if it is so already.
 * @throws Refusal for anyone but a system administrator, and for one who no longer is
 */
export async function setUserEnabled(
  actor: Actor,
  { userId, isEnabled }: { userId: string; isEnabled: boolean },
  now = new Date(),
): Promise<Success | Exclude<AdministerResult, { ok: true }> | Unknown | Failure<"not-activated">> {
  requireAdministrator(actor);
  return retryIfOutOfDate(async () => {
    const user = await findUser(db(), userId);
    if (!user) return { ok: false, code: "not-found" };
    if (user.state === "INVITED") return { ok: false, code: "not-activated" };
    if (!isEnabled) return user.state === "DISABLED" ? { ok: true } : disableUser(actor, { userId }, now);
    if (user.state === "DISABLED") return enableUser(actor, { userId }, now);
    return isLocked(user, now) ? unlockUser(actor, { userId }, now) : { ok: true };
  });
}

/**
 * Issues a new activation link for an account, by id or address, and mails it or returns it.
 * @throws Refusal for anyone but a system administrator, and for one who no longer is
 */
export async function issueActivation(
  actor: Actor,
  who: { userId: string } | { email: string },
  delivery: "mail" | "copy",
  now = new Date(),
): Promise<IssueLinkResult | Unknown | Failure<"activated">> {
  requireAdministrator(actor);
  return retryIfOutOfDate(async () => {
    const user = await ("userId" in who
      ? findUser(db(), who.userId)
      : findUserByEmailKey(db(), emailKey(who.email)));
    if (!user) return { ok: false, code: "not-found" };
    if (user.state !== "INVITED") return { ok: false, code: "activated" };
    return issueUserLink(actor, { userId: user.id, purpose: "ACTIVATION", delivery }, now);
  });
}

/** Why an action on an account named by id or address failed. */
export type NamedUserFailure = Exclude<
  Awaited<ReturnType<typeof deleteUserById | typeof setUserEnabled | typeof issueActivation>>,
  Success
>;
