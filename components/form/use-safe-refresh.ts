"use client";

import { useRouter } from "next/navigation";
import { useCallback } from "react";

/** A file that only servers of this page's build have. */
const OWN_BUILD = `/_next/static/${process.env.GATEHOUSE_BUILD_ID}/_buildManifest.js`;

/** Tells whether Gatehouse can answer, and was not updated since the page was loaded. */
async function canRefresh(): Promise<boolean> {
  try {
    const [health, build] = await Promise.all([
      fetch("/api/health"),
      // The query keeps a shared cache from answering for a server that no longer has the file.
      fetch(`${OWN_BUILD}?${Date.now()}`, { method: "HEAD" }),
    ]);
    // Read, because a proxy may answer 200 with a page of its own while Gatehouse is away.
    return build.ok && (await health.json()).status === "up";
  } catch {
    return false;
  }
}

/**
 * Returns a function that refreshes the page's data, provided that a server of the same build answers. After any other
 * answer, or none, Next would load the whole page again, and so lose what is shown and typed.
 */
export function useSafeRefresh(): () => void {
  const { refresh } = useRouter();
  return useCallback(async () => {
    if (await canRefresh()) refresh();
  }, [refresh]);
}
