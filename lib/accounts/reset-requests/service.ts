import "server-only";
import type { ResetRefusal } from "@/lib/audit/events";
import { type ActorEvent, audit, auditAll } from "@/lib/audit/service";
import type { Actor } from "@/lib/core/actor";
import { type Db, db } from "@/lib/core/db";
import { emailSchema } from "@/lib/core/email/schema";
import { countAttempt, resetsFrom } from "@/lib/core/throttle";
import { wasJustMailed } from "../links";
import { mailPasswordLink } from "../password-links";
import { emailKey } from "../rules";
import { findUserByEmailKey, lockUserRow, type User } from "../store";
import {
  dequeueResetRequests,
  dequeueUnknown,
  insertResetRequest,
  lockResetRequests,
  type RequestGroup,
} from "./store";

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
 * How many requests one transaction processes for one address, and how many for addresses that no account has. From
 * hundreds of networks come more than a hundred requests a second: one by one, they would delay those of other people.
 */
const BATCH_SIZE = 1_000;

/**
 * Processes the requests that `requestPasswordReset` recorded: mails each account its link, to the stored address and
 * never to the typed one. Any number of processes may call it at the same time.
 * @param run `until`: leaves requests from then on, which may still be being answered; none by default. `stopped`: stops
 *   between two transactions
 * @returns how many addresses were looked up
 */
export async function resolveResetRequests(
  now = new Date(),
  run: { until?: Date; stopped?: AbortSignal } = {},
): Promise<number> {
  let resolved = 0;
  const resolveSome = () => db().$transaction((tx) => resolveBatch(tx, now, run.until));
  while (!run.stopped?.aborted) {
    const addresses = await resolveSome();
    if (addresses === 0) break;
    resolved += addresses;
  }
  return resolved;
}

/**
 * Processes the oldest requests for addresses that no account has, and then those for the address that has waited
 * longest. Those for one address are processed together: a thousand of them cause one mail. Returns how many addresses.
 */
async function resolveBatch(tx: Db, now: Date, until: Date | undefined): Promise<number> {
  await lockResetRequests(tx);
  const unknown = await dequeueUnknown(tx, BATCH_SIZE, until);
  const noAccount = unknown.map((group) => eventOf(group, null, refusalOf(group)));
  const groups = await dequeueResetRequests(tx, BATCH_SIZE, until);
  await auditAll(tx, [...noAccount, ...(await resolveAddress(tx, groups, now))]);
  return new Set([...unknown, ...groups].map(({ emailKey }) => emailKey)).size;
}

/** Processes requests for one address. @returns their audit events */
async function resolveAddress(tx: Db, groups: RequestGroup[], now: Date): Promise<ActorEvent[]> {
  const [latest] = groups;
  if (!latest) return [];
  const user = await findAndLock(tx, latest.emailKey);
  const outcome = user ? await mailLink(tx, latest, user, now) : refusalOf(latest);
  return groups.map((group) => eventOf(group, user, outcome));
}

type Outcome = { sent: "activation" | "password-reset" } | { reason: ResetRefusal };

const refusalOf = ({ emailKey }: RequestGroup): Outcome => ({
  reason: emailKey === "" ? "no-address" : "unknown-account",
});

function eventOf(
  { requests, requestedAt, emailKey, ...origin }: RequestGroup,
  user: User | null,
  outcome: Outcome,
): ActorEvent {
  const subject = { id: user?.id ?? null, email: user?.email ?? emailKey };
  const event = { kind: "password-reset-requested", subject, details: { ...outcome, requests } } as const;
  return { actor: { kind: "anonymous", ...origin }, event, at: requestedAt };
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
  { address, userAgent }: RequestGroup,
  user: User,
  now: Date,
): Promise<Outcome> {
  if (user.state === "DISABLED") return { reason: "disabled" };
  if (await wasJustMailed(tx, user.id, now)) return { reason: "recently-mailed" };
  const reset = { kind: "password-reset", address, userAgent } as const;
  const { kind } = await mailPasswordLink(tx, user, { reset, isAnonymous: true, now });
  return { sent: kind === "activation" ? kind : reset.kind };
}
