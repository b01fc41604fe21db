import "server-only";
import type { Cursor } from "@/lib/core/cursor/rules";
import type { Db } from "@/lib/core/db";
import { Prisma } from "@/prisma/generated/client";
import type { SecurityPanel } from "../schema";
import { type RevisionRow, type StoredPanel, toPanel } from "../store";

/** A saved version, with the version that it replaced, and whether it is the newest. */
export type FoundRevision = {
  panel: SecurityPanel;
  stored: StoredPanel<SecurityPanel>;
  replaced: StoredPanel<SecurityPanel>;
  isInForce: boolean;
};

type FoundRow = RevisionRow & {
  panel: SecurityPanel;
  isInForce: boolean;
  replacedVersion: number | null;
  replacedValues: unknown;
};

// Both panels that a REST call changes are saved at the same moment.
const newestFirst = Prisma.sql`saved_at DESC, panel DESC, version DESC`;

/** The condition for the versions below a cursor, whose id is the name of the version above them. */
function isBelow({ at, id }: Cursor): Prisma.Sql {
  const [panel, version] = id.split(".");
  return Prisma.sql`AND (saved_at, panel, version) < (${at}, ${panel}, ${version}::bigint)`;
}

/**
 * Finds up to `limit` versions of some panels, newest first. There is no index in this order: people save settings, so
 * there are few versions to sort.
 */
export async function findRevisions(
  db: Db,
  { panels, after }: { panels: readonly SecurityPanel[]; after: Cursor | undefined },
  limit: number,
): Promise<FoundRevision[]> {
  const rows = await db.$queryRaw<FoundRow[]>(Prisma.sql`
    SELECT page.panel, page.version, page."values", page.saved_at AS "savedAt", page.saved_by_email AS "savedByEmail",
           page.version = (SELECT max(version) FROM settings_revisions WHERE panel = page.panel) AS "isInForce",
           replaced.version AS "replacedVersion", replaced."values" AS "replacedValues"
    FROM (
      SELECT * FROM settings_revisions
      WHERE panel = ANY (${[...panels]}::text[]) ${after ? isBelow(after) : Prisma.empty}
      ORDER BY ${newestFirst} LIMIT ${limit}
    ) AS page
    LEFT JOIN LATERAL (
      SELECT version, "values" FROM settings_revisions
      WHERE panel = page.panel AND version < page.version ORDER BY version DESC LIMIT 1
    ) AS replaced ON true
    ORDER BY ${newestFirst}`);
  return rows.map((row) => {
    const { panel, isInForce, replacedVersion: version, replacedValues: values } = row;
    const replaced = version === null ? undefined : { ...row, version, values };
    return { panel, isInForce, stored: toPanel(panel, row), replaced: toPanel(panel, replaced) };
  });
}

/** A version to choose, without its values. */
export type OfferedVersion = { version: number; savedByEmail: string };

/** Finds up to `limit` of a panel's versions, newest first. */
export async function findVersions(db: Db, panel: SecurityPanel, limit: number): Promise<OfferedVersion[]> {
  return db.settingsRevision.findMany({
    where: { panel },
    orderBy: { version: "desc" },
    take: limit,
    select: { version: true, savedByEmail: true },
  });
}
