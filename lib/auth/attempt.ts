import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { isLocked } from "@/lib/accounts/rules";
import type { TriedFor } from "@/lib/audit/events";
import { audit } from "@/lib/audit/service";
import { type Actor, host } from "@/lib/core/actor";
import { db, driver, type RawDb } from "@/lib/core/db";
import { isDatabaseAway, Refusal } from "@/lib/core/errors";
import { MAX_PASSWORD_UNITS } from "@/lib/core/limits";
import { attemptsOn, throughGate } from "@/lib/password/account-gate";
import { hashPassword, isHashOutdated, verifyPassword } from "@/lib/password/hash";
import { isWellFormedPassword } from "@/lib/password/rules";
import {
  type AttemptedAccount,
  clearFailures,
  liftLapsedLock,
  releaseAttempt,
  reserveAttempt,
  type Whose,
} from "./store";

const RETRY_AFTER_SECONDS = 5;
/** How often, and for how long, to ask for a reservation while other processes hold all that there are. */
const POLL_MS = 15;
const MAX_POLL_MS = 12_000;

/** Why a password was not compared with the account's; for the audit, never for the answer. */
type RefusalReason = "unknown-account" | "not-activated" | "disabled" | "locked";

export type Attempt =
  | { outcome: "right"; account: AttemptedAccount; newHash: string | null }
  | { outcome: "wrong"; account: AttemptedAccount }
  | { outcome: "refused"; account: AttemptedAccount | null; reason: RefusalReason };

/**
 * Evaluates a password for an account and lets the caller settle the outcome, so that of the passwords tried in parallel,
 * on any number of processes, no more are ever compared than the policy allows before a lock. Whatever the reason of a
 * refusal, the same work is done.
 * @param input `userId`: the account, where it is known; `emailKey` then only says whom the attempt takes turns with
 * @param settle what the outcome leads to; it must give the reservation back (`countFailure`, or `settleRight`)
 * @throws Refusal "overloaded"
 */
export async function attemptPassword<T>(
  input: {
    emailKey: string;
    userId?: string;
    password: string;
    maxFailedAttempts: number | null;
    now: Date;
  },
  settle: (attempt: Attempt) => Promise<T>,
): Promise<T> {
  const { emailKey, userId, password, now } = input;
  const whose = userId === undefined ? { emailKey } : { userId };
  return throughGate(attemptsOn(emailKey), async () => {
    const account = await reserve(whose, input.maxFailedAttempts ?? 0, now);
    const hasReserved = account !== null && account.epoch !== null;
    try {
      const isPossible = password.length <= MAX_PASSWORD_UNITS && isWellFormedPassword(password);
      const hash = hasReserved && isPossible ? account.passwordHash : null;
      const isRight = await verifyPassword(hash, isPossible ? password : "", account?.id);
      if (!hasReserved) return await settle({ outcome: "refused", account, reason: refusalReason(account) });
      if (!isRight) return await settle({ outcome: "wrong", account });
      const newHash = hash && isHashOutdated(hash) ? await hashPassword(password) : null;
      return await settle({ outcome: "right", account, newHash });
    } catch (error) {
      // If the database's answer was lost, the outcome may be recorded already, and the reservation given back with it. To
      // give it back a second time would release another attempt's. Then, and where this fails, its lease runs out.
      if (hasReserved && !isDatabaseAway(error))
        await releaseAttempt(driver(), account).catch(() => undefined);
      throw error;
    }
  });
}

async function reserve(whose: Whose, maxFailedAttempts: number, now: Date): Promise<AttemptedAccount | null> {
  for (const since = performance.now(); performance.now() - since < MAX_POLL_MS; await sleep(POLL_MS)) {
    const account = await reserveAttempt(driver(), whose, maxFailedAttempts);
    if (!account || account.epoch !== null) return account;
    if (account.state !== "ACTIVE" || isLocked(account, now)) return account;
    if (account.lockedAt) await unlockByTime(account, now);
  }
  throw new Refusal("overloaded", RETRY_AFTER_SECONDS);
}

async function unlockByTime(account: AttemptedAccount, now: Date): Promise<void> {
  await db().$transaction(async (tx) => {
    if (!(await liftLapsedLock(tx, account.id, now))) return;
    const subject = { id: account.id, email: account.email };
    await audit(tx, host, [{ kind: "account-unlocked", subject, details: { by: "time" } }], now);
  });
}

function refusalReason(account: AttemptedAccount | null): RefusalReason {
  if (!account) return "unknown-account";
  if (account.state === "INVITED") return "not-activated";
  return account.state === "DISABLED" ? "disabled" : "locked";
}

/**
 * Gives the reservation of a right password back. If the account has changed while the password was compared, so that the
 * password counts no longer, a failed login is audited: somebody knew a password.
 * @param tried who gave the password, what for, and whether that completes a login (`isLogin`) or a further step follows
 * @returns the account as it is now, locked until the end of the transaction (its address, name and authority may have
 * changed meanwhile); null where the password counts no longer
 */
export async function settleRight(
  tx: RawDb,
  { account, newHash }: Attempt & { outcome: "right" },
  tried: { actor: Actor; how: TriedFor; now: Date; isLogin: boolean },
): Promise<AttemptedAccount | null> {
  const { actor, how, now, isLogin } = tried;
  const identity = await clearFailures(tx, { ...account, newHash, loggedInAt: isLogin ? now : null });
  if (identity) return { ...account, ...identity };
  await releaseAttempt(tx, account);
  const subject = { id: account.id, email: account.email };
  const details = { how, reason: "changed-meanwhile" } as const;
  await audit(tx, actor, [{ kind: "login-failed", subject, details }], now);
  return null;
}
