import { listAddress } from "@/app/(console)/list-address";
import type { SessionsQuery } from "@/lib/sessions/live/schema";

/** Returns the URL of the sessions that a query selects. */
export function sessionsAddress({ search, kind, user, key, after }: SessionsQuery): string {
  return listAddress("/sessions", { search, kind, user, key, after });
}

/** Tells whether a filter is set. */
export function isFiltered({ search, kind, user, key }: SessionsQuery): boolean {
  return search !== undefined || kind !== undefined || user !== undefined || key !== undefined;
}
