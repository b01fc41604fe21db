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
import { findUserByEmailKey, holdUser, type User } from "../store";
import { insertResetRequest, serializeResetRequests, takeResetRequests } from "./store";

/**
 * How many requests a network address may make in a minute: more than the people of one office need, and too few to
 * fill the table with. Whoever is over it is told nothing else.
 */
const REQUESTS_PER_NETWORK_AND_MINUTE = 30;

/**
 * Takes note that somebody asks for a link with which to choose a password. Whatever was typed, the same is done and
 * nothing is answered: whether there is such an account is looked up afterwards (`resolveResetRequests`), so that
 * neither answer nor time can tell. An anonymous caller may do this.
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
  // Not everything that is typed there is an address; a password typed there must not be stored.
  await insertResetRequest(db(), { emailKey: email.success ? emailKey(email.data) : "", origin: actor, now });
}

/**
 * Works off what `requestPasswordReset` took note of: mails each account concerned its link, to the address it has and
 * never to the one that was typed. Any number of processes may call it at once.
 * @param stopped ends it between two addresses
 * @returns how many addresses were looked up
 */
export async function resolveResetRequests(now = new Date(), stopped?: AbortSignal): Promise<number> {
  let resolved = 0;
  while (!stopped?.aborted && (await db().$transaction((tx) => resolveNextAddress(tx, now)))) resolved += 1;
  return resolved;
}

/** All requests for one address at once: a thousand of them lead to one mail. False when there are none left. */
async function resolveNextAddress(tx: Db, now: Date): Promise<boolean> {
  await serializeResetRequests(tx);
  const places = await takeResetRequests(tx);
  const [latest] = places;
  if (!latest) return false;
  const user = await findAndHold(tx, latest.emailKey);
  const subject = { id: user?.id ?? null, email: user?.email ?? latest.emailKey };
  const outcome = await mailLink(tx, latest, user, now);
  for (const { requests, requestedAt, emailKey: _, ...origin } of places) {
    const actor: Anonymous = { kind: "anonymous", ...origin };
    const details = { ...outcome, requests };
    await audit(tx, actor, [{ kind: "password-reset-requested", subject, details }], requestedAt);
  }
  return true;
}

/** The account with that address, which keeps it until the end of the transaction. */
async function findAndHold(tx: Db, key: string): Promise<User | null> {
  const found = key === "" ? null : await findUserByEmailKey(tx, key);
  if (!found) return null;
  await holdUser(tx, found.id);
  return findUserByEmailKey(tx, key);
}

/** Mails the link that was asked for, or tells why nobody is mailed. */
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
