/** Something that a process has once. */
export type OnePerProcess<T> = {
  /** What there is, or what `make` makes where there is nothing yet. */
  get(make: () => T): T;
  /** Takes it away, so that the next `get` makes another. */
  take(): T | undefined;
};

/**
 * Holds what a process has once. A variable of a module would hold one for each of Next's bundles that has the module:
 * pages, routes, proxy and instrumentation, and the front of our own.
 * @param name tells it from all else that is held
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
