import "server-only";
import type { ConfirmFailure } from "@/lib/auth/service/confirm-password";
import type { Person } from "@/lib/core/actor";
import type { Db } from "@/lib/core/db";
import type { Invalid } from "@/lib/core/field-errors";
import { requireLastingSession } from "@/lib/core/lasting-session";
import type { Failure, Success } from "@/lib/core/result";
import { keyFingerprint } from "@/lib/core/secrets";
import { sweepSessionsAfterChange } from "@/lib/sessions/sweep";
import type { JwtSettings } from "@/lib/settings/jwt/schema";
import { retryOnCollision, writePanel } from "@/lib/settings/revisions";
import type { StoredPanel } from "@/lib/settings/store";
import type { KeySummary } from "@/lib/tokens/key-ring";
import { signingKeySchema } from "@/lib/tokens/schema";
import { type SigningKeyRow, serializeKeyChanges } from "@/lib/tokens/store";
import { requireLastingAuthority } from "./lasting-authority";
import { checkRecentPassword } from "./recent-password";
import { type Rotation, type RotationReach, reachOf, rotate, signEveryoneOut, summary } from "./rotation";
import type { RotationMode } from "./schema";

// Saves the JWT panel, for the verbs of the console and of programs.

/** `replaced`: the version that was in force before; the panel still has it if the save changed nothing. */
export type JwtSaved = Success<{
  panel: StoredPanel<"jwt">;
  replaced: number;
  key: KeySummary;
  signedOut: boolean;
}>;

/** The key or the issuer would change: ask the user for the mode, and for the password if `passwordRequired`. */
export type RotationUnconfirmed = Failure<
  "rotation-unconfirmed",
  { reach: RotationReach; rotation: Rotation; passwordRequired: boolean }
>;

/** What a save that has begun is to put in force. */
export type JwtChange = {
  /** The panel and the key that are in force. */
  current: StoredPanel<"jwt">;
  signingKey: SigningKeyRow;
  /** The panel's next values, which are valid. */
  values: JwtSettings;
  /** The new key, Base64; null keeps the one in force. */
  key: string | null;
  mode: RotationMode | null;
  passwordRequired: boolean;
  /** Whether the caller's session goes on when everyone is signed out; its present tokens become void. */
  keepsOwnSession: boolean;
  now: Date;
};

/**
 * Runs a save in a transaction, again if another save came first, once the key and the proof of the password are
 * checked. Saves take turns, so that those of programs without a version all succeed, however many come at once.
 * Afterwards it sweeps the sessions.
 * @param input `key`: the new key in Base64, or null; `password`: the password that the user has given now, or null
 * @throws Refusal as `checkRecentPassword` does, and what `save` throws
 */
export async function saveJwtPanel<R extends JwtSaved | Failure<string>>(
  person: Person,
  { key, password }: { key: string | null; password: string | null },
  now: Date,
  save: (tx: Db, proof: { passwordRequired: boolean }) => Promise<R>,
): Promise<R | Invalid | ConfirmFailure> {
  const invalid = checkKey(key);
  if (invalid) return invalid;
  const proof = await checkRecentPassword(person, password, now);
  if (!proof.ok) return proof;
  const saveInTurn = async (tx: Db) => {
    // The panel and the key are read one after the other, and must belong together.
    await serializeKeyChanges(tx);
    return save(tx, proof);
  };
  const result = await retryOnCollision(saveInTurn, serializeKeyChanges);
  // Keys and settings are in force already. There may be any number of sessions, so the sweep is not part of the
  // transaction.
  if (result.ok && result.panel.version !== result.replaced) await sweepSessionsAfterChange(now);
  return result;
}

function checkKey(key: string | null): Invalid | null {
  const parsed = key === null ? null : signingKeySchema.safeParse(key);
  if (!parsed || parsed.success) return null;
  const messages = parsed.error.issues.map((issue) => issue.message);
  return { ok: false, code: "invalid", fieldErrors: { tokenSigningKey: messages } };
}

/** Returns the fingerprint of a key that is given in Base64. */
export const fingerprintOf = (key: string) => keyFingerprint(Buffer.from(key, "base64"));

/**
 * Writes the panel's next version. A changed key or issuer is a rotation: it needs a mode and a recent proof of the
 * password, and adds an entry to the key ring.
 * @throws Refusal "unauthenticated" or "forbidden" if the caller was signed out or demoted meanwhile; and a unique
 *   violation if another save came first
 */
export async function writeJwtPanel(
  tx: Db,
  actor: Person,
  change: JwtChange,
): Promise<JwtSaved | RotationUnconfirmed> {
  const { current, signingKey, values, now } = change;
  const from = { fingerprint: signingKey.fingerprint, issuer: signingKey.issuer };
  const to = {
    fingerprint: change.key === null ? signingKey.fingerprint : fingerprintOf(change.key),
    issuer: values.tokenIssuer,
  };
  if (to.fingerprint !== from.fingerprint || to.issuer !== from.issuer)
    return rotateWithPanel(tx, actor, change, { from, to });
  const panel = await writePanel(tx, actor, "jwt", { current, values, now });
  await requireLastingSession(tx, actor, now);
  return { ok: true, replaced: current.version, panel, key: summary(signingKey), signedOut: false };
}

async function rotateWithPanel(
  tx: Db,
  actor: Person,
  change: JwtChange,
  { from, to }: Rotation,
): Promise<JwtSaved | RotationUnconfirmed> {
  const { current, signingKey, values, mode, passwordRequired, keepsOwnSession, now } = change;
  const reach = await reachOf(tx, actor, { key: signingKey, current, keepsOwnSession, now });
  if (mode === null || passwordRequired)
    return { ok: false, code: "rotation-unconfirmed", reach, rotation: { from, to }, passwordRequired };
  await requireLastingAuthority(tx, actor, now);
  const isNewKey = to.fingerprint !== from.fingerprint;
  const signedOut = mode === "sign-out";
  const newKey = await rotate(tx, {
    from: signingKey,
    to: isNewKey ? change.key : null,
    issuer: to.issuer,
    verifyUntil: signedOut ? null : reach.oldKeyVerifiesUntil,
    now,
  });
  if (signedOut) await signEveryoneOut(tx, actor, { reach, keepsOwnSession, kid: newKey.kid }, now);
  const panel = await writePanel(tx, actor, "jwt", {
    current,
    values,
    now,
    facts: { keyFingerprint: newKey.fingerprint },
    details: {
      ...(isNewKey && { tokenSigningKey: { from: from.fingerprint, to: newKey.fingerprint } }),
      sessions: signedOut ? "ended" : "kept",
    },
  });
  return { ok: true, replaced: current.version, panel, key: summary(newKey), signedOut };
}
