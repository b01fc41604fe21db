import "server-only";
import { type Actor, requireAdministrator } from "@/lib/core/actor";
import { decodeCursor, pageOf } from "@/lib/core/cursor/rules";
import { db } from "@/lib/core/db";
import { panels, type SecurityPanel } from "../schema";
import { findRevision, readPanels, type StoredPanel } from "../store";
import { changesBetween, restorableValues, revisionName } from "./rules";
import {
  comparisonQuerySchema,
  HISTORY_PAGE_SIZE,
  historyQuerySchema,
  OFFERED_VERSIONS,
  type Revision,
  revisionNameSchema,
  revisionSchema,
} from "./schema";
import { findRevisions, findVersions, type OfferedVersion } from "./store";

/** A version in the list. */
export type RevisionEntry = {
  revision: Revision;
  /** What the save changed, compared with the version before it, or with the defaults. */
  changes: ReturnType<typeof changesBetween>;
  /** The fields that were damaged in the version before and are not in this one. */
  repaired: string[];
  isInForce: boolean;
};

export type RevisionsPage = { entries: RevisionEntry[]; nextCursor: string | null };

/**
 * Returns a page of the saved versions of the three panels, newest first.
 * @throws Refusal for anyone but a system administrator
 */
export async function listRevisions(actor: Actor, input: unknown): Promise<RevisionsPage> {
  requireAdministrator(actor);
  const { panel, after } = historyQuerySchema.parse(input);
  const found = await findRevisions(
    db(),
    { panels: panel ? [panel] : panels, after: decodeCursor(after) },
    HISTORY_PAGE_SIZE + 1,
  );
  const entries = found.map(({ panel, stored, replaced, isInForce }) => {
    const revision = asRevision(panel, stored);
    const before = asRevision(panel, replaced);
    const repaired = before.damaged.filter((field) => !revision.damaged.includes(field));
    return { revision, changes: changesBetween(before, revision), repaired, isInForce };
  });
  const { page, nextCursor } = pageOf(entries, HISTORY_PAGE_SIZE, ({ revision }) => ({
    at: revision.savedAt ?? new Date(0),
    id: revisionName(revision),
  }));
  return { entries: page, nextCursor };
}

/** A version beside another one of its panel. */
export type Comparison = {
  revision: Revision;
  other: Revision;
  inForce: Revision;
  /** The values that restoring the version would change. */
  restorable: ReturnType<typeof restorableValues>;
  /** The panel's newest versions, to compare with. */
  offered: OfferedVersion[];
};

/**
 * Returns a version of a panel beside another one: the one that `query` names, else what is in force; beside what is in
 * force, the version before it. Returns null if the panel does not have the version.
 * @throws Refusal for anyone but a system administrator
 */
export async function compareRevisions(
  actor: Actor,
  named: unknown,
  query: unknown,
): Promise<Comparison | null> {
  requireAdministrator(actor);
  const parsed = revisionSchema.safeParse(named);
  if (!parsed.success) return null;
  const { panel, version } = parsed.data;
  const { with: wanted } = comparisonQuerySchema.parse(query);
  const [revision, stored, offered] = await Promise.all([
    findVersion(panel, version),
    readPanels(db()),
    findVersions(db(), panel, OFFERED_VERSIONS),
  ]);
  if (!revision) return null;
  const inForce = asRevision(panel, stored[panel]);
  const before = offered.find((other) => other.version < version)?.version ?? 0;
  const other =
    (wanted === undefined ? null : await findVersion(panel, wanted)) ??
    (version === inForce.version ? await findVersion(panel, before) : null) ??
    inForce;
  return { revision, other, inForce, restorable: restorableValues(revision, inForce), offered };
}

/** An earlier version's values, to be entered in its panel's form. */
export type Restoration = { revision: Revision; values: ReturnType<typeof restorableValues> };

/**
 * Returns the values that a version, named like "general.7", has and the panel in force has not. Returns null if the
 * name is none, there is no such version, or nothing differs. It changes nothing.
 * @throws Refusal for anyone but a system administrator
 */
export async function readRestoration(actor: Actor, name: unknown): Promise<Restoration | null> {
  requireAdministrator(actor);
  const parsed = revisionNameSchema.safeParse(name);
  if (!parsed.success) return null;
  const { panel, version } = parsed.data;
  const [revision, stored] = await Promise.all([findVersion(panel, version), readPanels(db())]);
  if (!revision) return null;
  const values = restorableValues(revision, asRevision(panel, stored[panel]));
  return Object.keys(values).length === 0 ? null : { revision, values };
}

async function findVersion(panel: SecurityPanel, version: number): Promise<Revision | null> {
  const stored = await findRevision(db(), panel, version);
  return stored && asRevision(panel, stored);
}

function asRevision(panel: SecurityPanel, stored: StoredPanel<SecurityPanel>): Revision {
  const { version, values, facts, savedAt, savedByEmail, damaged } = stored;
  const { keyFingerprint = null } = facts;
  return { panel, version, values, keyFingerprint, savedAt, savedByEmail, damaged } as Revision;
}
