import "server-only";
import { findUser } from "@/lib/accounts/store";
import { type Actor, requireAdministrator } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { toUserRow } from "../rules";
import type { UserRow } from "../schema";

/**
 * Reads one account as a row of the list; null when there is none.
 * @throws Refusal for anyone but a system administrator
 */
export async function readUser(actor: Actor, userId: string, now = new Date()): Promise<UserRow | null> {
  requireAdministrator(actor);
  const user = await findUser(db(), userId);
  return user && toUserRow(user, now);
}
