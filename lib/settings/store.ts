import "server-only";
import type { Db, RawDb } from "@/lib/core/db";
import { Prisma } from "@/prisma/generated/client";
import { salvagePanel } from "./salvage";
import { type Panel, type PanelValues, panels, type SecurityPanel } from "./schema";

/** What is stored beside a panel's values: facts that a save establishes, not something an administrator enters. */
export type PanelFacts = {
  /** When passwords began to expire; null while they do not. */
  expirySwitchedOnAt?: string | null;
  /** Which signing key a save of the JWT panel put in force. */
  keyFingerprint?: string;
  /** The mail server's password, sealed; null when there is none. */
  sealedPassword?: string | null;
};

/** A panel as it is in force. Version 0 stands for the defaults, when nothing was ever saved. */
export type StoredPanel<P extends Panel = Panel> = {
  version: number;
  values: PanelValues[P];
  facts: PanelFacts;
  savedAt: Date | null;
  savedByEmail: string;
  /** Fields whose stored values were unsound; their defaults are in force. */
  damaged: string[];
};

/** The panels of the security settings. */
export type StoredPanels = { [P in SecurityPanel]: StoredPanel<P> };

type Row = { panel: string; version: number; values: unknown; savedAt: Date; savedByEmail: string };

function readFacts(stored: unknown): PanelFacts {
  const source = typeof stored === "object" && stored !== null ? (stored as Record<string, unknown>) : {};
  const { expirySwitchedOnAt: since, keyFingerprint: fingerprint, sealedPassword } = source;
  return {
    ...(typeof since === "string" && !Number.isNaN(Date.parse(since)) && { expirySwitchedOnAt: since }),
    ...(typeof fingerprint === "string" && { keyFingerprint: fingerprint }),
    ...(typeof sealedPassword === "string" && { sealedPassword }),
  };
}

function toPanel<P extends Panel>(panel: P, row: Row | undefined): StoredPanel<P> {
  if (!row)
    return {
      version: 0,
      ...salvagePanel(panel, null),
      damaged: [],
      facts: {},
      savedAt: null,
      savedByEmail: "",
    };
  return {
    version: row.version,
    ...salvagePanel(panel, row.values),
    facts: readFacts(row.values),
    savedAt: row.savedAt,
    savedByEmail: row.savedByEmail,
  };
}

async function readNewest(db: RawDb, names: readonly Panel[]): Promise<Row[]> {
  return db.$queryRaw<Row[]>(Prisma.sql`
    SELECT newest.* FROM unnest(${[...names]}::text[]) AS p(name)
    CROSS JOIN LATERAL (
      SELECT panel, version, "values", saved_at AS "savedAt", saved_by_email AS "savedByEmail"
      FROM settings_revisions WHERE panel = p.name ORDER BY version DESC LIMIT 1
    ) AS newest`);
}

/** The three panels of the security settings as they are in force, in one round trip: every login asks for them. */
export async function readPanels(db: RawDb): Promise<StoredPanels> {
  const rows = await readNewest(db, panels);
  const of = <P extends Panel>(panel: P) =>
    toPanel(
      panel,
      rows.find((row) => row.panel === panel),
    );
  return { general: of("general"), password: of("password"), jwt: of("jwt") };
}

/** The mail panel as it is in force. */
export async function readMailPanel(db: RawDb): Promise<StoredPanel<"mail">> {
  return toPanel("mail", (await readNewest(db, ["mail"]))[0]);
}

/** One panel as it was at a version; null when there never was that version. */
export async function findRevision<P extends Panel>(
  db: Db,
  panel: P,
  version: number,
): Promise<StoredPanel<P> | null> {
  const row = await db.settingsRevision.findUnique({ where: { panel_version: { panel, version } } });
  return row && toPanel(panel, row);
}

/** The JWT settings that were in force until another save, for each save after `since`. */
export async function findSupersededJwtSettings(
  db: Db,
  since: Date,
): Promise<{ until: Date; values: PanelValues["jwt"] }[]> {
  const rows = await db.$queryRaw<{ values: unknown; until: Date }[]>(Prisma.sql`
    SELECT * FROM (
      SELECT "values", lead(saved_at) OVER (ORDER BY version) AS until FROM settings_revisions WHERE panel = 'jwt'
    ) AS revisions WHERE until > ${since}`);
  return rows.map(({ until, values }) => ({ until, values: salvagePanel("jwt", values).values }));
}

/** Nobody else adds a version of any panel until the transaction ends; whoever wanted to, waits. What is there can be read. */
export async function serializeSaves(tx: Db): Promise<void> {
  await tx.$executeRaw`LOCK TABLE settings_revisions IN SHARE ROW EXCLUSIVE MODE`;
}

/**
 * Adds the next version of a panel.
 * @throws a unique violation when somebody else has just added that version
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

/** The mail server's password in every version that has one; nobody adds one until the transaction ends. */
export async function findSealedPasswords(tx: Db): Promise<{ version: number; sealedPassword: string }[]> {
  await tx.$executeRaw`LOCK TABLE settings_revisions IN EXCLUSIVE MODE`;
  return tx.$queryRaw(Prisma.sql`
    SELECT version, "values"->>'sealedPassword' AS "sealedPassword" FROM settings_revisions
    WHERE panel = 'mail' AND "values"->>'sealedPassword' IS NOT NULL ORDER BY version`);
}

/** The same password, sealed anew: the one thing that is ever changed in a version that was saved. */
export async function replaceSealedPassword(db: Db, version: number, sealedPassword: string): Promise<void> {
  await db.$executeRaw`
    UPDATE settings_revisions SET "values" = jsonb_set("values", '{sealedPassword}', to_jsonb(${sealedPassword}::text))
    WHERE panel = 'mail' AND version = ${version}`;
}
