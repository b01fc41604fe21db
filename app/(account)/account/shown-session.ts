import { browserName } from "@/lib/core/browser-name";
import type { OwnSession } from "@/lib/sessions/service/own-sessions";
import type { ShownSession } from "./session-list";

const kinds = { BROWSER: "", REST: "API", MOBILE: "Mobile app" } as const;

/** A session in the words of the page. */
export function shownSession(session: OwnSession): ShownSession {
  const { id, kind, address, userAgent, createdAt, lastSeenAt, isCurrent } = session;
  const name = browserName(userAgent);
  return {
    id,
    kind,
    device: [kinds[kind], name].filter(Boolean).join(", ") || "Unknown browser",
    address,
    startedAt: createdAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
    isCurrent,
  };
}
