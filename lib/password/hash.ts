import "server-only";
import { randomBytes } from "node:crypto";
import { onAThread } from "./hash-threads";
import { normalizePassword } from "./rules";

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane (Password Storage Cheat Sheet). */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** How a hash with today's parameters begins, in PHC form. */
const PHC_PREFIX = `$argon2id$v=19$m=${COST.memoryCost},t=${COST.timeCost},p=${COST.parallelism}$`;

/** Hashes a new password: argon2id in PHC form, with its parameters and a fresh salt. @throws Refusal "overloaded" */
export async function hashPassword(password: string): Promise<string> {
  return onAThread("hash", { password: normalizePassword(password), cost: COST });
}

const random = (bytes: number) => randomBytes(bytes).toString("base64").replaceAll("=", "");

/** A salt and a hash of no password, verified where there is nothing to verify. */
const DECOY = `${PHC_PREFIX}${random(16)}$${random(32)}`;

/**
 * Whether a password is the one that was hashed. Without a hash it does the same work and says no, so that the time
 * taken does not tell whether there is an account.
 * @throws Refusal "overloaded"
 */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  const task = { hash: passwordHash ?? DECOY, password: normalizePassword(password) };
  return (await onAThread("verify", task)) && passwordHash !== null;
}

/** Whether a hash was made with other parameters than today's, and should be made again when the password is at hand. */
export function isHashOutdated(passwordHash: string): boolean {
  return !passwordHash.startsWith(PHC_PREFIX);
}
