import { useSyncExternalStore } from "react";

const never = () => () => {};

/**
 * Returns a value that only the browser knows, or `onServer` on the server and until hydration. `read` must return the
 * same value for as long as the page is open.
 */
export function useInBrowser<T>(read: () => T, onServer: T): T {
  return useSyncExternalStore(never, read, () => onServer);
}
