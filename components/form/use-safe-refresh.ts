"use client";

import { useRouter } from "next/navigation";
import { useCallback } from "react";

/** A file that only servers of this page's build have. */
const OWN_BUILD = `/_next/static/${process.env.GATEHOUSE_BUILD_ID}/_buildManifest.js`;

/** What a proxy answers that keeps the health check from browsers. Whether Gatehouse has the file above must do then. */
const HIDDEN = [401, 403, 404];

/** What a refresh would meet: a server of this page's build, one of another build, or no answer of Gatehouse. */
type Server = "ready" | "updated" | "away";

/** Asks for it. After any other answer than that of a ready server, Next would load the whole page again. */
export async function askServer(): Promise<Server> {
  try {
    const [health, build] = await Promise.all([
      fetch("/api/health"),
      // The query keeps a shared cache from answering for a server that no longer has the file.
      fetch(`${OWN_BUILD}?${Date.now()}`, { method: "HEAD" }),
    ]);
    // Read, because a proxy may answer 200 with a page of its own while Gatehouse is away.
    if (!HIDDEN.includes(health.status) && (await health.json()).status !== "up") return "away";
    return build.ok ? "ready" : "updated";
  } catch {
    return "away";
  }
}

/**
 * Returns a function that refreshes the page's data, provided that a server of the same build answers. Otherwise the
 * page keeps what is shown and typed.
 */
export function useSafeRefresh(): () => void {
  const { refresh } = useRouter();
  return useCallback(async () => {
    if ((await askServer()) === "ready") refresh();
  }, [refresh]);
}
