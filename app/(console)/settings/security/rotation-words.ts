import { counted } from "@/lib/core/count/rules";
import type { Rotation, RotationReach } from "@/lib/jwt-security/rotation";

type Reach = Pick<RotationReach, "sessions" | "people">;

/** Tells whether the key itself is replaced; otherwise only the issuer name changes. */
export const isNewKey = ({ from, to }: Rotation) => from.fingerprint !== to.fingerprint;

/** Returns the dialog's title, which names what is about to change. */
export function rotationTitle(rotation: Rotation): string {
  if (!isNewKey(rotation)) return "Change the issuer name?";
  const isNewIssuer = rotation.from.issuer !== rotation.to.issuer;
  return isNewIssuer ? "Replace the signing key and the issuer name?" : "Replace the signing key?";
}

/** Says whose sessions continue under the old key: "The 12 sessions of 4 people continue." The reader's is one of them. */
export function keptText({ sessions, people }: Reach): string {
  if (sessions <= 1) return "Only your own session is open. It continues.";
  if (people === 1) return `Your ${counted(sessions, "session")} continue.`;
  return `The ${counted(sessions, "session")} of ${counted(people, "person", "people")} continue.`;
}

/** Says whose sessions end when the old key is dropped: "12 sessions of 4 people end now, including yours." */
export function endedText({ sessions, people }: Reach): string {
  if (sessions <= 1) return "Your own session, the only one, ends now.";
  if (people === 1) return `Your ${counted(sessions, "session")} end now, this one included.`;
  return `${counted(sessions, "session")} of ${counted(people, "person", "people")} end now, including yours.`;
}

/** Says what becomes of the old key or issuer name when everyone is signed out, and when a new key needs that. */
export function refusedText(rotation: Rotation): string {
  if (!isNewKey(rotation)) return "The old issuer name is refused from then on.";
  return "The old key is refused from then on. Choose this if somebody else may have it.";
}
