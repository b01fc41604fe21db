"use client";

import { useRouter } from "next/navigation";
import { useCallback } from "react";

/**
 * Returns a function that refreshes the page's data, provided that the server answers. A refresh without an answer makes
 * Next load the whole page again, and so replaces what is shown and typed with the browser's error page.
 */
export function useSafeRefresh(): () => void {
  const { refresh } = useRouter();
  return useCallback(async () => {
    const isUp = await fetch("/api/health").then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) refresh();
  }, [refresh]);
}
