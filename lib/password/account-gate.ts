import "server-only";
import { createGates } from "@/lib/core/gates";

const pass = createGates("account-gates", {
  /** How many passwords of one account are handled at a time. The others wait here, not in the hash threads' queue. */
  atOnce: 4,
  waitingAtOne: 256,
  waitingAtAll: 1_024,
  /**
   * Longer than a full gate takes to hash, also on a slow and busy machine. If the database stalls, each of those before
   * it takes seconds to fail, and the last would wait for minutes.
   */
  maxWaitMs: 20_000,
});

/** The key of the gate for password attempts on an account. */
export const attemptGateKey = (emailKey: string) => `attempt:${emailKey}`;
/**
 * The key of the gate for new passwords. Separate, so that guessing at an account does not block its owner's change.
 */
export const newPasswordGateKey = (userId: string) => `choice:${userId}`;

/**
 * Runs work that hashes passwords for one account, four at a time, so that many requests for one account do not delay
 * everyone else's. The limit holds within this process.
 * @param gateKey names the gate; from `attemptGateKey` or `newPasswordGateKey`
 * @throws Refusal "overloaded" when too many wait, or this one has waited too long, and whatever `work` throws
 */
export async function withAccountLimit<T>(gateKey: string, work: () => Promise<T>): Promise<T> {
  return pass(gateKey, work);
}
