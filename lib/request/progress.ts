import { AsyncLocalStorage } from "node:async_hooks";

/** How far a request has come. */
export type Progress = {
  /** Code of ours, an action or the gate, has taken it up: whatever fails from then on is no fault of the sender. */
  isOurs: boolean;
};

// The front and each of Next's bundles have this module to themselves; the process has one storage all the same.
const holder = globalThis as { [key: symbol]: AsyncLocalStorage<Progress> | undefined };
const KEY = Symbol.for("gatehouse.progress");

function storage(): AsyncLocalStorage<Progress> {
  holder[KEY] ??= new AsyncLocalStorage();
  return holder[KEY];
}

/** Does what a request asks for, and follows how far it comes. */
export function withProgress<T>(progress: Progress, work: () => T): T {
  return storage().run(progress, work);
}

/** Notes that code of ours answers the request that is under way. */
export function takeUp(): void {
  const progress = storage().getStore();
  if (progress) progress.isOurs = true;
}

/** Whether a post is under way that no code of ours has taken up. */
export function isNotTakenUp(): boolean {
  return storage().getStore()?.isOurs === false;
}
