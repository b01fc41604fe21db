import { ChevronRight, ChevronsLeft } from "lucide-react";
import Link from "next/link";
import { buttonStyles } from "@/components/ui/button";
import type { AuditQuery } from "@/lib/audit/schema";
import { auditAddress } from "./audit-address";

type AuditPagerProps = { query: AuditQuery; shown: number; nextCursor: string | null };

/** On to older events, or back to the start. There are no page numbers: while one reads, new events come in. */
export function AuditPager({ query, shown, nextCursor }: AuditPagerProps) {
  const isStart = query.after === undefined;
  if (shown === 0 && isStart) return null;
  const look = buttonStyles({ size: "sm" });
  const what = `${shown} ${shown === 1 ? "event" : "events"}`;
  return (
    <nav aria-label="Pages of events" className="mt-4 flex flex-wrap items-center gap-2">
      <p className="mr-auto text-sm text-muted">
        {isStart && nextCursor === null ? `${what} in all` : `${what} on this page`}
      </p>
      {isStart ? null : (
        <Link href={auditAddress({ ...query, after: undefined })} className={look}>
          <ChevronsLeft aria-hidden />
          Newest
        </Link>
      )}
      {nextCursor === null ? null : (
        <Link href={auditAddress({ ...query, after: nextCursor })} rel="next" className={look}>
          Older
          <ChevronRight aria-hidden />
        </Link>
      )}
    </nav>
  );
}
