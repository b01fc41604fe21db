/** A holder of a value that exists once per process. */
export type OnePerProcess<T> = {
  /** Returns the held value; creates it with `make` if there is none yet. */
  get(make: () => T): T;
  /** Removes and returns the held value, so that the next `get` creates a new one. */
  take(): T | undefined;
};

/**
 * Creates the holder of a value that exists once per process. A module-level variable would exist once per bundle: Next
 * bundles a module separately for pages, routes, proxy and instrumentation, and our own HTTP front loads it once more.
 * @param name identifies the value; holders of the same name share it
 */
export function onePerProcess<T>(name: string): OnePerProcess<T> {
  const key = Symbol.for(`gatehouse.${name}`);
  const holder = globalThis as { [key: symbol]: { value: T } | undefined };
  return {
    get(make) {
      holder[key] ??= { value: make() };
      return holder[key].value;
    },
    take() {
      const held = holder[key];
      holder[key] = undefined;
      return held?.value;
    },
  };
}
