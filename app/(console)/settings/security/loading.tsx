"use client";

import { PageHeaderSkeleton } from "@/components/layout/page-header";
import { CardSkeleton } from "@/components/ui/skeleton";

/**
 * Made in the browser, so that not every answer carries it. Not a boundary of the page's own, which a page loaded whole
 * would lack (`isWholeDocument`): with the next save React would take the forms for others, and begin them anew.
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
