import "server-only";
import { audit } from "@/lib/audit/service";
import { type Actor, requirePerson } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { endSessionRow } from "../endings/store";

/** Ends the actor's own session, on all instances at once. @throws Refusal "unauthenticated" */
export async function logOut(actor: Actor, now = new Date()): Promise<void> {
  const person = requirePerson(actor);
  const { sessionId } = person;
  await db().$transaction(async (tx) => {
    if (await endSessionRow(tx, sessionId, "logged-out", now)) {
      await audit(tx, person, [{ kind: "logged-out", details: { sessionId } }], now);
    }
  });
}
