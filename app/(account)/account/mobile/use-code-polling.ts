"use client";

import { useEffect, useEffectEvent } from "react";
import { useRefresh } from "@/components/form/use-refresh";

const POLL_INTERVAL_MS = 3_000;

/**
 * Refreshes the page's data every few seconds while the page is visible, to learn whether a code was used or replaced.
 * The code is shown only once, and so must outlast a lost connection. On a slow one, a new code's request would wait for
 * all refreshes that are under way: there is only one at a time.
 */
export function useCodePolling(isWaiting: boolean): void {
  const { refresh, isRefreshing } = useRefresh();
  const poll = useEffectEvent(() => {
    if (document.visibilityState === "visible") refresh();
  });
  useEffect(() => {
    if (!isWaiting || isRefreshing) return;
    const timer = setInterval(poll, POLL_INTERVAL_MS);
    return () => clearInterval(timer);
  }, [isWaiting, isRefreshing]);
}
