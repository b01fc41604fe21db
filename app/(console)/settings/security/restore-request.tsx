"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

/**
 * Drops the request to restore values, from the address and from the router's copy of the page, so that neither a
 * reload, nor the back button, nor a later save repeats it.
 */
export function RestoreRequest() {
  const router = useRouter();
  useEffect(() => {
    // Not `history.replaceState` and a refresh: whoever left before its answer came back to a page that never loaded.
    router.replace(location.pathname + location.hash, { scroll: false });
  }, [router]);
  return null;
}
