import { counted } from "@/lib/core/count/rules";
import type { AffectedCount } from "@/lib/sessions/live/schema";

/** Says whom ending all sessions affects: "41 sessions of 12 people end at once." */
export function endAllText({ sessions, people }: AffectedCount, includesOwn: boolean): string {
  const reach = `${counted(sessions, "session")} of ${counted(people, "person", "people")}`;
  const end = sessions === 1 ? "ends" : "end";
  if (!includesOwn)
    return `${reach} ${end} at once; the one you are using stays open. Everyone can log in again with the same password.`;
  return `${reach} ${end} at once, including the one you are using. You will have to log in again, like everyone.`;
}

/** Returns the notice afterwards. */
export function endedText(sessions: number): string {
  return sessions === 0 ? "Nobody else is logged in now." : `Ended ${counted(sessions, "session")}.`;
}
