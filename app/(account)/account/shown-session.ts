import { kindLabels } from "@/app/(console)/sessions/session-words";
import { browserName, UNKNOWN_PROGRAM } from "@/lib/core/browser-name";
import type { OwnSession } from "@/lib/sessions/service/own-sessions";
import type { ShownSession } from "./session-list";

/** Prepares a session for display. */
export function shownSession(session: OwnSession): ShownSession {
  const { id, kind, address, userAgent, createdAt, lastSeenAt, isCurrent } = session;
  const what = kind === "BROWSER" ? "" : kindLabels[kind];
  const name = browserName(userAgent);
  return {
    id,
    kind,
    // "Program, Unknown program" would say no more than the kind.
    device:
      [what, what && name === UNKNOWN_PROGRAM ? "" : name].filter(Boolean).join(", ") || "Unknown browser",
    address,
    startedAt: createdAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
    isCurrent,
  };
}
