import pLimit, { type LimitFunction } from "p-limit";
import { overloaded, type Refusal } from "./errors";
import { onePerProcess } from "./one-per-process";

type GateLimits = Readonly<{
  /** How much work with one key a process does at a time. */
  atOnce: number;
  /** How much may wait at one gate, and at all gates of the name together. More is turned away, if it would wait. */
  waitingAtOne: number;
  waitingAtAll: number;
  /** How long any may wait before it is turned away, in milliseconds. */
  maxWaitMs: number;
}>;

type Gates = { open: Map<string, LimitFunction>; waiting: number };

/**
 * Creates a function that runs work, of each key only so much at a time within this process.
 * @param name identifies the gates; gates of the same name are the same ones
 * @returns a function that passes on what the work returns and throws, and throws Refusal "overloaded" when too many
 *   wait, or the work has waited too long. The work is told whether it `hasWaited`
 */
export function createGates(name: string, limits: GateLimits) {
  const held = onePerProcess<Gates>(name);
  return async <T>(key: string, work: (hasWaited: boolean) => Promise<T>): Promise<T> => {
    const gates = held.get(() => ({ open: new Map(), waiting: 0 }));
    const gate = gates.open.get(key) ?? pLimit(limits.atOnce);
    const mustWait = gate.activeCount >= limits.atOnce;
    // Whoever need not wait is let through: otherwise the crowd at a few gates would turn everyone away.
    if (mustWait && (gate.pendingCount >= limits.waitingAtOne || gates.waiting >= limits.waitingAtAll)) {
      throw overloaded();
    }
    gates.open.set(key, gate);
    if (mustWait) gates.waiting += 1;
    const wait = limitedWait(limits.maxWaitMs);
    const done = gate(async () => {
      if (mustWait) gates.waiting -= 1;
      wait.end();
      return work(mustWait);
    }).finally(() => {
      if (gate.activeCount === 0 && gate.pendingCount === 0) gates.open.delete(key);
    });
    return Promise.race([done, wait.isOver]);
  };
}

/**
 * Begins to wait for a turn. What is before it may take minutes, so it is not the turn that ends a wait that is too long.
 * @returns `isOver`: rejects when the wait has taken `maxMs`. `end`: ends it when the turn comes; throws if it is over
 */
function limitedWait(maxMs: number): { isOver: Promise<never>; end: () => void } {
  let refusal: Refusal | undefined;
  let timer: NodeJS.Timeout | undefined;
  const isOver = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      refusal = overloaded();
      reject(refusal);
    }, maxMs);
  });
  const end = () => {
    clearTimeout(timer);
    if (refusal) throw refusal;
  };
  return { isOver, end };
}
