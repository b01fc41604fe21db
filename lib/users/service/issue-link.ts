import "server-only";
import { requiredState } from "@/lib/accounts/links";
import { handOutLink } from "@/lib/accounts/password-links";
import { findUser, lockUserRow } from "@/lib/accounts/store";
import { type Actor, requireAdministrator } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { requireLastingSession } from "@/lib/core/lasting-session";
import type { Failure, Success } from "@/lib/core/result";
import { hasMailServer } from "@/lib/mail/mail-server";
import type { IssueLinkInput } from "../schema";

/** `isWaiting`: the mail waits in the outbox, because there is no mail server. */
type Issued = { email: string; url: string | null; expiresAt: Date; isWaiting: boolean };
export type IssueLinkResult = Success<Issued> | Failure<"out-of-date">;
/** A reset link can be copied only when no mail server is configured. */
export type MailOnly = Failure<"mail-only">;

/**
 * Issues a new activation or reset link, for the account's current address, `email`. `url` is null for a mailed link; a
 * copied one is returned this one time. With a copied reset link an administrator could take over any account, so where
 * mail is configured, reset links are only mailed to the owner ("mail-only").
 * @throws Refusal for anyone but a system administrator, and for one who no longer is
 */
export async function issueUserLink(
  actor: Actor,
  input: IssueLinkInput & { purpose: "ACTIVATION" },
  now?: Date,
): Promise<IssueLinkResult>;
export async function issueUserLink(
  actor: Actor,
  input: IssueLinkInput,
  now?: Date,
): Promise<IssueLinkResult | MailOnly>;
export async function issueUserLink(
  actor: Actor,
  input: IssueLinkInput,
  now = new Date(),
): Promise<IssueLinkResult | MailOnly> {
  const administrator = requireAdministrator(actor);
  const { purpose, delivery } = input;
  return db().$transaction(async (tx) => {
    // Lock the row first, so that the mail goes to the account's current address.
    await lockUserRow(tx, input.userId);
    // While this waited for the row, the caller may have been removed or demoted.
    await requireLastingSession(tx, administrator, now);
    const user = await findUser(tx, input.userId);
    if (user?.state !== requiredState(purpose)) return { ok: false, code: "out-of-date" } as const;
    const [isMailed, hasServer] = [delivery === "mail", await hasMailServer(tx)];
    if (purpose === "PASSWORD_RESET" && !isMailed && hasServer) {
      return { ok: false, code: "mail-only" } as const;
    }
    const link = await handOutLink(tx, administrator, { owner: user, delivery }, now);
    const shown = { email: user.email, url: isMailed ? null : link.url, expiresAt: link.expiresAt };
    return { ok: true, ...shown, isWaiting: isMailed && !hasServer };
  });
}
