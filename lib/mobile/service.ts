import "server-only";
import { throttleOwnChange } from "@/lib/accounts/own-changes";
import { findUser, lockUserRow } from "@/lib/accounts/store";
import { audit } from "@/lib/audit/service";
import { openSession } from "@/lib/auth/open-session";
import { pairOf } from "@/lib/auth/service/token-login";
import { noteLogin } from "@/lib/auth/store";
import { type Actor, type Anonymous, requirePerson } from "@/lib/core/actor";
import { type Db, db } from "@/lib/core/db";
import { MINUTE_MS } from "@/lib/core/durations/rules";
import { env } from "@/lib/core/env";
import { Refusal } from "@/lib/core/errors";
import type { Failure, Success } from "@/lib/core/result";
import { createRowTurns } from "@/lib/core/row-turns";
import { digestOf, newSecret } from "@/lib/core/secrets";
import { countAttempt, exchangesFrom, type Throttled } from "@/lib/core/throttle";
import { expiryInForce } from "@/lib/password/expiry";
import type { TokenPair } from "@/lib/sessions/service/refresh";
import { lockSessionRow } from "@/lib/sessions/store";
import { settingsInForce } from "@/lib/settings/service";
import type { StoredPanel, StoredPanels } from "@/lib/settings/store";
import { MOBILE_SECRET_LIFETIME_MS, type SecretRefusal, secretRefusal } from "./rules";
import {
  consumeSecret,
  findSecret,
  findSecretOwner,
  findSecretTimes,
  putSecret,
  type SecretRow,
  type SecretTimes,
} from "./store";

/** A new secret, the only time it is known: the database keeps only its digest. `link` is what the QR code shows. */
export type MobileCode = { secret: string; link: string; createdAt: Date; expiresAt: Date };

/**
 * Creates a secret with which an app can sign in as the actor, and voids the actor's earlier one. Fails with
 * "password-expired" until an expired password has been replaced, and with "throttled" as `throttleOwnChange` does.
 * @throws Refusal "unauthenticated"
 */
export async function makeMobileCode(
  actor: Actor,
  now = new Date(),
): Promise<Success<MobileCode> | Failure<"password-expired"> | Throttled> {
  const person = requirePerson(actor);
  const throttled = await throttleOwnChange(person);
  if (throttled) return throttled;
  const { userId, sessionId } = person;
  const { general, password } = await settingsInForce();
  const { secret, digest } = newSecret(general.values.mobileSecretKeyLength);
  const expiresAt = new Date(now.getTime() + MOBILE_SECRET_LIFETIME_MS);
  return db().$transaction(async (tx) => {
    await lockUserRow(tx, userId);
    const user = await findUser(tx, userId);
    if (!user) throw new Refusal("unauthenticated");
    const passwordExpiresAt = expiryInForce(password, user.passwordSetAt);
    if (passwordExpiresAt && passwordExpiresAt < now) return { ok: false, code: "password-expired" } as const;
    await putSecret(tx, { userId, digest, sessionId, createdAt: now, expiresAt });
    await audit(tx, actor, [{ kind: "link-issued", details: { purpose: "MOBILE" } }], now);
    return { ok: true, secret, link: deepLink(secret), createdAt: now, expiresAt } as const;
  });
}

/**
 * Returns the link that ThingsBoard's apps read: the secret, its lifetime in minutes, and the server to exchange it at.
 */
function deepLink(secret: string): string {
  const { BASE_URL } = env();
  const link = new URL("/api/noauth/qr", BASE_URL);
  link.searchParams.set("secret", secret);
  link.searchParams.set("ttl", String(MOBILE_SECRET_LIFETIME_MS / MINUTE_MS));
  link.searchParams.set("host", BASE_URL);
  return link.href;
}

/** Returns the times of the actor's newest secret; null when there is none. @throws Refusal "unauthenticated" */
export async function readMobileCode(actor: Actor): Promise<SecretTimes | null> {
  return findSecretTimes(db(), requirePerson(actor).userId);
}

/**
 * How many secrets a network address may try in a minute: enough for the phones of one office, too few to guess one.
 */
export const EXCHANGES_PER_NETWORK_AND_MINUTE = 60;

export type ExchangeResult =
  | Success<TokenPair>
  /** Unknown, replaced, used or expired, or its account, password or session no longer allows it (`secretRefusal`). */
  | Failure<"refused">
  | Throttled;

/** Thrown to roll back when the session that created the secret ended after it was checked. */
class CreatorSessionEnded extends Error {}

/** Each locks the account's row. */
const inTurn = createRowTurns("exchanges");

/**
 * Signs an app in with a secret, which works once: of several concurrent exchanges one wins. If the session that
 * created the secret ends at the same moment, the exchange loses. Anonymous callers are allowed.
 * @throws Refusal "overloaded" when too many exchanges for one person wait, or this one has waited too long
 */
export async function exchangeMobileSecret(
  actor: Anonymous,
  { secret }: { secret: string },
  now = new Date(),
): Promise<ExchangeResult> {
  const throttle = await countAttempt({
    key: exchangesFrom(actor.address),
    perMinute: EXCHANGES_PER_NETWORK_AND_MINUTE,
  });
  if (!throttle.allowed) {
    if (throttle.isFirstRefusal) await auditRefusal(db(), actor, { found: null, reason: "throttled", now });
    return { ok: false, code: "throttled", retryAfterSeconds: throttle.retryAfterSeconds };
  }
  const settings = await settingsInForce();
  const digest = digestOf(secret);
  const userId = await findSecretOwner(db(), digest);
  const exchange = () => db().$transaction((tx) => signIn(tx, actor, { digest, userId }, { settings, now }));
  const exchangeInTurn = () => (userId ? inTurn(userId, exchange) : exchange());
  try {
    return await exchangeInTurn();
  } catch (error) {
    if (!(error instanceof CreatorSessionEnded)) throw error;
    // The second run sees that the session has ended, and audits the refusal.
    return exchangeInTurn();
  }
}

async function signIn(
  tx: Db,
  actor: Anonymous,
  { digest, userId }: { digest: string; userId: string | null },
  { settings: { jwt, password }, now }: { settings: StoredPanels; now: Date },
): Promise<Success<TokenPair> | Failure<"refused">> {
  // Locks the account first, so that disabling it or replacing its password comes either before or after this.
  if (userId) await lockUserRow(tx, userId);
  const found = userId ? await findSecret(tx, digest, now) : null;
  const reason = found ? refusalOf(found, password, now) : "secret-unknown";
  if (!found?.confirmedAt || reason || !(await consumeSecret(tx, digest, now))) {
    await auditRefusal(tx, actor, { found, reason: reason ?? "secret-used", now });
    return { ok: false, code: "refused" };
  }
  // The secret proves only the session that created it, so the new session takes over that one's confirmation time.
  const context = { kind: "MOBILE", jwt: jwt.values, now, confirmedAt: found.confirmedAt } as const;
  await noteLogin(tx, found.id, now);
  const opened = await openSession(tx, actor, found, context);
  // Checked only after `openSession` has chosen the signing key. If a key change has refused the creating session's key
  // by now, this check sees it; a later one that signs everyone out refuses the new session's key as well.
  if (!(await lockSessionRow(tx, found.sessionId, now))) throw new CreatorSessionEnded();
  return pairOf(opened);
}

function refusalOf(found: SecretRow, policy: StoredPanel<"password">, now: Date): SecretRefusal | null {
  const passwordExpiresAt = expiryInForce(policy, found.passwordSetAt);
  return secretRefusal({ ...found, passwordExpiresAt }, now);
}

async function auditRefusal(
  tx: Db,
  actor: Anonymous,
  refusal: { found: SecretRow | null; reason: SecretRefusal | "secret-unknown" | "throttled"; now: Date },
): Promise<void> {
  const { found, reason, now } = refusal;
  const subject = { id: found?.id ?? null, email: found?.email ?? "" };
  await audit(tx, actor, [{ kind: "login-failed", subject, details: { how: "MOBILE", reason } }], now);
}
