"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

const LOOK_MS = 3_000;

/**
 * Refreshes the page's data every few seconds while the page is visible, to learn whether a code was used or replaced.
 */
export function useNews(isWaiting: boolean): void {
  const { refresh } = useRouter();
  useEffect(() => {
    if (!isWaiting) return;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") refresh();
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, [isWaiting, refresh]);
}
