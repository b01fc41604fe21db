import "server-only";
import type { AuditDetails } from "@/lib/audit/schema";
import { audit } from "@/lib/audit/service";
import type { Host, Person } from "@/lib/core/actor";
import { changedFields, changesOf } from "@/lib/core/changes/rules";
import { MAX_CLOCK_SKEW_MS } from "@/lib/core/clock-skew/rules";
import { type Db, db } from "@/lib/core/db";
import { isUniqueViolation } from "@/lib/core/errors";
import { fieldErrorsOf, type Invalid } from "@/lib/core/field-errors";
import { HOST } from "@/lib/core/host/rules";
import type { Failure, Success } from "@/lib/core/result";
import { type Merge, mergeEdits } from "./rules";
import { type Panel, type PanelValues, panelSchemas } from "./schema";
import { findRevision, insertRevision, type PanelFacts, type StoredPanel, serializeSaves } from "./store";

// Turns an edit of a panel into its next revision; docs/decisions/0005 says why settings are revisions.

/** What a form sends: its values, and the version that they were edited from. */
export type PanelEdit<P extends Panel> = { version: number; values: PanelValues[P] };

/** `mergedWith`: the e-mail address (or `HOST`) of whoever saved other fields since the edit began, or null. */
export type PanelSaved<P extends Panel> = Success<{ panel: StoredPanel<P>; mergedWith: string | null }>;
/**
 * Another user changed the same fields, or other fields that are invalid together with the caller's. `theirs` is in
 * force, `mine` is what the caller sent, and `conflicts` names the fields to choose between the two.
 */
export type PanelConflict<P extends Panel> = Failure<
  "conflict",
  { theirs: StoredPanel<P>; mine: PanelValues[P]; conflicts: string[] }
>;
export type SavePanelResult<P extends Panel> = PanelSaved<P> | Invalid | PanelConflict<P>;

/**
 * Returns who saved the panel since an edit began; null if nobody did, or only the caller, who may save again because
 * the answer to the first save was lost.
 */
export function mergedWith<P extends Panel>(
  { email }: Person,
  current: StoredPanel<P>,
  edit: PanelEdit<P>,
): string | null {
  const isOwn = current.version === edit.version + 1 && current.savedByEmail === email;
  return isOwn || current.version === edit.version ? null : current.savedByEmail;
}

/**
 * Runs a save in a transaction, and again if another save came between its read and its write; the second run sees that
 * save. Gives up after ten runs.
 * @param takeTurn takes the lock that the saves of programs take. The second run begins with it: programs that save
 *   without end could win every time
 * @throws what `save` throws
 */
export async function retryOnCollision<T>(
  save: (tx: Db) => Promise<T>,
  takeTurn: (tx: Db) => Promise<void> = serializeSaves,
): Promise<T> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await db().$transaction(async (tx) => {
        if (attempts > 1) await takeTurn(tx);
        return save(tx);
      });
    } catch (error) {
      if (attempts === 10 || !isUniqueViolation(error)) throw error;
    }
  }
}

/** Merges an edit with what others saved since its version, and checks the result against the panel's rules. */
export async function reconcile<P extends Panel>(
  tx: Db,
  panel: P,
  current: StoredPanel<P>,
  edit: PanelEdit<P>,
): Promise<Success<{ values: PanelValues[P] }> | Invalid | PanelConflict<P>> {
  const mine = checkPanel(panel, edit.values);
  if (!mine.ok || edit.version === current.version) return mine;
  const base = await findRevision(tx, panel, edit.version);
  // Without the version that the edit began from, it is unknown what the user changed: every difference is a conflict.
  const { merged, conflicts }: Merge<PanelValues[P]> = base
    ? mergeEdits(base.values, mine.values, current.values)
    : { merged: current.values, conflicts: changedFields(current.values, mine.values) };
  if (conflicts.length > 0)
    return { ok: false, code: "conflict", theirs: current, mine: mine.values, conflicts };
  const outcome = checkPanel(panel, merged);
  if (outcome.ok) return outcome;
  // Each side is valid, but the merge is not, so the user must choose.
  const differing = changedFields(current.values, mine.values);
  return { ok: false, code: "conflict", theirs: current, mine: mine.values, conflicts: differing };
}

/** Checks values against their panel's rules, including those across several fields. */
export function checkPanel<P extends Panel>(
  panel: P,
  values: PanelValues[P],
): Success<{ values: PanelValues[P] }> | Invalid {
  const parsed = panelSchemas[panel].safeParse(values);
  if (parsed.success) return { ok: true, values: parsed.data as PanelValues[P] };
  return { ok: false, code: "invalid", fieldErrors: fieldErrorsOf(parsed.error) };
}

/**
 * Writes a panel's next version and its audit event. Writes neither if the save changes nothing and repairs no damaged
 * field. Waits for another save that is under way: only afterwards is it certain that the caller still may save.
 * @returns the panel that is then in force
 * @throws a unique violation if another save has just added that version
 */
export async function writePanel<P extends Panel>(
  tx: Db,
  actor: Person | Host,
  panel: P,
  change: {
    current: StoredPanel<P>;
    values: PanelValues[P];
    facts?: PanelFacts;
    details?: AuditDetails;
    now: Date;
  },
): Promise<StoredPanel<P>> {
  const { current, values, now, details } = change;
  const changes: AuditDetails = { ...changesOf(current.values, values), ...details };
  if (Object.keys(changes).length === 0 && current.damaged.length === 0) return current;
  const facts = { ...current.facts, ...expiryFact(current, values, now), ...change.facts };
  const savedAt = notBefore(current.savedAt, now);
  const next = {
    version: current.version + 1,
    values,
    facts,
    savedAt,
    savedByEmail: actor.kind === "person" ? actor.email : HOST,
  };
  await insertRevision(tx, panel, next);
  const event = { kind: "settings-changed", details: { panel, version: next.version, changes } } as const;
  await audit(tx, actor, [event], savedAt);
  return { ...next, damaged: [] };
}

/**
 * Returns the time of a save, which is not before the save that it follows: it may have begun earlier and waited, or on
 * a server whose clock is behind. A time that is later than the clock skew allows was set by a clock since set back.
 */
function notBefore(earlier: Date | null, now: Date): Date {
  const aheadMs = earlier ? earlier.getTime() - now.getTime() : 0;
  return earlier && aheadMs > 0 && aheadMs <= MAX_CLOCK_SKEW_MS ? earlier : now;
}

/**
 * Returns when expiry was switched on. The period of every older password begins then; otherwise, users whose passwords
 * are older than the period would have to replace them at once.
 */
function expiryFact(current: StoredPanel, values: object, now: Date): PanelFacts {
  if (!("passwordExpirationPeriodDays" in values)) return {};
  if (values.passwordExpirationPeriodDays === 0) return { expirySwitchedOnAt: null };
  return { expirySwitchedOnAt: current.facts.expirySwitchedOnAt ?? now.toISOString() };
}
