"use client";

import { type ReactNode, Suspense, useState } from "react";

type ListOnItsWayProps = {
  /** The page is loaded as such, and the list comes with it. */
  isWhole: boolean;
  skeleton: ReactNode;
  children: ReactNode;
};

/**
 * A list, with a skeleton in its place while it is on its way. How it came first is how it stays: read again after an
 * action, a list that had come whole would otherwise be another for React, and begin anew with its skeleton.
 */
export function ListOnItsWay({ isWhole, skeleton, children }: ListOnItsWayProps) {
  const [cameWhole] = useState(isWhole);
  return cameWhole ? children : <Suspense fallback={skeleton}>{children}</Suspense>;
}
