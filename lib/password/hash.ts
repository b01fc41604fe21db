import "server-only";
import { randomBytes } from "node:crypto";
import { log } from "@/lib/core/log";
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

/** Every argon2 in PHC form, with salts and digests of the lengths that the library reads. */
const PHC =
  /^\$argon2(?:id|i|d)\$v=(?:16|19)\$m=([1-9]\d{0,5}),t=([1-9]\d?),p=([1-9]\d?)\$([\w+/]{11,64})\$([\w+/]{14,86})$/;

/** Beyond what any server spends on one password: memory that is not there would end the process. */
const MAX_COST = { memoryCost: 262_144, timeCost: 16, parallelism: 16 } as const;

const isBase64 = (text: string) =>
  Buffer.from(text, "base64").toString("base64").replaceAll("=", "") === text;

/** Whether a stored hash can be compared with; a damaged one would throw, or ask for more than there is. */
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
 * Whether a password is the one that was hashed. Without a hash it does the same work and says no, so that the time
 * taken does not tell whether there is an account. A damaged one is nobody's: its person chooses another by a reset link.
 * @param userId whose hash it is, for the log to say where one is damaged
 * @throws Refusal "overloaded"
 */
export async function verifyPassword(
  passwordHash: string | null,
  password: string,
  userId?: string,
): Promise<boolean> {
  const hash = passwordHash !== null && isComparable(passwordHash) ? passwordHash : null;
  if (hash !== passwordHash) log().error({ event: "password-hash-damaged", userId });
  const task = { hash: hash ?? DECOY, password: normalizePassword(password) };
  return (await onAThread("verify", task)) && hash !== null;
}

/** Whether a hash was made with other parameters than today's, and should be made again when the password is at hand. */
export function isHashOutdated(passwordHash: string): boolean {
  return !passwordHash.startsWith(PHC_PREFIX);
}
