"use client";

import { type ReactNode, Suspense, useState } from "react";

type ListWithSkeletonProps = {
  /** The page is loaded as a whole document, and includes the list. */
  isWhole: boolean;
  skeleton: ReactNode;
  children: ReactNode;
};

/**
 * A list with a skeleton while it loads. The first mode is kept: if a list that came with the document got a Suspense
 * boundary on a refresh after an action, React would remount it and show the skeleton again.
 */
export function ListWithSkeleton({ isWhole, skeleton, children }: ListWithSkeletonProps) {
  const [cameWhole] = useState(isWhole);
  return cameWhole ? children : <Suspense fallback={skeleton}>{children}</Suspense>;
}
