"use client";

import { useEffect, useEffectEvent } from "react";
import { useRefresh } from "@/components/form/use-refresh";

const POLL_INTERVAL_MS = 3_000;

/**
 * Refreshes the page's data every few seconds while the page is visible, to learn whether a code was used or replaced
 * (a refresh that waits for the connection is retried in any case). The code is shown only once, and so must outlast a
 * lost connection. Only one refresh is under way at a time: on a slow connection, a new code's request would wait for all
 * of them.
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
