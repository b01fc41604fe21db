import "server-only";
import { randomBytes } from "node:crypto";
import { log } from "@/lib/core/log";
import { type HashTerms, runInWorker } from "./hash-threads";
import { normalizePassword } from "./rules";

/**
 * OWASP's first choice for argon2id: 19 MiB, two passes, one lane (Password Storage Cheat Sheet; docs/decisions/0022).
 */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** The prefix of a hash with the current parameters, in PHC form. */
const PHC_PREFIX = `$argon2id$v=19$m=${COST.memoryCost},t=${COST.timeCost},p=${COST.parallelism}$`;

/**
 * Hashes a password with argon2id and a fresh salt; returns PHC form.
 * @throws Refusal "overloaded"
 */
export async function hashPassword(password: string, terms?: HashTerms): Promise<string> {
  return runInWorker("hash", { password: normalizePassword(password), cost: COST }, terms);
}

const random = (bytes: number) => randomBytes(bytes).toString("base64").replaceAll("=", "");

/** A random salt and digest that match no password, compared with when there is no hash, to spend the same time. */
const DECOY = `${PHC_PREFIX}${random(16)}$${random(32)}`;

/** Any argon2 hash in PHC form, with salt and digest lengths that the library accepts. */
const PHC =
  /^\$argon2(?:id|i|d)\$v=(?:16|19)\$m=([1-9]\d{0,5}),t=([1-9]\d?),p=([1-9]\d?)\$([\w+/]{11,64})\$([\w+/]{14,86})$/;

/** More than any server spends on one password. A damaged hash that asks for more memory could crash the process. */
const MAX_COST = { memoryCost: 262_144, timeCost: 16, parallelism: 16 } as const;

const isBase64 = (text: string) =>
  Buffer.from(text, "base64").toString("base64").replaceAll("=", "") === text;

/** Returns whether the library can verify a stored hash. A damaged one would throw, or ask for too much memory. */
function isComparable(passwordHash: string): boolean {
  const [, m, t, p, salt = "", digest = ""] = PHC.exec(passwordHash) ?? [];
  const [memoryCost, timeCost, parallelism] = [Number(m), Number(t), Number(p)];
  const isAffordable =
    memoryCost <= MAX_COST.memoryCost &&
    timeCost <= MAX_COST.timeCost &&
    parallelism <= MAX_COST.parallelism &&
    memoryCost >= 8 * parallelism;
  return isAffordable && isBase64(salt) && isBase64(digest);
}

/**
 * Returns whether a password matches a hash. Without a hash it does the same work and returns false, so that the time
 * does not reveal whether the account exists. A damaged hash matches nothing and is logged; its owner needs a reset
 * link.
 * @param context `userId`: the owner of the hash, for the log entry about a damaged one. `address`: the network address
 *   that asked
 * @throws Refusal "overloaded"
 */
export async function verifyPassword(
  passwordHash: string | null,
  password: string,
  { userId, address }: { userId?: string | undefined; address?: string } = {},
): Promise<boolean> {
  const hash = passwordHash !== null && isComparable(passwordHash) ? passwordHash : null;
  if (hash !== passwordHash) log().error({ event: "password-hash-damaged", userId });
  const task = { hash: hash ?? DECOY, password: normalizePassword(password) };
  return (await runInWorker("verify", task, { address })) && hash !== null;
}

/** Returns whether a hash has other than the current parameters, so that the next right password should be rehashed. */
export function isHashOutdated(passwordHash: string): boolean {
  return !passwordHash.startsWith(PHC_PREFIX);
}
