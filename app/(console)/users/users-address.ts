import { listAddress } from "@/app/(console)/list-address";
import type { UsersQuery } from "@/lib/users/schema";

/** Returns the URL of the accounts that a query selects; the default order is left out. */
export function usersAddress({ search, state, authority, sort, after }: Partial<UsersQuery>): string {
  return listAddress("/users", {
    search,
    state,
    authority,
    sort: sort === "email" ? undefined : sort,
    after,
  });
}

/** Tells whether a filter is set. */
export function isFiltered({ search, state, authority }: UsersQuery): boolean {
  return search !== undefined || state !== undefined || authority !== undefined;
}
