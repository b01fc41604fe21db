import type { Actor } from "@/lib/core/actor";

/**
 * Where whoever has just chosen a password goes to log in. Where somebody else is logged in at the browser, the login page
 * must not lead on into that session, as it does whoever comes back to it once logged in; their own have ended.
 */
export function passwordSetPath(actor: Actor, { userId }: { userId: string }): string {
  const isBeside = actor.kind === "person" && actor.userId !== userId;
  return isBeside ? "/login?notice=password-set-beside" : "/login?notice=password-set";
}
