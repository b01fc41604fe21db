import { browserName, UNKNOWN_PROGRAM } from "@/lib/core/browser-name";
import type { SessionEntry } from "@/lib/sessions/live/schema";

/** What the kinds are called. */
export const kindLabels: Record<SessionEntry["kind"], string> = {
  BROWSER: "Browser",
  REST: "Program",
  MOBILE: "Mobile app",
};

/** What is logged in, as far as it says so. */
export function deviceName({ kind, userAgent }: Pick<SessionEntry, "kind" | "userAgent">): string {
  return browserName(userAgent) || (kind === "BROWSER" ? "Unknown browser" : UNKNOWN_PROGRAM);
}

/** As much of a fingerprint as tells one key of the ring from another. */
export function shortFingerprint(fingerprint: string): string {
  return fingerprint.slice(0, 9);
}
