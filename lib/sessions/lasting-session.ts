import "server-only";
import type { Person } from "@/lib/core/actor";
import type { RawDb } from "@/lib/core/db";
import { Refusal } from "@/lib/core/errors";
import { isSessionOf } from "./store";

/**
 * Checks that the caller's session is still alive, and the account active and of the same authority. Call it once the
 * change need not wait for others any more: meanwhile the caller may have been removed, demoted or signed out.
 * @throws Refusal "unauthenticated"
 */
export async function requireLastingSession(tx: RawDb, person: Person, now: Date): Promise<void> {
  if (!(await isSessionOf(tx, person, now))) throw new Refusal("unauthenticated");
}
