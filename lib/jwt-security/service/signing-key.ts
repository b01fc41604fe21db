import "server-only";
import { audit } from "@/lib/audit/service";
import { type ConfirmFailure, confirmPassword } from "@/lib/auth/service/confirm-password";
import { type Actor, requireAdministrator } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { requireLastingSession } from "@/lib/core/lasting-session";
import type { Success } from "@/lib/core/result";
import { currentKey, generateSigningKey, openKey } from "@/lib/tokens/key-ring";

/**
 * Generates a key for the user to look at and perhaps save; stores nothing.
 * @throws Refusal for anyone but a system administrator
 */
export async function proposeSigningKey(actor: Actor): Promise<{ key: string }> {
  requireAdministrator(actor);
  return { key: generateSigningKey() };
}

/**
 * Returns the signing key in Base64, with its fingerprint, if `password` is the administrator's own, and audits that it
 * was shown.
 * @throws Refusal for anyone but a system administrator, and for one who no longer is; and as `confirmPassword` does
 */
export async function showSigningKey(
  actor: Actor,
  input: { password: string },
  now = new Date(),
): Promise<Success<{ key: string; fingerprint: string }> | ConfirmFailure> {
  const person = requireAdministrator(actor);
  const confirmed = await confirmPassword(person, input.password, now);
  if (!confirmed.ok) return confirmed;
  return db().$transaction(async (tx) => {
    const row = await currentKey(tx);
    // After the key is read: since the confirmation, the caller may have been removed, and the key replaced for that.
    await requireLastingSession(tx, person, now);
    const { fingerprint } = row;
    await audit(tx, person, [{ kind: "signing-key-shown", details: { fingerprint } }], now);
    return { ok: true, key: openKey(row).secret.toString("base64"), fingerprint };
  });
}
