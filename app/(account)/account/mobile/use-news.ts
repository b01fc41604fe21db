"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

const LOOK_MS = 3_000;

/** Has the page read again, every few seconds while somebody looks at it, so that it can tell what has become of a code. */
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
