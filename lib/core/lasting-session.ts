import "server-only";
import type { Person } from "./actor";
import type { RawDb } from "./db";
import { Refusal } from "./errors";
import { isSessionOf } from "./liveness/store";

/**
 * Checks that the caller's session is still alive, and the account active and of the same authority. Call it once the
 * change need not wait for others any more: meanwhile the caller may have been removed, demoted or signed out.
 * @throws Refusal "unauthenticated"
 */
export async function requireLastingSession(tx: RawDb, person: Person, now: Date): Promise<void> {
  if (!(await isSessionOf(tx, person, now))) throw new Refusal("unauthenticated");
}
