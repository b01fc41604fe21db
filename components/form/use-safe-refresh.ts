"use client";

import { useRouter } from "next/navigation";
import { useCallback } from "react";
import { askServer } from "./ask-server";
import { refreshWhole } from "./whole-refresh";

/**
 * Returns a function that refreshes the page's data, provided that a server of the same build answers. Otherwise the
 * page keeps what is shown and typed.
 */
export function useSafeRefresh(): () => void {
  const router = useRouter();
  return useCallback(async () => {
    if ((await askServer()) === "ready") refreshWhole(router);
  }, [router]);
}
