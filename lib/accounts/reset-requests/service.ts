import "server-only";
import type { ResetRefusal } from "@/lib/audit/events";
import { audit } from "@/lib/audit/service";
import type { Actor, Anonymous } from "@/lib/core/actor";
import { type Db, db } from "@/lib/core/db";
import { countAttempt, resetsFrom } from "@/lib/core/throttle";
import { emailSchema } from "@/lib/settings/fields/schema";
import { wasJustMailed } from "../links";
import { mailPasswordLink } from "../password-links";
import { emailKey } from "../rules";
import { findUserByEmailKey, lockUserRow, type User } from "../store";
import { dequeueResetRequests, insertResetRequest, lockResetRequests } from "./store";

/**
 * How many requests a network address may make in a minute: more than the people of one office need, and too few to
 * flood the table. A caller over the limit gets the same answer as any other.
 */
const REQUESTS_PER_NETWORK_AND_MINUTE = 30;

/**
 * Records a request for a password link. Does the same work and returns nothing for every input: `resolveResetRequests`
 * looks the account up later, so that neither the answer nor its timing reveals whether the account exists. Anonymous
 * callers are allowed.
 */
export async function requestPasswordReset(actor: Actor, typed: string, now = new Date()): Promise<void> {
  const throttle = await countAttempt({
    key: resetsFrom(actor.address),
    perMinute: REQUESTS_PER_NETWORK_AND_MINUTE,
  });
  if (!throttle.allowed) {
    if (throttle.isFirstRefusal) {
      const subject = { id: null, email: "" };
      const details = { reason: "throttled" } as const;
      await audit(db(), actor, [{ kind: "password-reset-requested", subject, details }], now);
    }
    return;
  }
  const email = emailSchema.safeParse(typed.trim());
  // Store only a valid address: somebody may have typed a password into the field.
  await insertResetRequest(db(), { emailKey: email.success ? emailKey(email.data) : "", origin: actor, now });
}

/**
 * Processes the requests that `requestPasswordReset` recorded: mails each account its link, to the stored address and
 * never to the typed one. Any number of processes may call it at the same time.
 * @param run `until`: leaves requests from then on, which may still be being answered; none by default. `stopped`: stops
 *   between two addresses
 * @returns how many addresses were looked up
 */
export async function resolveResetRequests(
  now = new Date(),
  run: { until?: Date; stopped?: AbortSignal } = {},
): Promise<number> {
  let resolved = 0;
  const resolveNext = () => db().$transaction((tx) => resolveNextAddress(tx, now, run.until));
  while (!run.stopped?.aborted && (await resolveNext())) resolved += 1;
  return resolved;
}

/** Processes all requests for one address together: a thousand of them cause one mail. False when none are left. */
async function resolveNextAddress(tx: Db, now: Date, until: Date | undefined): Promise<boolean> {
  await lockResetRequests(tx);
  const groups = await dequeueResetRequests(tx, until);
  const [latest] = groups;
  if (!latest) return false;
  const user = await findAndLock(tx, latest.emailKey);
  const subject = { id: user?.id ?? null, email: user?.email ?? latest.emailKey };
  const outcome = await mailLink(tx, latest, user, now);
  for (const { requests, requestedAt, emailKey: _, ...origin } of groups) {
    const actor: Anonymous = { kind: "anonymous", ...origin };
    const details = { ...outcome, requests };
    await audit(tx, actor, [{ kind: "password-reset-requested", subject, details }], requestedAt);
  }
  return true;
}

/**
 * Finds the account with that address and locks its row, so that the address stays its own in this transaction. The
 * address may become another account's while this one waits for the lock; that one is then locked too.
 */
async function findAndLock(tx: Db, key: string): Promise<User | null> {
  for (let lockedId: string | null = null; ; ) {
    const found = key === "" ? null : await findUserByEmailKey(tx, key);
    if (!found || found.id === lockedId) return found;
    await lockUserRow(tx, found.id);
    lockedId = found.id;
  }
}

/** Mails the requested link, or returns why no mail is sent. */
async function mailLink(
  tx: Db,
  asked: { emailKey: string; address: string; userAgent: string },
  user: User | null,
  now: Date,
): Promise<{ sent: "activation" | "password-reset" } | { reason: ResetRefusal }> {
  if (asked.emailKey === "") return { reason: "no-address" };
  if (!user) return { reason: "unknown-account" };
  if (user.state === "DISABLED") return { reason: "disabled" };
  if (await wasJustMailed(tx, user.id, now)) return { reason: "recently-mailed" };
  const { address, userAgent } = asked;
  const reset = { kind: "password-reset", address, userAgent } as const;
  const { kind } = await mailPasswordLink(tx, user, { reset, isAnonymous: true, now });
  return { sent: kind === "activation" ? kind : reset.kind };
}
