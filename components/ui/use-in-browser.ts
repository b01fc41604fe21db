import { useSyncExternalStore } from "react";

const never = () => () => {};

/**
 * What only the browser can tell, and what stands for it on the server and until the browser has taken over. `read` gives
 * the same for as long as the page is open.
 */
export function useInBrowser<T>(read: () => T, onServer: T): T {
  return useSyncExternalStore(never, read, () => onServer);
}
