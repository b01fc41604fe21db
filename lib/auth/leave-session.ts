import "server-only";
import type { Actor } from "@/lib/core/actor";
import { logOut } from "@/lib/sessions/service/log-out";
import { signOut } from "./auth-js";

/** Ends the actor's session, if there is one, and deletes the session cookie. */
export async function leaveSession(actor: Actor): Promise<void> {
  if (actor.kind === "person") await logOut(actor);
  await signOut({ redirect: false });
}
