import "server-only";
import pLimit, { type LimitFunction } from "p-limit";
import { Refusal } from "@/lib/core/errors";
import { onePerProcess } from "@/lib/core/one-per-process";

/** For how many of one account's passwords a process works at once; the others wait their turn here, not at the hashes. */
const PER_ACCOUNT = 4;
/** How many may wait, for one account and for all. */
const MAX_WAITING_PER_ACCOUNT = 256;
const MAX_WAITING = 1_024;
const RETRY_AFTER_SECONDS = 5;

type Gates = { open: Map<string, LimitFunction>; waiting: number };

const held = onePerProcess<Gates>("account-gates");
const accountGates = () => held.get(() => ({ open: new Map(), waiting: 0 }));

/** What passes one gate: the attempts on an account, or the choices of a new password for it. */
export const attemptsOn = (emailKey: string) => `attempt:${emailKey}`;
/** A gate of its own: whoever tries passwords on the account must not keep its person from choosing another. */
export const choicesFor = (userId: string) => `choice:${userId}`;

/**
 * Lets the work that hashes passwords for one account through a few at a time, so that somebody who asks for it again and
 * again does not keep everybody else waiting.
 * @throws Refusal "overloaded", and whatever `work` throws
 */
export async function throughGate<T>(what: string, work: () => Promise<T>): Promise<T> {
  const gates = accountGates();
  const gate = gates.open.get(what) ?? pLimit(PER_ACCOUNT);
  if (gate.pendingCount >= MAX_WAITING_PER_ACCOUNT || gates.waiting >= MAX_WAITING) {
    throw new Refusal("overloaded", RETRY_AFTER_SECONDS);
  }
  gates.open.set(what, gate);
  gates.waiting += 1;
  try {
    return await gate(work);
  } finally {
    gates.waiting -= 1;
    if (gate.activeCount === 0 && gate.pendingCount === 0) gates.open.delete(what);
  }
}
