import type { SessionsQuery } from "@/lib/sessions/live/schema";

/** The address of the sessions that a query asks for. */
export function sessionsAddress({ search, kind, user, after }: SessionsQuery): string {
  const given = Object.entries({ search, kind, user, after }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  return given.length === 0 ? "/sessions" : `/sessions?${new URLSearchParams(given)}`;
}
