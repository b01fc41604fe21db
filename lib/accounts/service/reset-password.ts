import "server-only";
import type { Actor } from "@/lib/core/actor";
import { choosePassword, type NewPasswordResult } from "./new-password";

/**
 * Replaces a password with either kind of token: the secret of a reset link, or the grant that a login returned because
 * the password had expired. ThingsBoard's clients send both to one endpoint.
 * @throws Refusal "overloaded"
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
