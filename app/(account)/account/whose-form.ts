import type { Actor } from "@/lib/core/actor";
import { formText } from "@/lib/request/action";

/**
 * Tells whether a form was made for another person than the one who is logged in now: tabs share the session, so somebody
 * else may have logged in since. A form of the account page names its person in its field `person`.
 */
export function isAnothersForm(actor: Actor, form: FormData): boolean {
  return actor.kind === "person" && actor.userId !== formText(form, "person");
}
