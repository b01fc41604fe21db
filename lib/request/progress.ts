import { AsyncLocalStorage } from "node:async_hooks";
import { onePerProcess } from "@/lib/core/one-per-process";

/** How far the handling of a request has come. */
export type Progress = {
  /** Whether our code, an action or the gate, handles the request. A later failure is not the sender's fault. */
  isHandledByUs: boolean;
};

const held = onePerProcess<AsyncLocalStorage<Progress>>("progress");
const storage = () => held.get(() => new AsyncLocalStorage());

/** Runs the handling of a request, during which the functions below find `progress`. */
export function withProgress<T>(progress: Progress, work: () => T): T {
  return storage().run(progress, work);
}

/** Notes that our code handles the current request. */
export function markHandled(): void {
  const progress = storage().getStore();
  if (progress) progress.isHandledByUs = true;
}

/** Returns whether the current request is a posted form that our code does not handle yet. */
export function isUnhandledPost(): boolean {
  return storage().getStore()?.isHandledByUs === false;
}
