import { AsyncLocalStorage } from "node:async_hooks";
import { onePerProcess } from "@/lib/core/one-per-process";

/** How far a request has come. */
export type Progress = {
  /** Code of ours, an action or the gate, has taken it up: whatever fails from then on is no fault of the sender. */
  isOurs: boolean;
};

const held = onePerProcess<AsyncLocalStorage<Progress>>("progress");
const storage = () => held.get(() => new AsyncLocalStorage());

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
