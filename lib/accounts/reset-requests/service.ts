import "server-only";
import type { ResetRefusal } from "@/lib/audit/events";
import { type ActorEvent, audit, auditAll } from "@/lib/audit/service";
import type { Actor } from "@/lib/core/actor";
import { type Db, db, driver } from "@/lib/core/db";
import { emailSchema } from "@/lib/core/email/schema";
import { typedAddress } from "@/lib/core/email/typed-address";
import { isDatabaseAway } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import { countAttempt, resetsFrom } from "@/lib/core/throttle";
import { findJustMailed } from "../links";
import { mailPasswordLinks } from "../password-links";
import { emailKey } from "../rules";
import { type LinkOwner, lockFreeUsers, lockUserByEmailKey } from "../store";
import {
  type Due,
  dequeueResetRequests,
  dequeueUnknown,
  findWaiting,
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
      await audit(driver(), actor, [{ kind: "password-reset-requested", subject, details }], now);
    }
    return;
  }
  const email = emailSchema.safeParse(typedAddress(typed));
  // Store only a valid address: somebody may have typed a password into the field.
  await insertResetRequest(db(), { emailKey: email.success ? emailKey(email.data) : "", origin: actor, now });
}

/**
 * How many requests one transaction processes, and for how many accounts, whose rows it locks. From hundreds of networks
 * come more than a hundred requests a second: one by one, they would delay those of other people.
 */
const BATCH_SIZE = 1_000;
const ACCOUNTS_AT_ONCE = 100;

/** After how many failures to reach the database a run ends, instead of trying with the next account. */
const MAX_AWAY = 2;

/**
 * Processes the requests that `requestPasswordReset` recorded: mails each account its link, to the stored address and
 * never to the typed one. Any number of processes may call it at the same time.
 * @param run `until`: leaves requests from then on, which may still be being answered; none by default. `stopped`: stops
 *   between two transactions
 * @returns how many addresses were looked up
 * @throws the first failure, after it has processed all requests that it can; at once if the database is away
 */
export async function resolveResetRequests(
  now = new Date(),
  run: { until?: Date; stopped?: AbortSignal } = {},
): Promise<number> {
  const failed: { emailKey: string; error: unknown }[] = [];
  let resolved = 0;
  while (!run.stopped?.aborted) {
    const due = { until: run.until, except: failed.map(({ emailKey }) => emailKey) };
    const { addresses, left } = await resolveTogether(now, due);
    resolved += addresses;
    for (const emailKey of left) {
      if (run.stopped?.aborted) break;
      try {
        resolved += await db().$transaction((tx) => resolveAlone(tx, emailKey, due, now));
      } catch (error) {
        failed.push({ emailKey, error });
        if (failed.filter((one) => isDatabaseAway(one.error)).length >= MAX_AWAY) throw error;
      }
    }
    if (addresses === 0 && left.length === 0) break;
  }
  if (failed[0]) throw failed[0].error;
  return resolved;
}

/**
 * Processes the oldest requests in one transaction.
 * @returns how many addresses it processed, and which are `left` to process alone: those of the accounts that another
 *   transaction has locked; or all, if the transaction failed, perhaps because of one of them
 */
async function resolveTogether(now: Date, due: Due): Promise<{ addresses: number; left: string[] }> {
  let waiting: string[] = [];
  try {
    return await db().$transaction(async (tx) => {
      await lockResetRequests(tx);
      const unknown = await dequeueUnknown(tx, due, BATCH_SIZE);
      waiting = await findWaiting(tx, due, { limit: ACCOUNTS_AT_ONCE, requests: BATCH_SIZE });
      const users = await lockFreeUsers(tx, waiting);
      const locked = users.map(({ emailKey }) => emailKey);
      const groups = await dequeueResetRequests(tx, locked, due, BATCH_SIZE);
      await answer(tx, [...unknown, ...groups], users, now);
      const left = waiting.filter((emailKey) => !locked.includes(emailKey));
      return { addresses: countAddresses([...unknown, ...groups]), left };
    });
  } catch (err) {
    if (waiting.length === 0) throw err;
    log().warn({ event: "reset-requests-divided", accounts: waiting.length, err });
    return { addresses: 0, left: waiting };
  }
}

/** Processes requests for one address, and waits for its account. @returns how many addresses: one at most */
async function resolveAlone(tx: Db, emailKey: string, due: Due, now: Date): Promise<number> {
  const user = await lockUserByEmailKey(tx, emailKey);
  // Only now: nobody else should wait for this account. Whoever has this lock waits for no account.
  await lockResetRequests(tx);
  const groups = await dequeueResetRequests(tx, [emailKey], due, BATCH_SIZE);
  await answer(tx, groups, user ? [user] : [], now);
  return countAddresses(groups);
}

const countAddresses = (groups: RequestGroup[]) => new Set(groups.map(({ emailKey }) => emailKey)).size;

/**
 * Mails each account its link, and writes to the audit log what became of all requests. Those for one address are
 * answered together: a thousand of them cause one mail.
 * @param groups with the most recent first
 * @param users the accounts that have these addresses, locked
 */
async function answer(tx: Db, groups: RequestGroup[], users: LinkOwner[], now: Date): Promise<void> {
  const latest = new Map([...groups].reverse().map((group) => [group.emailKey, group]));
  const asked = users.flatMap((user) => {
    const request = latest.get(user.emailKey);
    return request ? [{ user, request }] : [];
  });
  const outcomes = await mailLinks(tx, asked, now);
  const byAddress = new Map(users.map((user) => [user.emailKey, user]));
  const events = groups.map((group) => {
    const user = byAddress.get(group.emailKey) ?? null;
    return eventOf(group, user, (user && outcomes.get(user.id)) ?? refusalOf(group));
  });
  await auditAll(tx, events);
}

type Outcome = { sent: "activation" | "password-reset" } | { reason: ResetRefusal };

const refusalOf = ({ emailKey }: RequestGroup): Outcome => ({
  reason: emailKey === "" ? "no-address" : "unknown-account",
});

function eventOf(
  { requests, requestedAt, emailKey, ...origin }: RequestGroup,
  user: LinkOwner | null,
  outcome: Outcome,
): ActorEvent {
  const subject = { id: user?.id ?? null, email: user?.email ?? emailKey };
  const event = { kind: "password-reset-requested", subject, details: { ...outcome, requests } } as const;
  return { actor: { kind: "anonymous", ...origin }, event, at: requestedAt };
}

/** Mails the requested links. @returns by the account's id what was mailed, or why nothing was */
async function mailLinks(
  tx: Db,
  asked: { user: LinkOwner; request: RequestGroup }[],
  now: Date,
): Promise<Map<string, Outcome>> {
  const userIds = asked.map(({ user }) => user.id);
  const justMailed = userIds.length > 0 ? await findJustMailed(tx, userIds, now) : new Set<string>();
  const outcomes = new Map<string, Outcome>();
  const wanted: {
    owner: LinkOwner;
    reset: { kind: "password-reset"; address: string; userAgent: string };
  }[] = [];
  for (const { user, request } of asked) {
    const { address, userAgent } = request;
    if (user.state === "DISABLED") outcomes.set(user.id, { reason: "disabled" });
    else if (justMailed.has(user.id)) outcomes.set(user.id, { reason: "recently-mailed" });
    else wanted.push({ owner: user, reset: { kind: "password-reset", address, userAgent } });
  }
  if (wanted.length === 0) return outcomes;
  for (const { owner, kind } of await mailPasswordLinks(tx, wanted, { isAnonymous: true, now })) {
    outcomes.set(owner.id, { sent: kind === "activation" ? kind : "password-reset" });
  }
  return outcomes;
}
