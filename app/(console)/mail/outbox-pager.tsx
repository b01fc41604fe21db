import { ChevronRight, ChevronsLeft } from "lucide-react";
import Link from "next/link";
import { buttonStyles } from "@/components/ui/button";
import type { OutboxQuery } from "@/lib/mail/schema";
import { outboxAddress } from "./outbox-address";

type OutboxPagerProps = { query: OutboxQuery; shown: number; nextCursor: string | null };

/** On to older mails, or back to the start. */
export function OutboxPager({ query, shown, nextCursor }: OutboxPagerProps) {
  const isStart = query.after === undefined;
  if (shown === 0 && isStart) return null;
  const look = buttonStyles({ size: "sm" });
  const what = `${shown} ${shown === 1 ? "mail" : "mails"}`;
  return (
    <nav aria-label="Pages of mails" className="mt-4 flex flex-wrap items-center gap-2">
      <p className="mr-auto text-sm text-muted">
        {isStart && nextCursor === null ? `${what} in all` : `${what} on this page`}
      </p>
      {isStart ? null : (
        <Link href={outboxAddress({ ...query, after: undefined })} className={look}>
          <ChevronsLeft aria-hidden />
          Newest
        </Link>
      )}
      {nextCursor === null ? null : (
        <Link href={outboxAddress({ ...query, after: nextCursor })} rel="next" className={look}>
          Older
          <ChevronRight aria-hidden />
        </Link>
      )}
    </nav>
  );
}
