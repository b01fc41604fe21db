import "server-only";
import { audit } from "@/lib/audit/service";
import type { Host, Person } from "@/lib/core/actor";
import type { Db } from "@/lib/core/db";
import { insertUser, type NewUser, type User } from "./store";

/** Adds an account, and audits it. @throws a unique violation when the address is taken */
export async function addAccount(tx: Db, actor: Person | Host, account: NewUser, now: Date): Promise<User> {
  const user = await insertUser(tx, account, now);
  const { authority } = user;
  await audit(tx, actor, [{ kind: "account-created", subject: user, details: { authority } }], now);
  return user;
}
