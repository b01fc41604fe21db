import "server-only";
import { findUser } from "@/lib/accounts/store";
import type { Person } from "@/lib/core/actor";
import type { Db } from "@/lib/core/db";
import { Refusal } from "@/lib/core/errors";
import { lockSessionRow } from "@/lib/sessions/store";

/**
 * Checks that the caller still has the authority and the session with which they began a change of the key ring. Call it
 * once the change need not wait for others any more, and before it ends the session itself: what it has waited for may
 * have signed the caller out, and meanwhile the caller may have been demoted, disabled or deleted.
 * @throws Refusal "forbidden" without the authority, "unauthenticated" without the session
 */
export async function requireLastingAuthority(tx: Db, caller: Person, now: Date): Promise<void> {
  const user = await findUser(tx, caller.userId);
  if (user?.state !== "ACTIVE" || user.authority !== caller.authority) throw new Refusal("forbidden");
  if (!(await lockSessionRow(tx, caller.sessionId, now))) throw new Refusal("unauthenticated");
}
