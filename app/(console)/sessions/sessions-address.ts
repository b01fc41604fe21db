import { listAddress } from "@/app/(console)/list-address";
import type { SessionsQuery } from "@/lib/sessions/live/schema";

/** The address of the sessions that a query asks for. */
export function sessionsAddress({ search, kind, user, after }: SessionsQuery): string {
  return listAddress("/sessions", { search, kind, user, after });
}

/** Whether only some of the sessions are asked for. */
export function isFiltered({ search, kind, user }: SessionsQuery): boolean {
  return search !== undefined || kind !== undefined || user !== undefined;
}
