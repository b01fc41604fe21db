import { browserName, UNKNOWN_PROGRAM } from "@/lib/core/browser-name";
import { withInvisibleNamed } from "@/lib/core/plain-text/rules";
import type { SessionEntry } from "@/lib/sessions/live/schema";
import type { SessionKey } from "@/lib/sessions/live/service";
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

/** Shortens a fingerprint to what tells different keys apart. The same key can be in the ring under several issuers. */
export function shortFingerprint(fingerprint: string): string {
  return fingerprint.slice(0, 9);
}

/** What an earlier key still does, after its fingerprint. */
export const VERIFIES = ", verifies";

/** Names one of `keys`: by its fingerprint, and by its issuer too where another has the same fingerprint. */
export function keyName({ kid, fingerprint, issuer, isCurrent }: SessionKey, keys: SessionKey[]): string {
  const isAmbiguous = keys.some((other) => other.kid !== kid && other.fingerprint === fingerprint);
  const name = shortFingerprint(fingerprint) + (isAmbiguous ? `, ${withInvisibleNamed(issuer)}` : "");
  return name + (isCurrent ? ", signs now" : VERIFIES);
}
