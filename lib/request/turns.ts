import "server-only";
import type { Actor } from "@/lib/core/actor";
import { createPersonalGates } from "@/lib/core/personal-gates";
import { isStillLive } from "@/lib/sessions/service/authenticate";

const pass = createPersonalGates("changes");

/**
 * Runs a change that a person makes, a few at a time (`createPersonalGates`). Changes by one person wait for each other in
 * the database, with a connection each: a few hundred at once would hold all of them, and everyone else would wait until
 * the database counts as unavailable.
 * Nothing is limited for an anonymous actor: whatever changes an account has a limit of its own.
 * @param change gets the actor; an anonymous one if the person's session has ended while this change waited
 * @throws Refusal "overloaded" when too many wait, or this one has waited too long; and whatever `change` throws
 */
export async function changeInTurn<T>(actor: Actor, change: (actor: Actor) => T | Promise<T>): Promise<T> {
  if (actor.kind !== "person") return change(actor);
  return pass(actor, async (hasWaited) => {
    const { address, userAgent, requestId } = actor;
    const hasEnded = hasWaited && !(await isStillLive(actor));
    return change(hasEnded ? { kind: "anonymous", address, userAgent, requestId } : actor);
  });
}
