import { ChevronRight, ChevronsLeft } from "lucide-react";
import Link from "next/link";
import { buttonStyles } from "@/components/ui/button";
import type { UsersQuery } from "@/lib/users/schema";
import { isFiltered, usersAddress } from "./users-address";

type UsersPagerProps = { query: UsersQuery; shown: number; nextCursor: string | null };

/** On through the list, or back to its start. */
export function UsersPager({ query, shown, nextCursor }: UsersPagerProps) {
  const isStart = query.after === undefined;
  if (shown === 0 && isStart) return null;
  const look = buttonStyles({ size: "sm" });
  const what = `${shown} ${shown === 1 ? "user" : "users"}`;
  const inAll = isFiltered(query) ? `${what} found` : `${what} in all`;
  return (
    <nav aria-label="Pages of users" className="mt-4 flex flex-wrap items-center gap-2">
      <p className="mr-auto text-sm text-muted">
        {isStart && nextCursor === null ? inAll : `${what} on this page`}
      </p>
      {isStart ? null : (
        <Link href={usersAddress({ ...query, after: undefined })} prefetch={false} className={look}>
          <ChevronsLeft aria-hidden />
          First
        </Link>
      )}
      {nextCursor === null ? null : (
        <Link
          href={usersAddress({ ...query, after: nextCursor })}
          rel="next"
          prefetch={false}
          className={look}
        >
          Next
          <ChevronRight aria-hidden />
        </Link>
      )}
    </nav>
  );
}
