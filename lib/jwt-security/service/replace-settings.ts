import "server-only";
import { audit } from "@/lib/audit/service";
import type { ConfirmFailure } from "@/lib/auth/service/confirm-password";
import { nextTokens } from "@/lib/auth/service/token-login";
import { type Actor, type Person, requireAdministrator } from "@/lib/core/actor";
import { type Db, db, driver } from "@/lib/core/db";
import type { Invalid } from "@/lib/core/field-errors";
import type { Failure, Success } from "@/lib/core/result";
import { countAttempt, refusalsOf } from "@/lib/core/throttle";
import type { TokenPair } from "@/lib/sessions/service/refresh";
import type { JwtSettings } from "@/lib/settings/jwt/schema";
import { checkPanel } from "@/lib/settings/revisions";
import { settingsInForce } from "@/lib/settings/service";
import { readPanels } from "@/lib/settings/store";
import { currentKey } from "@/lib/tokens/key-ring";
import { type JwtSaved, saveJwtPanel, writeJwtPanel } from "../panel-save";

export type JwtSettingsInForce = JwtSettings & { version: number; keyFingerprint: string };

/** Returns the JWT settings, and the fingerprint of the key. @throws Refusal for anyone but a system administrator */
export async function readJwtSettings(actor: Actor): Promise<JwtSettingsInForce> {
  requireAdministrator(actor);
  // Of one moment: a rotation changes both.
  const read = (tx: Db) => Promise.all([settingsInForce(tx), currentKey(tx)]);
  const [{ jwt }, key] = await db().$transaction(read, { isolationLevel: "RepeatableRead" });
  // The key's issuer, not the panel's: in place of a damaged one stands the default, which a save would put in force.
  return { ...jwt.values, tokenIssuer: key.issuer, version: jwt.version, keyFingerprint: key.fingerprint };
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

export type ReplaceJwtFailure =
  | Invalid
  /** The panel has another version than the one that the edit began from. */
  | Failure<"conflict">
  /** The key or the issuer would change, and the password was proved too long ago. */
  | Failure<"proof-required">
  | ConfirmFailure;

/**
 * Saves the JWT settings in one call, without asking for a confirmation, for programs. The edit is not merged with other
 * saves. The caller's session goes on even if everyone else is signed out, and gets a new token pair under the settings
 * then in force. Its earlier tokens stay valid only if nobody is signed out.
 * @throws Refusal for anyone but a system administrator, and for one who was demoted or signed out meanwhile; and as
 *   `checkRecentPassword` does
 */
export async function replaceJwtSettings(
  actor: Actor,
  edit: JwtSettingsEdit,
  now = new Date(),
): Promise<Success<TokenPair> | ReplaceJwtFailure> {
  const person = requireAdministrator(actor);
  const result = await saveJwtPanel<JwtSaved | ReplaceJwtFailure>(person, edit, now, async (tx, proof) => {
    const current = (await readPanels(tx)).jwt;
    if (edit.version !== undefined && edit.version !== current.version)
      return { ok: false, code: "conflict" };
    const checked = checkPanel("jwt", edit.values);
    if (!checked.ok) return checked;
    const saved = await writeJwtPanel(tx, person, {
      current,
      signingKey: await currentKey(tx),
      values: checked.values,
      key: edit.key,
      mode: edit.keepOldKey ? "keep" : "sign-out",
      keepsOwnSession: true,
      ...proof,
      now,
    });
    return saved.ok ? saved : { ok: false, code: "proof-required" };
  });
  if (result.ok) return { ok: true, ...(await nextTokens(person, now)) };
  if (result.code === "proof-required") await auditUnproved(person, now);
  return result;
}

/** Audits, once a minute, that the password was not proved: whoever has only stolen the token leaves nothing else. */
async function auditUnproved(person: Person, now: Date): Promise<void> {
  const throttle = await countAttempt({ key: refusalsOf(person.userId), perMinute: 1 });
  if (!throttle.allowed) return;
  await audit(driver(), person, [{ kind: "access-refused", details: { reason: "proof-required" } }], now);
}
