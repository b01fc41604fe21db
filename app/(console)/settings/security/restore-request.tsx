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
    history.replaceState(null, "", location.pathname + location.hash);
    router.refresh();
  }, [router]);
  return null;
}
