"use client";

import { PageHeaderSkeleton } from "@/components/layout/page-header";
import { CardSkeleton } from "@/components/ui/skeleton";

/**
 * A client component, so that responses carry only a reference to it. The page relies on this file and has no Suspense
 * boundary of its own: a page loaded as a whole document would lack that boundary (`isWholeDocument`), and after the
 * next save React would remount the forms and lose their state.
 */
export default function SecuritySettingsLoading() {
  return (
    <div role="status">
      <span className="sr-only">Loading the security settings</span>
      <PageHeaderSkeleton />
      <div className="grid max-w-3xl gap-8">
        <CardSkeleton rows={8} />
        <CardSkeleton rows={10} />
        <CardSkeleton rows={4} />
      </div>
    </div>
  );
}
