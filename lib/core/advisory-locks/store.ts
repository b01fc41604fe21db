import "server-only";
import type { Db } from "../db";

/**
 * The advisory locks that transactions take, each with its own number, because PostgreSQL's advisory locks
 * have no names. The locks of server start and stop (server/server-lock.ts) are pairs of numbers, which PostgreSQL
 * keeps separate from these. Their place among all locks: docs/decisions/0030-locks-are-taken-in-one-order.md.
 */
const advisoryLocks = {
  provisioning: 4_283_001,
  administrators: 4_283_002,
  resetRequests: 4_283_003,
  addresses: 4_283_004,
} as const;

/** Waits until no other transaction holds this lock, and holds it until the end of `tx`. */
export async function lockUntilCommit(tx: Db, name: keyof typeof advisoryLocks): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${advisoryLocks[name]})`;
}
