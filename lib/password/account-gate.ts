import "server-only";
import pLimit, { type LimitFunction } from "p-limit";
import { Refusal } from "@/lib/core/errors";
import { onePerProcess } from "@/lib/core/one-per-process";

/**
 * How many passwords of one account a process handles at a time. The others wait here, not in the hash threads' queue.
 */
const PER_ACCOUNT = 4;
/** How many may wait at one gate, and at all gates of the process together. */
const MAX_WAITING_PER_ACCOUNT = 256;
const MAX_WAITING = 1_024;
/**
 * How long one may wait at a gate before it is turned away, in milliseconds: longer than a full gate takes to hash, also
 * on a slow and busy machine. If the database stalls, each of those before it takes seconds to fail, and the last would
 * wait for minutes.
 */
const MAX_WAIT_MS = 20_000;
const RETRY_AFTER_SECONDS = 5;

type Gates = { open: Map<string, LimitFunction>; waiting: number };

const held = onePerProcess<Gates>("account-gates");
const accountGates = () => held.get(() => ({ open: new Map(), waiting: 0 }));

/** The key of the gate for password attempts on an account. */
export const attemptGateKey = (emailKey: string) => `attempt:${emailKey}`;
/**
 * The key of the gate for new passwords. Separate, so that guessing at an account does not block its owner's change.
 */
export const newPasswordGateKey = (userId: string) => `choice:${userId}`;

/**
 * Runs work that hashes passwords for one account, at most `PER_ACCOUNT` at a time, so that many requests for one
 * account do not delay everyone else's. The limit holds within this process.
 * @param gateKey names the gate; from `attemptGateKey` or `newPasswordGateKey`
 * @throws Refusal "overloaded" when too many wait, or this one has waited for `MAX_WAIT_MS`, and whatever `work` throws
 */
export async function withAccountLimit<T>(gateKey: string, work: () => Promise<T>): Promise<T> {
  const gates = accountGates();
  const gate = gates.open.get(gateKey) ?? pLimit(PER_ACCOUNT);
  if (gate.pendingCount >= MAX_WAITING_PER_ACCOUNT || gates.waiting >= MAX_WAITING) {
    throw new Refusal("overloaded", RETRY_AFTER_SECONDS);
  }
  gates.open.set(gateKey, gate);
  gates.waiting += 1;
  const since = performance.now();
  try {
    return await gate(() => {
      if (performance.now() - since > MAX_WAIT_MS) throw new Refusal("overloaded", RETRY_AFTER_SECONDS);
      return work();
    });
  } finally {
    gates.waiting -= 1;
    if (gate.activeCount === 0 && gate.pendingCount === 0) gates.open.delete(gateKey);
  }
}
