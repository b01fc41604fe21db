import "server-only";
import type { Actor } from "@/lib/core/actor";
import { choosePassword, type NewPasswordResult } from "./new-password";

/**
 * Replaces a password by whichever token lets one do so: that of a reset link, or the one that a login gave out because
 * the password had expired. ThingsBoard's clients bring both to one place.
 */
export async function resetPassword(
  actor: Actor,
  input: { secret: string; password: string },
  now = new Date(),
): Promise<NewPasswordResult> {
  const reset = await choosePassword(actor, { purpose: "PASSWORD_RESET", ...input }, now);
  if (reset.ok || reset.code !== "link-unusable") return reset;
  return choosePassword(actor, { purpose: "PASSWORD_EXPIRED", ...input }, now);
}
