import "server-only";
import type { ConfirmFailure } from "@/lib/auth/service/confirm-password";
import { type Actor, requireAdministrator } from "@/lib/core/actor";
import type { Db } from "@/lib/core/db";
import type { Invalid } from "@/lib/core/field-errors";
import { mergedWith, type PanelConflict, type PanelSaved, reconcile } from "@/lib/settings/revisions";
import { findRevision, readPanels, type StoredPanel } from "@/lib/settings/store";
import { currentKey } from "@/lib/tokens/key-ring";
import type { SigningKeyRow } from "@/lib/tokens/store";
import {
  fingerprintOf,
  type JwtSaved,
  type RotationUnconfirmed,
  saveJwtPanel,
  writeJwtPanel,
} from "../panel-save";
import type { JwtEdit } from "../schema";

export type SaveJwtResult =
  | (PanelSaved<"jwt"> & JwtSaved)
  | Invalid
  | PanelConflict<"jwt">
  | RotationUnconfirmed
  | ConfirmFailure;

/**
 * Saves the JWT panel, merged with other users' saves since `edit.version`. A changed key or issuer is a rotation: it
 * needs a mode and a recent proof of the password, and adds an entry to the key ring.
 * @throws Refusal for anyone but a system administrator, and for one who was demoted or signed out meanwhile; and as
 *   `checkRecentPassword` does
 */
export async function updateJwtSecurity(
  actor: Actor,
  edit: JwtEdit,
  now = new Date(),
): Promise<SaveJwtResult> {
  const person = requireAdministrator(actor);
  return saveJwtPanel<SaveJwtResult>(person, edit, now, async (tx, { passwordRequired }) => {
    const current = (await readPanels(tx)).jwt;
    const signingKey = await currentKey(tx);
    const reconciled = await reconcile(tx, "jwt", current, edit);
    if (!reconciled.ok && reconciled.code === "invalid") return reconciled;
    if (await isKeyContested(tx, current, signingKey, edit)) {
      const conflicts = [...(reconciled.ok ? [] : reconciled.conflicts), "tokenSigningKey"];
      return { ok: false, code: "conflict", theirs: current, mine: edit.values, conflicts };
    }
    if (!reconciled.ok) return reconciled;
    const { key, mode } = edit;
    const saved = await writeJwtPanel(tx, person, {
      current,
      signingKey,
      values: reconciled.values,
      key,
      mode,
      passwordRequired,
      keepsOwnSession: false,
      now,
    });
    return saved.ok ? { ...saved, mergedWith: mergedWith(person, current, edit) } : saved;
  });
}

/** Whether the edit has a new key although another user has put a different one in force since the edit began. */
async function isKeyContested(
  tx: Db,
  current: StoredPanel<"jwt">,
  signingKey: SigningKeyRow,
  edit: JwtEdit,
): Promise<boolean> {
  if (edit.key === null || edit.version === current.version) return false;
  if (fingerprintOf(edit.key) === signingKey.fingerprint) return false;
  const base = await findRevision(tx, "jwt", edit.version);
  return base?.facts.keyFingerprint !== current.facts.keyFingerprint;
}
