import type { Profile } from "@/lib/accounts/schema";
import { counted } from "@/lib/core/count/rules";
import type { ActionFailure } from "@/lib/request/action";
import { accountFailureText } from "./account-failure";

/** The profile card's state after a save: the outcome, and the values as they were saved, or else submitted. */
export type ProfileState = {
  kind: "idle" | "saved" | "refused";
  message: string | null;
  values: Profile;
  /**
   * The stored values that the form was filled with, so that what is not edited is not written; null after a save that
   * may or may not have been made.
   */
  seen: Profile | null;
  fieldErrors: Partial<Record<keyof Profile, string>>;
};

/** The session card's state after sessions were ended. */
export type SessionsState = { kind: "idle" | "ended" | "failed"; message: string | null };

/** Returns the message for a profile that was not saved. A reload would lose what was entered. */
export function profileFailureText(failure: ActionFailure): string {
  if (failure.code === "unauthenticated")
    return "Your session has ended. What you entered is still here: log in again in another tab, then save.";
  return accountFailureText(failure);
}

/** The beginning of the message for a form that one person's page sends in another's session. */
export const SOMEBODY_ELSE = "Somebody else has logged in at this browser.";

/** Says how many other sessions were ended. */
export function othersEnded(count: number): string {
  if (count === 0) return "There were no other sessions.";
  return count === 1 ? "The other session has ended." : `${counted(count, "other session")} have ended.`;
}
