import "server-only";
import { closeLinks, type IssuedLink } from "@/lib/accounts/links";
import { addAccount } from "@/lib/accounts/new-account";
import { handOutLink } from "@/lib/accounts/password-links";
import { emailKey } from "@/lib/accounts/rules";
import { liftLock, lockUserByEmailKey } from "@/lib/accounts/store";
import { audit } from "@/lib/audit/service";
import { type Actor, requireHost } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { isUniqueViolation } from "@/lib/core/errors";
import type { Failure, Success } from "@/lib/core/result";
import type { NewUserInput } from "@/lib/users/schema";

// What an operator with a shell on the host may do when nobody can log in to the console, or when there is no account.

type Named = { email: string };
type UnknownAccount = Failure<"unknown-account">;

/** Invites a user, and returns the link with which they choose a password. @throws Refusal for anyone but the host */
export async function rescueCreate(
  actor: Actor,
  { email, authority }: Pick<NewUserInput, "email" | "authority">,
  now = new Date(),
): Promise<Success<{ link: IssuedLink }> | Failure<"taken">> {
  const host = requireHost(actor);
  try {
    return await db().$transaction(async (tx) => {
      const user = await addAccount(tx, host, { email, authority }, now);
      return { ok: true, link: await handOutLink(tx, host, { owner: user, delivery: "copy" }, now) } as const;
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    return { ok: false, code: "taken" };
  }
}

/**
 * Lifts the lock of an account that is not disabled, and closes its unlock links.
 * @throws Refusal for anyone but the host
 */
export async function rescueUnlock(
  actor: Actor,
  { email }: Named,
  now = new Date(),
): Promise<Success | UnknownAccount | Failure<"disabled" | "not-locked">> {
  const host = requireHost(actor);
  return db().$transaction(async (tx) => {
    const user = await lockUserByEmailKey(tx, emailKey(email));
    if (!user) return { ok: false, code: "unknown-account" } as const;
    if (user.state === "DISABLED") return { ok: false, code: "disabled" } as const;
    const by = await liftLock(tx, user.id, { by: "administrator", now });
    if (!by) return { ok: false, code: "not-locked" } as const;
    await closeLinks(tx, { userIds: [user.id], purpose: "UNLOCK" }, now);
    await audit(tx, host, [{ kind: "account-unlocked", subject: user, details: { by } }], now);
    return { ok: true } as const;
  });
}

/**
 * Returns a link with which an account's user chooses a password: a reset link, or an activation link if the account
 * has no password yet.
 * @throws Refusal for anyone but the host
 */
export async function rescueLink(
  actor: Actor,
  { email }: Named,
  now = new Date(),
): Promise<Success<{ link: IssuedLink }> | UnknownAccount | Failure<"disabled">> {
  const host = requireHost(actor);
  return db().$transaction(async (tx) => {
    const user = await lockUserByEmailKey(tx, emailKey(email));
    if (!user) return { ok: false, code: "unknown-account" } as const;
    if (user.state === "DISABLED") return { ok: false, code: "disabled" } as const;
    return { ok: true, link: await handOutLink(tx, host, { owner: user, delivery: "copy" }, now) } as const;
  });
}
