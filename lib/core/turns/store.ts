import "server-only";
import type { Db } from "../db";

/**
 * The advisory locks by which transactions take turns, each with its own number, because PostgreSQL's advisory locks
 * have no names. The locks of server start and stop (server/server-lock.ts) are pairs of numbers, which PostgreSQL
 * keeps separate from these.
 */
const turns = {
  provisioning: 4_283_001,
  administrators: 4_283_002,
  resetRequests: 4_283_003,
} as const;

/** Waits until no other transaction holds this lock, and holds it until the end of `tx`. */
export async function takeTurn(tx: Db, at: keyof typeof turns): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${turns[at]})`;
}
