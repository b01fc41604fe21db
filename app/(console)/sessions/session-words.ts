import { browserName, UNKNOWN_PROGRAM } from "@/lib/core/browser-name";
import type { SessionEntry } from "@/lib/sessions/live/schema";
import type { SessionKind } from "@/prisma/generated/enums";

/** The label of each kind. */
export const kindLabels: Record<SessionKind, string> = {
  BROWSER: "Browser",
  REST: "Program",
  MOBILE: "Mobile app",
};

/** Names the logged-in browser or program, as far as its user agent tells. */
export function deviceName({ kind, userAgent }: Pick<SessionEntry, "kind" | "userAgent">): string {
  return browserName(userAgent) || (kind === "BROWSER" ? "Unknown browser" : UNKNOWN_PROGRAM);
}

/** Shortens a fingerprint to what tells the keys of the ring apart. */
export function shortFingerprint(fingerprint: string): string {
  return fingerprint.slice(0, 9);
}
