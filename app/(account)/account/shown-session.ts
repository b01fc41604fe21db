import { kindLabels } from "@/app/(console)/sessions/session-words";
import { browserName } from "@/lib/core/browser-name";
import type { OwnSession } from "@/lib/sessions/service/own-sessions";
import type { ShownSession } from "./session-list";

/** A session in the words of the page. */
export function shownSession(session: OwnSession): ShownSession {
  const { id, kind, address, userAgent, createdAt, lastSeenAt, isCurrent } = session;
  const what = kind === "BROWSER" ? "" : kindLabels[kind];
  return {
    id,
    kind,
    device: [what, browserName(userAgent)].filter(Boolean).join(", ") || "Unknown browser",
    address,
    startedAt: createdAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
    isCurrent,
  };
}
