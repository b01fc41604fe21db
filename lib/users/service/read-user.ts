import "server-only";
import { findUser } from "@/lib/accounts/store";
import { type Actor, requireAdministrator, requirePerson } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { Refusal } from "@/lib/core/errors";
import { toUserRow } from "../rules";
import type { UserRow } from "../schema";

/** The person's own account, as the list shows it. @throws Refusal "unauthenticated" */
export async function readOwnUser(actor: Actor, now = new Date()): Promise<UserRow> {
  const { userId } = requirePerson(actor);
  const user = await findUser(db(), userId);
  if (!user) throw new Refusal("unauthenticated");
  return toUserRow(user, now);
}

/** One account, as the list shows it; null when there is none. @throws Refusal for anyone but a system administrator */
export async function readUser(actor: Actor, userId: string, now = new Date()): Promise<UserRow | null> {
  requireAdministrator(actor);
  const user = await findUser(db(), userId);
  return user && toUserRow(user, now);
}
