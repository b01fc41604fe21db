import "server-only";
import type { Db, RawDb } from "@/lib/core/db";
import { Prisma, type SettingsRevision } from "@/prisma/generated/client";
import { salvagePanel } from "./salvage";
import { type Panel, type PanelValues, panelDefaults, panels, type SecurityPanel } from "./schema";

/** What is stored with a panel's values, but is not one of them: facts that a save establishes. */
export type PanelFacts = {
  /** When passwords began to expire, in ISO 8601; null while they do not expire. */
  expirySwitchedOnAt?: string | null;
  /** The fingerprint of the signing key that a save of the JWT panel put in force. */
  keyFingerprint?: string;
  /** The mail server's password, sealed; null when there is none. */
  sealedPassword?: string | null;
};

/** A panel as it is in force. Version 0 is the defaults, while nothing was ever saved. */
export type StoredPanel<P extends Panel = Panel> = {
  version: number;
  values: PanelValues[P];
  facts: PanelFacts;
  savedAt: Date | null;
  savedByEmail: string;
  /** The fields whose stored values are invalid; their defaults are in force. */
  damaged: string[];
};

/** The panels of the security settings. */
export type StoredPanels = { [P in SecurityPanel]: StoredPanel<P> };

/** A stored version of a panel, its JSON as yet unread. */
export type RevisionRow = Omit<SettingsRevision, "values"> & { values: unknown };

function readFacts(stored: unknown): PanelFacts {
  const source = typeof stored === "object" && stored !== null ? (stored as Record<string, unknown>) : {};
  const { expirySwitchedOnAt: since, keyFingerprint: fingerprint, sealedPassword } = source;
  return {
    ...(typeof since === "string" && !Number.isNaN(Date.parse(since)) && { expirySwitchedOnAt: since }),
    ...(typeof fingerprint === "string" && { keyFingerprint: fingerprint }),
    ...(typeof sealedPassword === "string" && { sealedPassword }),
  };
}

/** Reads a row as a panel; without a row, the panel is at version 0, the defaults. */
export function toPanel<P extends Panel>(panel: P, row: RevisionRow | undefined): StoredPanel<P> {
  if (!row) {
    const values = panelDefaults[panel];
    return { version: 0, values, facts: {}, savedAt: null, savedByEmail: "", damaged: [] };
  }
  return {
    version: row.version,
    ...salvagePanel(panel, row.values),
    facts: readFacts(row.values),
    savedAt: row.savedAt,
    savedByEmail: row.savedByEmail,
  };
}

async function readNewest(db: RawDb, names: readonly Panel[]): Promise<RevisionRow[]> {
  return db.$queryRaw<RevisionRow[]>(Prisma.sql`
    SELECT newest.* FROM unnest(${[...names]}::text[]) AS p(name)
    CROSS JOIN LATERAL (
      SELECT panel, version, "values", saved_at AS "savedAt", saved_by_email AS "savedByEmail"
      FROM settings_revisions WHERE panel = p.name ORDER BY version DESC LIMIT 1
    ) AS newest`);
}

/** Reads the three panels of the security settings, in one round trip, because every login needs them. */
export async function readPanels(db: RawDb): Promise<StoredPanels> {
  const rows = await readNewest(db, panels);
  const of = <P extends Panel>(panel: P) =>
    toPanel(
      panel,
      rows.find((row) => row.panel === panel),
    );
  return { general: of("general"), password: of("password"), jwt: of("jwt") };
}

/** Reads the mail panel that is in force. */
export async function readMailPanel(db: RawDb): Promise<StoredPanel<"mail">> {
  return toPanel("mail", (await readNewest(db, ["mail"]))[0]);
}

/** Reads a panel as it was at a version, of which 0 is the defaults; null if that version does not exist. */
export async function findRevision<P extends Panel>(
  db: Db,
  panel: P,
  version: number,
): Promise<StoredPanel<P> | null> {
  if (version === 0) return toPanel(panel, undefined);
  const row = await db.settingsRevision.findUnique({ where: { panel_version: { panel, version } } });
  return row && toPanel(panel, row);
}

/**
 * Reads the JWT settings that a later save replaced, from those saved at `since` on, each with the time of the later
 * save; equal ones once, with the last such time, because programs may have saved the same ones any number of times. The
 * order is that of the versions: the later save may have been timed by a clock that was behind.
 */
export async function findSupersededJwtSettings(
  db: Db,
  since: Date,
): Promise<{ until: Date; values: PanelValues["jwt"] }[]> {
  const rows = await db.$queryRaw<{ values: unknown; until: Date }[]>(Prisma.sql`
    SELECT "values", max(until) AS until FROM (
      SELECT version, "values", lead(saved_at) OVER (ORDER BY version) AS until
      FROM settings_revisions WHERE panel = 'jwt'
    ) AS revisions
    WHERE until IS NOT NULL AND version >= (
      SELECT min(version) FROM settings_revisions WHERE panel = 'jwt' AND saved_at >= ${since}
    ) GROUP BY "values"`);
  return rows.map(({ until, values }) => ({ until, values: salvagePanel("jwt", values).values }));
}

/** Makes other transactions wait until this one ends before they add a version of any panel. Reads do not wait. */
export async function serializeSaves(tx: Db): Promise<void> {
  await tx.$executeRaw`LOCK TABLE settings_revisions IN SHARE ROW EXCLUSIVE MODE`;
}

/**
 * Adds the next version of a panel.
 * @throws a unique violation if another save has just added that version
 */
export async function insertRevision<P extends Panel>(
  db: Db,
  panel: P,
  revision: {
    version: number;
    values: PanelValues[P];
    facts: PanelFacts;
    savedAt: Date;
    savedByEmail: string;
  },
): Promise<void> {
  const { version, values, facts, savedAt, savedByEmail } = revision;
  await db.settingsRevision.create({
    data: { panel, version, values: { ...values, ...facts }, savedAt, savedByEmail },
  });
}

/** Locks the versions of all panels until the transaction ends: no other transaction adds or changes one. */
export async function lockRevisions(tx: Db): Promise<void> {
  await tx.$executeRaw`LOCK TABLE settings_revisions IN EXCLUSIVE MODE`;
}

/** Reads the sealed password of the mail server in every version that has one. */
export async function findSealedPasswords(db: Db): Promise<{ version: number; sealedPassword: string }[]> {
  return db.$queryRaw(Prisma.sql`
    SELECT version, "values"->>'sealedPassword' AS "sealedPassword" FROM settings_revisions
    WHERE panel = 'mail' AND "values"->>'sealedPassword' IS NOT NULL ORDER BY version`);
}

/** Replaces a version's password by the same password, sealed anew. No other code changes a saved version. */
export async function replaceSealedPassword(db: Db, version: number, sealedPassword: string): Promise<void> {
  await db.$executeRaw`
    UPDATE settings_revisions SET "values" = jsonb_set("values", '{sealedPassword}', to_jsonb(${sealedPassword}::text))
    WHERE panel = 'mail' AND version = ${version}`;
}
