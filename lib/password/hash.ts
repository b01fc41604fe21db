import "server-only";
import { availableParallelism } from "node:os";
import { hash, verify } from "@node-rs/argon2";
import pLimit from "p-limit";
import { Refusal } from "@/lib/core/errors";
import { normalizePassword } from "./rules";

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane (Password Storage Cheat Sheet). */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** How many hashes may wait for a core. Beyond it an answer would come too late to be of use. */
const MAX_WAITING = 256;

/** How long somebody who was turned away should wait: a full queue is worked off in less. */
const RETRY_AFTER_SECONDS = 5;

// One hash for each core: more would only take turns, hold 19 MiB each, and keep libuv's threads from everybody else.
const cores = pLimit(availableParallelism());

/** @throws Refusal "overloaded" when too many are waiting already */
function onACore<T>(work: () => Promise<T>): Promise<T> {
  if (cores.pendingCount >= MAX_WAITING) throw new Refusal("overloaded", RETRY_AFTER_SECONDS);
  return cores(work);
}

/** Hashes a new password: argon2id in PHC form, with its parameters and a fresh salt. @throws Refusal "overloaded" */
export async function hashPassword(password: string): Promise<string> {
  return onACore(() => hash(normalizePassword(password), COST));
}

let decoy: Promise<string> | undefined;

/** The hash of a password that nobody has, verified where there is nothing to verify. */
function decoyHash(): Promise<string> {
  decoy ??= hash(crypto.randomUUID(), COST);
  return decoy;
}

/**
 * Whether a password is the one that was hashed. Without a hash it does the same work and says no, so that the time
 * taken does not tell whether there is an account.
 * @throws Refusal "overloaded"
 */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  const against = passwordHash ?? (await decoyHash());
  const matches = await onACore(() => verify(against, normalizePassword(password)));
  return matches && passwordHash !== null;
}

/** Whether a hash was made with other parameters than today's, and should be made again when the password is at hand. */
export function isHashOutdated(passwordHash: string): boolean {
  return !passwordHash.startsWith(
    `$argon2id$v=19$m=${COST.memoryCost},t=${COST.timeCost},p=${COST.parallelism}$`,
  );
}
