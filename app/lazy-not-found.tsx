"use client";

import { lazy } from "react";

const NotFoundCard = lazy(() => import("./not-found-card"));

/**
 * Next includes the not-found page twice in every response. This component is therefore only a reference: browsers that
 * show the card load it on demand.
 */
export function LazyNotFound() {
  return <NotFoundCard />;
}
