// What each thread of hash-threads.ts runs, as it is, without a build. Synchronous: a thread does one hash at a time.
import { hashSync, verifySync } from "@node-rs/argon2";

const isTooLate = ({ latest }) => process.hrtime.bigint() > latest;

/**
 * @param {{ latest: bigint, password: string, cost: import("@node-rs/argon2").Options }} task
 * @returns the hash in PHC form; null when it is too late to begin
 */
export function hash(task) {
  return isTooLate(task) ? null : hashSync(task.password, task.cost);
}

/**
 * @param {{ latest: bigint, password: string, hash: string }} task
 * @returns whether the password is the one that was hashed; null when it is too late to begin
 */
export function verify(task) {
  return isTooLate(task) ? null : verifySync(task.hash, task.password);
}
