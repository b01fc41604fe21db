import "server-only";
import { nextTokens } from "@/lib/auth/service/token-login";
import { type Actor, requireAdministrator } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import type { Failure, Success } from "@/lib/core/result";
import type { TokenPair } from "@/lib/sessions/service/refresh";
import type { JwtSettings } from "@/lib/settings/jwt/schema";
import { settingsInForce } from "@/lib/settings/service";
import { currentKey } from "@/lib/tokens/key-ring";
import { type SaveJwtResult, updateJwtSecurity } from "./save-settings";

export type JwtSettingsInForce = JwtSettings & { version: number; keyFingerprint: string };

/** Returns the JWT settings, and the fingerprint of the key. @throws Refusal for anyone but a system administrator */
export async function readJwtSettings(actor: Actor): Promise<JwtSettingsInForce> {
  requireAdministrator(actor);
  const [{ jwt }, key] = await Promise.all([settingsInForce(), currentKey(db())]);
  return { ...jwt.values, version: jwt.version, keyFingerprint: key.fingerprint };
}

export type JwtSettingsEdit = {
  values: JwtSettings;
  /** The new key, Base64; null keeps the one in force. */
  key: string | null;
  /** Whether tokens that the old key signed are still accepted after a change of the key or the issuer. */
  keepOldKey: boolean;
  /** The caller's password; null to rely on the session's last proof of it. */
  password: string | null;
  /** The version that the edit began from; without it, the edit replaces whatever is in force. */
  version?: number | undefined;
};

type SaveFailure = Exclude<SaveJwtResult, Success>;
export type ReplaceJwtFailure =
  | Exclude<SaveFailure, { code: "conflict" | "rotation-unconfirmed" }>
  | Failure<"conflict">
  /** The key or the issuer would change, and the password was proved too long ago. */
  | Failure<"proof-required">;

/**
 * Saves the JWT settings in one call, without asking for a confirmation, for programs. The caller's session goes on
 * even if everyone else is signed out, and gets a new token pair under the settings then in force. Its earlier tokens
 * stay valid only if nobody is signed out.
 * @throws Refusal for anyone but a system administrator
 */
export async function replaceJwtSettings(
  actor: Actor,
  edit: JwtSettingsEdit,
  now = new Date(),
): Promise<Success<TokenPair> | ReplaceJwtFailure> {
  const person = requireAdministrator(actor);
  const { values, key, password, keepOldKey, version = null } = edit;
  const mode = keepOldKey ? ("keep" as const) : ("sign-out" as const);
  const change = { values, key, mode, password, version, keptSessionId: person.sessionId };
  const result = await updateJwtSecurity(person, change, now);
  if (result.ok) return { ok: true, ...(await nextTokens(person, now)) };
  switch (result.code) {
    case "rotation-unconfirmed":
      return { ok: false, code: "proof-required" };
    case "conflict":
      return { ok: false, code: "conflict" };
    default:
      return result;
  }
}
