"use client";

import { useRouter } from "next/navigation";
import { useTransition } from "react";

/**
 * Returns a function that refreshes the page's data after a change, and whether that is under way. Until it is done, the
 * page shows what was before: a button that makes such a change stays busy (docs/decisions/0028).
 */
export function useRefresh(): { refresh: () => void; isRefreshing: boolean } {
  const router = useRouter();
  const [isRefreshing, startRefresh] = useTransition();
  return { refresh: () => startRefresh(() => router.refresh()), isRefreshing };
}
