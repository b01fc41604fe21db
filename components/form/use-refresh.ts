"use client";

import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { ASK_AGAIN_MS, askServer } from "./ask-server";
import { refreshWhole } from "./whole-refresh";

/**
 * Returns a function that refreshes the page's data after a change, and whether that is under way. Until it is done, the
 * page shows what was before: a button that makes such a change stays busy (docs/decisions/0028). While the connection is
 * lost, the refresh waits, and the page keeps the answer: a notice, or a link that is shown only once.
 */
export function useRefresh(): { refresh: () => void; isRefreshing: boolean } {
  const router = useRouter();
  const [isWaiting, setWaiting] = useState(false);
  const [isRefreshing, startRefresh] = useTransition();

  async function refresh() {
    setWaiting(true);
    const server = await askServer();
    if (server === "away") return setTimeout(refresh, ASK_AGAIN_MS);
    setWaiting(false);
    // After an update the next action says that the page is outdated.
    if (server === "ready") startRefresh(() => refreshWhole(router));
  }

  return { refresh: () => void refresh(), isRefreshing: isWaiting || isRefreshing };
}
