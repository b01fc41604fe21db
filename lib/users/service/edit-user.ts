import "server-only";
import { closeLinks } from "@/lib/accounts/links";
import { notifyEmailChanged } from "@/lib/accounts/notices";
import { emailKey } from "@/lib/accounts/rules";
import { findUser, lockUserRow } from "@/lib/accounts/store";
import { audit } from "@/lib/audit/service";
import { type Actor, requireAdministrator } from "@/lib/core/actor";
import { changedFields, changesOf } from "@/lib/core/changes/rules";
import { db } from "@/lib/core/db";
import { isUniqueViolation } from "@/lib/core/errors";
import type { Invalid } from "@/lib/core/field-errors";
import { requireLastingSession } from "@/lib/core/lasting-session";
import type { Failure, Success } from "@/lib/core/result";
import { readdressExpiryNotices } from "@/lib/mail/store";
import type { EditUserInput } from "../schema";
import { lockAddressChanges, updateIdentity } from "../store";

export type EditUserResult =
  | Success
  /** The account was deleted, or changed since `seen`; `current`: what it has now, null if it was deleted. */
  | Failure<"out-of-date", { current: EditUserInput["seen"] | null }>
  | Invalid;

/**
 * Changes an account's name or address. A new address supersedes the account's links, which were mailed to the old one,
 * and the owner is notified at both addresses; for an invited account nobody is notified, because the old address may
 * be a stranger's. Sessions continue.
 * @throws Refusal for anyone but a system administrator, and for one who no longer is
 */
export async function editUser(
  actor: Actor,
  input: EditUserInput,
  now = new Date(),
): Promise<EditUserResult> {
  const administrator = requireAdministrator(actor);
  const { userId, seen, email, firstName, lastName } = input;
  try {
    return await db().$transaction(async (tx): Promise<EditUserResult> => {
      await lockUserRow(tx, userId);
      // While this waited for the row, the caller may have been removed or demoted.
      await requireLastingSession(tx, administrator, now);
      const user = await findUser(tx, userId);
      if (!user) return { ok: false, code: "out-of-date", current: null };
      const before = { email: user.email, firstName: user.firstName, lastName: user.lastName };
      const after = { email, firstName, lastName };
      const details = changesOf(before, after);
      // Comes before the comparison with `seen`, so that an edit whose answer was lost can be sent again.
      if (Object.keys(details).length === 0) return { ok: true };
      if (changedFields(before, seen).length > 0) return { ok: false, code: "out-of-date", current: before };
      const isReaddressed = emailKey(email) !== user.emailKey;
      if (isReaddressed) await lockAddressChanges(tx);
      await updateIdentity(tx, userId, { ...after, emailKey: emailKey(email) });
      if (isReaddressed) {
        // It may have waited for the address too.
        await requireLastingSession(tx, administrator, now);
        await closeLinks(tx, { userIds: [userId] }, now, { why: "address" });
        await readdressExpiryNotices(tx, userId, email);
        if (user.state !== "INVITED") await notifyEmailChanged(tx, { id: userId, ...after }, user.email, now);
      }
      await audit(tx, administrator, [{ kind: "profile-changed", subject: user, details }], now);
      return { ok: true };
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const message = "Another account already has this address.";
    return { ok: false, code: "invalid", fieldErrors: { email: [message] } };
  }
}
