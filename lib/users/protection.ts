import "server-only";
import { hasOtherAdministrator, type User } from "@/lib/accounts/store";
import type { Db } from "@/lib/core/db";
import type { Protection } from "./schema";

/**
 * Returns why an administrator may not disable, demote or delete an account: it is their own, or that of the last active
 * administrator; null when they may. Only under `lockAdministratorChanges` does the answer hold until the change.
 */
export async function protectionOf(db: Db, user: User, administratorId: string): Promise<Protection | null> {
  if (user.id === administratorId) return "oneself";
  if (user.authority !== "SYS_ADMIN" || user.state !== "ACTIVE") return null;
  return (await hasOtherAdministrator(db, user.id)) ? null : "last-administrator";
}
