import type { Actor } from "@/lib/core/actor";

/**
 * Where whoever has just chosen a password goes to log in. It has ended every session of their own, so that whoever is
 * logged in at this browser all the same is somebody else: the login page must not lead on into that session, as it does
 * whoever comes back to it once logged in.
 */
export function passwordSetPath(actor: Actor): string {
  return actor.kind === "person" ? "/login?notice=password-set-beside" : "/login?notice=password-set";
}
