import { ChevronRight, ChevronsLeft } from "lucide-react";
import { PageLink } from "@/components/ui/page-link";
import { counted } from "@/lib/core/count/rules";
import { buttonStyles } from "./button";

type PagerProps = {
  /** The paged items, singular and plural: ["event", "events"]. */
  noun: readonly [one: string, many: string];
  shown: number;
  /** The cursor of this page; undefined for the first. */
  after: string | undefined;
  nextCursor: string | null;
  addressOf: (after: string | undefined) => string;
  /** Whether a filter is set: the count then says "found" in place of "in all". */
  isFiltered?: boolean;
  /** The labels of the two links. */
  words?: { first: string; next: string };
};

const byAge = { first: "Newest", next: "Older" };

/**
 * Links to the next page of a list and back to its start. There are no page numbers, because rows are added while one
 * reads.
 */
export function Pager(props: PagerProps) {
  const { noun, shown, after, nextCursor, addressOf, isFiltered, words = byAge } = props;
  const isStart = after === undefined;
  if (shown === 0 && isStart) return null;
  const look = buttonStyles({ size: "sm" });
  const what = counted(shown, ...noun);
  return (
    <nav
      // Remounted for each page: a reader who pressed "Next" starts at the top of the new page, and not on the link at
      // its end.
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
        <PageLink href={addressOf(undefined)} className={look}>
          <ChevronsLeft aria-hidden />
          {words.first}
        </PageLink>
      )}
      {nextCursor === null ? null : (
        <PageLink href={addressOf(nextCursor)} rel="next" className={look}>
          {words.next}
          <ChevronRight aria-hidden />
        </PageLink>
      )}
    </nav>
  );
}
