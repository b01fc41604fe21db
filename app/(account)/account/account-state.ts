import type { Profile } from "@/lib/accounts/schema";
import { counted } from "@/lib/core/count/rules";

/** What the profile card shows after a save: the values it was sent, and what became of them. */
export type ProfileState = {
  kind: "idle" | "saved" | "refused";
  message: string | null;
  values: Profile;
  fieldErrors: Partial<Record<keyof Profile, string>>;
};

/** What the session card shows after sessions were ended. */
export type SessionsState = { kind: "idle" | "ended" | "failed"; message: string | null };

/** What became of all other sessions. */
export function othersEnded(count: number): string {
  if (count === 0) return "There were no other sessions.";
  return count === 1 ? "The other session has ended." : `${counted(count, "other session")} have ended.`;
}
