import "server-only";
import type { Db } from "@/lib/core/db";
import type { EndReason } from "../store";

/** When and why a session ended; "not-renewed" if nobody renewed it in time. */
export type SessionEnding = { at: Date; reason: EndReason | "not-renewed" };

/**
 * Finds how sessions ended, by id. Leaves out sessions that are alive, and old ones whose rows have been deleted
 * (`lib/sessions/retention.ts`).
 */
export async function findSessionEndings(
  db: Db,
  ids: readonly string[],
  now: Date,
): Promise<Map<string, SessionEnding>> {
  const rows = await db.session.findMany({
    where: { id: { in: [...ids] }, OR: [{ endedAt: { not: null } }, { renewableUntil: { lte: now } }] },
    select: { id: true, endedAt: true, endReason: true, renewableUntil: true },
  });
  return new Map(
    rows.map(({ id, endedAt, endReason, renewableUntil }) => [
      id,
      { at: endedAt ?? renewableUntil, reason: (endReason as EndReason | null) ?? "not-renewed" },
    ]),
  );
}
