"use client";

import { lazy } from "react";

const NotFoundCard = lazy(() => import("./not-found-card"));

/**
 * Every answer carries, twice, what would be shown in place of its page. So it is a name, and what it stands for is loaded
 * by the few who get to see it.
 */
export function NotFoundLater() {
  return <NotFoundCard />;
}
