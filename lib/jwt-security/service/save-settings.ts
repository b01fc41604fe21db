import "server-only";
import { type Actor, type Person, requireAdministrator } from "@/lib/core/actor";
import { type Db, db } from "@/lib/core/db";
import { Refusal } from "@/lib/core/errors";
import type { Invalid } from "@/lib/core/field-errors";
import type { Failure } from "@/lib/core/result";
import { keyFingerprint } from "@/lib/core/secrets";
import { lockSessionRow } from "@/lib/sessions/store";
import { sweepSessionsAfterChange } from "@/lib/sessions/sweep";
import {
  mergedWith,
  type PanelConflict,
  type PanelSaved,
  reconcile,
  retryOnCollision,
  writePanel,
} from "@/lib/settings/revisions";
import { changedFields } from "@/lib/settings/rules";
import { findRevision, readPanels, type StoredPanel, serializeSaves } from "@/lib/settings/store";
import { currentKey, type KeySummary } from "@/lib/tokens/key-ring";
import { signingKeySchema } from "@/lib/tokens/schema";
import { type SigningKeyRow, serializeKeyChanges } from "@/lib/tokens/store";
import { checkRecentPassword, type PasswordProofFailure } from "../recent-password";
import { type Rotation, type RotationReach, reachOf, rotate, signEveryoneOut, summary } from "../rotation";
import type { JwtEdit } from "../schema";

type Edit = Omit<JwtEdit, "version"> & {
  /** The version that the edit began from; null, for programs, to replace whatever is in force. */
  version: number | null;
  /**
   * Only for programs: the session that goes on when everyone is signed out; its present tokens become void. A
   * program's edit is not merged with other saves: it fails with "conflict" if its version is not in force.
   */
  keptSessionId?: string;
};

export type SaveJwtResult =
  | (PanelSaved<"jwt"> & { key: KeySummary; signedOut: boolean })
  | Invalid
  | PanelConflict<"jwt">
  /** The key or the issuer would change: ask the user for the mode, and for the password if `passwordRequired`. */
  | Failure<"rotation-unconfirmed", { reach: RotationReach; rotation: Rotation; passwordRequired: boolean }>
  | PasswordProofFailure;

/**
 * Saves the JWT panel. A changed key or issuer is a rotation: it needs a mode and a recent proof of the password, and
 * adds an entry to the key ring.
 * @throws Refusal for anyone but a system administrator, and "unauthenticated" if the caller was signed out meanwhile
 */
export async function updateJwtSecurity(actor: Actor, edit: Edit, now = new Date()): Promise<SaveJwtResult> {
  const person = requireAdministrator(actor);
  const invalid = checkKey(edit.key);
  if (invalid) return invalid;
  const proof = await checkRecentPassword(person, edit.password, now);
  if (!proof.ok) return proof;
  const { passwordRequired } = proof;
  const { result, replaced } = await retryOnCollision(() =>
    db().$transaction(async (tx) => {
      if (edit.keptSessionId) await takeTurn(tx);
      const current = (await readPanels(tx)).jwt;
      const begun = { ...edit, version: edit.version ?? current.version };
      const result = await save(tx, person, { current, edit: begun, passwordRequired, now });
      return { result, replaced: current.version };
    }),
  );
  // Keys and settings are in force already. There may be any number of sessions, so the sweep is not part of the
  // transaction.
  if (result.ok && result.panel.version !== replaced) await sweepSessionsAfterChange(now);
  return result;
}

/** Makes the saves of programs take turns, so that those without a version all succeed, however many come at once. */
async function takeTurn(tx: Db): Promise<void> {
  // In the order in which the console's saves lock these tables, or they could deadlock.
  await serializeKeyChanges(tx);
  await serializeSaves(tx);
}

async function save(
  tx: Db,
  actor: Person,
  input: {
    current: StoredPanel<"jwt">;
    edit: JwtEdit & Pick<Edit, "keptSessionId">;
    passwordRequired: boolean;
    now: Date;
  },
): Promise<SaveJwtResult> {
  const { current, edit, passwordRequired, now } = input;
  if (edit.keptSessionId && edit.version !== current.version) {
    const conflicts = changedFields(current.values, edit.values);
    return { ok: false, code: "conflict", theirs: current, mine: edit.values, conflicts };
  }
  const key = await currentKey(tx);
  const reconciled = await reconcile(tx, "jwt", current, edit);
  if (!reconciled.ok && reconciled.code === "invalid") return reconciled;
  if (await isKeyContested(tx, current, key, edit)) {
    const conflicts = [...(reconciled.ok ? [] : reconciled.conflicts), "tokenSigningKey"];
    return { ok: false, code: "conflict", theirs: current, mine: edit.values, conflicts };
  }
  if (!reconciled.ok) return reconciled;
  const { values } = reconciled;
  const from = { fingerprint: key.fingerprint, issuer: key.issuer };
  const to = {
    fingerprint: edit.key === null ? key.fingerprint : fingerprintOf(edit.key),
    issuer: values.tokenIssuer,
  };
  const replaces = to.fingerprint !== from.fingerprint;
  const rotates = replaces || to.issuer !== from.issuer;
  const keptSessionId = edit.mode === "sign-out" ? edit.keptSessionId : undefined;
  const reach = rotates ? await reachOf(tx, actor, { key, current, keptSessionId, now }) : null;
  if (reach && (edit.mode === null || passwordRequired))
    return { ok: false, code: "rotation-unconfirmed", reach, rotation: { from, to }, passwordRequired };
  const panelChange = { current, values, now };
  const others = mergedWith(actor, current, edit);
  if (!reach || edit.mode === null) {
    const panel = await writePanel(tx, actor, "jwt", panelChange);
    return { ok: true, panel, mergedWith: others, key: summary(key), signedOut: false };
  }
  await serializeKeyChanges(tx);
  // The change that this one has waited for may have signed the caller out.
  if (!(await lockSessionRow(tx, actor.sessionId, now))) throw new Refusal("unauthenticated");
  const newKey = await rotate(tx, {
    from: key,
    to: replaces ? edit.key : null,
    issuer: values.tokenIssuer,
    verifyUntil: edit.mode === "sign-out" ? null : reach.oldKeyVerifiesUntil,
    now,
  });
  if (edit.mode === "sign-out")
    await signEveryoneOut(tx, actor, { reach, keptSessionId, kid: newKey.kid }, now);
  const panel = await writePanel(tx, actor, "jwt", {
    ...panelChange,
    facts: { keyFingerprint: newKey.fingerprint },
    details: {
      ...(replaces && { tokenSigningKey: { from: key.fingerprint, to: newKey.fingerprint } }),
      sessions: edit.mode === "keep" ? "kept" : "ended",
    },
  });
  return { ok: true, panel, mergedWith: others, key: summary(newKey), signedOut: edit.mode === "sign-out" };
}

function checkKey(key: string | null): Invalid | null {
  const parsed = key === null ? null : signingKeySchema.safeParse(key);
  if (!parsed || parsed.success) return null;
  const messages = parsed.error.issues.map((issue) => issue.message);
  return { ok: false, code: "invalid", fieldErrors: { tokenSigningKey: messages } };
}

const fingerprintOf = (key: string) => keyFingerprint(Buffer.from(key, "base64"));

/** Whether the edit has a new key although another user has put a different one in force since the edit began. */
async function isKeyContested(
  tx: Db,
  current: StoredPanel<"jwt">,
  key: SigningKeyRow,
  edit: JwtEdit,
): Promise<boolean> {
  if (edit.key === null || edit.version === current.version) return false;
  if (fingerprintOf(edit.key) === key.fingerprint) return false;
  const base = await findRevision(tx, "jwt", edit.version);
  return base?.facts.keyFingerprint !== current.facts.keyFingerprint;
}
