import { listAddress } from "@/app/(console)/list-address";
import type { UsersQuery } from "@/lib/users/schema";

/** The address of the accounts that a query asks for; the usual order goes without saying. */
export function usersAddress({ search, state, sort, after }: UsersQuery): string {
  return listAddress("/users", { search, state, sort: sort === "email" ? undefined : sort, after });
}

/** Whether only some of the accounts are asked for. */
export function isFiltered({ search, state }: UsersQuery): boolean {
  return search !== undefined || state !== undefined;
}
