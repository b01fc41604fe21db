import "server-only";
import { findUser } from "@/lib/accounts/store";
import type { Person } from "@/lib/core/actor";
import type { Db } from "@/lib/core/db";
import { Refusal } from "@/lib/core/errors";

/**
 * Checks that the caller still has the authority with which they began a change of the key ring. Call it once the change
 * need not wait for others any more: meanwhile the caller may have been demoted, disabled or deleted.
 * @throws Refusal "forbidden"
 */
export async function requireLastingAuthority(tx: Db, { userId, authority }: Person): Promise<void> {
  const user = await findUser(tx, userId);
  if (user?.state !== "ACTIVE" || user.authority !== authority) throw new Refusal("forbidden");
}
