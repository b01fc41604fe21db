import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { isLocked } from "@/lib/accounts/rules";
import { liftLapsedLock } from "@/lib/accounts/store";
import type { TriedFor } from "@/lib/audit/events";
import { audit } from "@/lib/audit/service";
import { type Actor, host } from "@/lib/core/actor";
import { db, driver, type RawDb } from "@/lib/core/db";
import { isDatabaseAway, overloaded } from "@/lib/core/errors";
import { attemptGateKey, withAccountLimit } from "@/lib/password/account-gate";
import { hashPassword, isHashOutdated, verifyPassword } from "@/lib/password/hash";
import { isWellFormedPassword, MAX_PASSWORD_UNITS } from "@/lib/password/rules";
import {
  type AccountSelector,
  type AttemptedAccount,
  clearFailures,
  releaseAttempt,
  reserveAttempt,
} from "./store";

/** How often, and for how long, to poll for a reservation while other attempts hold all of them, in milliseconds. */
const POLL_MS = 15;
const MAX_POLL_MS = 12_000;

/** Why a password was not compared with the account's hash. Only for the audit log, never for the answer. */
type RefusalReason = "unknown-account" | "not-activated" | "disabled" | "locked";

/** `newHash`: the password hashed with current parameters; null when the stored hash already has them. */
export type RightAttempt = { outcome: "right"; account: AttemptedAccount; newHash: string | null };

export type Attempt =
  | RightAttempt
  | { outcome: "wrong"; account: AttemptedAccount }
  | { outcome: "refused"; account: AttemptedAccount | null; reason: RefusalReason };

/**
 * Reserves an attempt on an account, compares the password, and passes the outcome to `settle`. However many passwords
 * are tried in parallel, on any number of processes, never more are compared than the policy allows before a lock
 * (docs/decisions/0004). Every refusal takes the same work, whatever its reason.
 * @param input `address`: the network address that asked. `userId`: the account, if known; `emailKey` then only selects
 *   the queue that the attempt waits in. `maxFailedAttempts`: wrong passwords in a row before a lock; null or 0 for no lock
 * @param settle records the outcome; it must release the reservation (`countFailure`, `settleSuccess` or
 *   `openSessionByPassword`), and must not throw once that is committed. `reservingMs`: how long the reservation took, in
 *   milliseconds
 * @throws Refusal "overloaded", and whatever `settle` throws
 */
export async function attemptPassword<T>(
  input: {
    address: string;
    emailKey: string;
    userId?: string;
    password: string;
    maxFailedAttempts: number | null;
    now: Date;
  },
  settle: (attempt: Attempt, reservingMs: number) => Promise<T>,
): Promise<T> {
  const { address, emailKey, userId, password, now } = input;
  const selector = userId === undefined ? { emailKey } : { userId };
  return withAccountLimit(attemptGateKey(emailKey), async () => {
    const begun = performance.now();
    const account = await reserve(selector, input.maxFailedAttempts ?? 0, now);
    const reservingMs = performance.now() - begun;
    const hasReserved = account !== null && account.epoch !== null;
    try {
      const isPossible = password.length <= MAX_PASSWORD_UNITS && isWellFormedPassword(password);
      const hash = hasReserved && isPossible ? account.passwordHash : null;
      const isRight = await verifyPassword(hash, isPossible ? password : "", {
        userId: account?.id,
        address,
      });
      if (!hasReserved)
        return await settle({ outcome: "refused", account, reason: refusalReason(account) }, reservingMs);
      if (!isRight) return await settle({ outcome: "wrong", account }, reservingMs);
      const newHash = hash && isHashOutdated(hash) ? await hashPassword(password, { address }) : null;
      return await settle({ outcome: "right", account, newHash }, reservingMs);
    } catch (error) {
      // If the database's answer was lost, the outcome may already be recorded and the reservation released with it. A
      // second release would free another attempt's reservation. In that case, or if this release fails, the lease
      // expires by itself.
      if (hasReserved && !isDatabaseAway(error))
        await releaseAttempt(driver(), account).catch(() => undefined);
      throw error;
    }
  });
}

async function reserve(
  selector: AccountSelector,
  maxFailedAttempts: number,
  now: Date,
): Promise<AttemptedAccount | null> {
  for (const since = performance.now(); performance.now() - since < MAX_POLL_MS; ) {
    const account = await reserveAttempt(driver(), selector, maxFailedAttempts);
    if (!account || account.epoch !== null) return account;
    if (account.state !== "ACTIVE" || isLocked(account, now)) return account;
    if (account.lockedAt) await unlockByTime(account, now);
    else await sleep(POLL_MS);
  }
  throw overloaded();
}

async function unlockByTime(account: AttemptedAccount, now: Date): Promise<void> {
  await db().$transaction(async (tx) => {
    if (!(await liftLapsedLock(tx, account.id, now))) return;
    await audit(tx, host, [{ kind: "account-unlocked", subject: account, details: { by: "time" } }], now);
  });
}

function refusalReason(account: AttemptedAccount | null): RefusalReason {
  if (!account) return "unknown-account";
  if (account.state === "INVITED") return "not-activated";
  return account.state === "DISABLED" ? "disabled" : "locked";
}

/** Who gave a password, and why. */
type Tried = { actor: Actor; how: TriedFor; now: Date };

/**
 * Releases the reservation after a right password and resets the failed attempts. If the account was locked or
 * disabled, or its password replaced, while the password was compared, the password no longer counts and a failed login
 * is audited. The same applies if that took so long that the reservation was void and the limit was given to others.
 * For what is not a login yet: `openSessionByPassword` does this for a login.
 * @returns the account with its current address, name and authority, its row locked until the end of the transaction;
 *   null when the password no longer counts
 */
export async function settleSuccess(
  tx: RawDb,
  { account, newHash }: RightAttempt,
  tried: Tried,
): Promise<AttemptedAccount | null> {
  const identity = await clearFailures(tx, { ...account, newHash, loggedInAt: null });
  if (identity) return { ...account, ...identity };
  await recordOvertaken(tx, account, tried);
  return null;
}

/** Releases the reservation of a right password that no longer counts, and audits a failed login. */
export async function recordOvertaken(
  tx: RawDb,
  account: AttemptedAccount,
  { actor, how, now }: Tried,
): Promise<void> {
  await releaseAttempt(tx, account);
  const details = { how, reason: "changed-meanwhile" } as const;
  await audit(tx, actor, [{ kind: "login-failed", subject: account, details }], now);
}
