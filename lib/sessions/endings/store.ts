import "server-only";
import type { Db } from "@/lib/core/db";
import type { EndReason } from "../store";

/** When a session was over, and why. */
export type SessionEnding = { at: Date; reason: EndReason | "not-renewed" };

/** How those of some sessions ended that are over, by their ids; of what was over long ago nothing is known any more. */
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
