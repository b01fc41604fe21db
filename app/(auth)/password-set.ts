import type { Actor } from "@/lib/core/actor";

/**
 * Returns the login page's address for a person who has just chosen a password. The login page normally redirects a
 * logged-in visitor into their session. If another person is logged in at this browser, it must not: choosing the
 * password ended the owner's sessions, and the remaining one is not theirs.
 */
export function passwordSetPath(actor: Actor, { userId }: { userId: string }): string {
  const isBeside = actor.kind === "person" && actor.userId !== userId;
  return isBeside ? "/login?notice=password-set-beside" : "/login?notice=password-set";
}
