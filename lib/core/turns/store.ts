import "server-only";
import type { Db } from "../db";

/**
 * What transactions take turns at, each by a number of its own: PostgreSQL's advisory locks have no names. Those of a
 * server's start and stop are pairs of numbers, which PostgreSQL keeps apart from these.
 */
const turns = {
  provisioning: 4_283_001,
  administrators: 4_283_002,
  resetRequests: 4_283_003,
} as const;

/** Waits until no other transaction has this turn, and has it until the end of one's own. */
export async function takeTurn(tx: Db, at: keyof typeof turns): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${turns[at]})`;
}
