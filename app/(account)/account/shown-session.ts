import { kindLabels } from "@/app/(console)/sessions/session-words";
import { browserName, UNKNOWN_PROGRAM } from "@/lib/core/browser-name";
import type { OwnSession } from "@/lib/sessions/service/own-sessions";
import type { ShownSession } from "./session-list";

/** A session in the words of the page. */
export function shownSession(session: OwnSession): ShownSession {
  const { id, kind, address, userAgent, createdAt, lastSeenAt, isCurrent } = session;
  const what = kind === "BROWSER" ? "" : kindLabels[kind];
  const name = browserName(userAgent);
  return {
    id,
    kind,
    // "Program, Unknown program" would be no more than its kind.
    device:
      [what, what && name === UNKNOWN_PROGRAM ? "" : name].filter(Boolean).join(", ") || "Unknown browser",
    address,
    startedAt: createdAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
    isCurrent,
  };
}
