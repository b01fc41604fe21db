"use client";

import { useEffect } from "react";
import { useSafeRefresh } from "@/components/form/use-safe-refresh";

const POLL_INTERVAL_MS = 3_000;

/**
 * Refreshes the page's data every few seconds while the page is visible, to learn whether a code was used or replaced.
 * The code is shown only once, and so must outlast a lost connection.
 */
export function useCodePolling(isWaiting: boolean): void {
  const refresh = useSafeRefresh();
  useEffect(() => {
    if (!isWaiting) return;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") refresh();
    }, POLL_INTERVAL_MS);
    return () => clearInterval(timer);
  }, [isWaiting, refresh]);
}
