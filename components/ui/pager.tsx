import { ChevronRight, ChevronsLeft } from "lucide-react";
import Link from "next/link";
import { counted } from "@/lib/core/count/rules";
import { buttonStyles } from "./button";

type PagerProps = {
  /** What is paged, one and many of it: ["event", "events"]. */
  noun: readonly [one: string, many: string];
  shown: number;
  /** Where the page begins; undefined for the first. */
  after: string | undefined;
  nextCursor: string | null;
  addressOf: (after: string | undefined) => string;
  /** Whether only some are asked for: those that are here are then "found", and not what there is "in all". */
  isFiltered?: boolean;
  /** What the ways are called. */
  words?: { first: string; next: string };
  prefetch?: false;
};

const byAge = { first: "Newest", next: "Older" };

/** On through a list, or back to its start. There are no page numbers: while one reads, rows come in. */
export function Pager(props: PagerProps) {
  const { noun, shown, after, nextCursor, addressOf, isFiltered, words = byAge, prefetch } = props;
  const isStart = after === undefined;
  if (shown === 0 && isStart) return null;
  const look = buttonStyles({ size: "sm" });
  const what = counted(shown, ...noun);
  return (
    <nav
      // Made anew for each page: a reader who pressed "Next" begins at its top, and does not stay on the link at its foot.
      key={after}
      aria-label={`Pages of ${noun[1]}`}
      className="mt-4 flex flex-wrap items-center gap-2"
    >
      <p className="mr-auto text-sm text-muted">
        {isStart && nextCursor === null
          ? `${what} ${isFiltered ? "found" : "in all"}`
          : `${what} on this page`}
      </p>
      {isStart ? null : (
        <Link href={addressOf(undefined)} prefetch={prefetch} className={look}>
          <ChevronsLeft aria-hidden />
          {words.first}
        </Link>
      )}
      {nextCursor === null ? null : (
        <Link href={addressOf(nextCursor)} rel="next" prefetch={prefetch} className={look}>
          {words.next}
          <ChevronRight aria-hidden />
        </Link>
      )}
    </nav>
  );
}
