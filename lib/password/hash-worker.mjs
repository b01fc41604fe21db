// The code of the threads in hash-threads.ts. Node loads this file as it is; it is not bundled or transpiled. The calls
// are synchronous, so that each thread computes one hash at a time.
import { hashSync, verifySync } from "@node-rs/argon2";

const isTooLate = ({ latest }) => process.hrtime.bigint() > latest;

/**
 * @param {{ latest: bigint, password: string, cost: import("@node-rs/argon2").Options }} task `latest`: the time of
 *   `process.hrtime.bigint()` after which it is too late to begin
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
