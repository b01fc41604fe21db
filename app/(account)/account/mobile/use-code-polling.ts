"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

const POLL_INTERVAL_MS = 3_000;

/**
 * Refreshes the page's data every few seconds while the page is visible, to learn whether a code was used or replaced.
 */
export function useCodePolling(isWaiting: boolean): void {
  const { refresh } = useRouter();
  useEffect(() => {
    if (!isWaiting) return;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") refresh();
    }, POLL_INTERVAL_MS);
    return () => clearInterval(timer);
  }, [isWaiting, refresh]);
}
