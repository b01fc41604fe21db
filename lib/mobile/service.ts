import "server-only";
import { findUser, holdUser } from "@/lib/accounts/store";
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
import { digestOf } from "@/lib/core/secrets";
import { countAttempt, exchangesFrom } from "@/lib/core/throttle";
import { expiryInForce } from "@/lib/password/expiry";
import type { TokenPair } from "@/lib/sessions/service/refresh";
import { holdSession } from "@/lib/sessions/store";
import { settingsInForce } from "@/lib/settings/service";
import type { StoredPanel, StoredPanels } from "@/lib/settings/store";
import { MOBILE_SECRET_LIFETIME_MS, type SecretRefusal, secretRefusal } from "./rules";
import { newMobileSecret } from "./secret";
import {
  consumeSecret,
  findSecret,
  findSecretOwner,
  findSecretTimes,
  putSecret,
  type SecretRow,
  type SecretTimes,
} from "./store";

/** A secret as it is handed out, once: the database keeps only its digest. `link` is what the QR code shows. */
export type MobileCode = { secret: string; link: string; createdAt: Date; expiresAt: Date };

/**
 * Makes a secret with which an app signs in as the actor; the one before it is void. Whoever has to replace an expired
 * password does that first.
 * @throws Refusal "unauthenticated"
 */
export async function makeMobileCode(
  actor: Actor,
  now = new Date(),
): Promise<Success<MobileCode> | Failure<"password-expired">> {
  const { userId, sessionId } = requirePerson(actor);
  const { general, password } = await settingsInForce();
  const { secret, digest } = newMobileSecret(general.values.mobileSecretKeyLength);
  const expiresAt = new Date(now.getTime() + MOBILE_SECRET_LIFETIME_MS);
  return db().$transaction(async (tx) => {
    await holdUser(tx, userId);
    const user = await findUser(tx, userId);
    if (!user) throw new Refusal("unauthenticated");
    const passwordExpiresAt = expiryInForce(password, user.passwordSetAt);
    if (passwordExpiresAt && passwordExpiresAt < now) return { ok: false, code: "password-expired" } as const;
    await putSecret(tx, { userId, digest, sessionId, createdAt: now, expiresAt });
    await audit(tx, actor, [{ kind: "link-issued", details: { purpose: "MOBILE" } }], now);
    return { ok: true, secret, link: deepLink(secret), createdAt: now, expiresAt } as const;
  });
}

/** The link that apps written for ThingsBoard read: the secret, its minutes, and the server that exchanges it. */
function deepLink(secret: string): string {
  const { BASE_URL } = env();
  const link = new URL("/api/noauth/qr", BASE_URL);
  link.searchParams.set("secret", secret);
  link.searchParams.set("ttl", String(MOBILE_SECRET_LIFETIME_MS / MINUTE_MS));
  link.searchParams.set("host", BASE_URL);
  return link.href;
}

/** When the actor's newest secret was made, ends, and was used; null when there is none. @throws Refusal "unauthenticated" */
export async function readMobileCode(actor: Actor): Promise<SecretTimes | null> {
  return findSecretTimes(db(), requirePerson(actor).userId);
}

/** How many secrets a network address may try in a minute: more than the phones of one office, and no way to guess one. */
export const EXCHANGES_PER_NETWORK_AND_MINUTE = 60;

export type ExchangeResult =
  | Success<TokenPair>
  /** Unknown, replaced, used, expired, or nobody vouches for it any more. */
  | Failure<"refused">
  | Failure<"throttled", { retryAfterSeconds: number }>;

/** The session that made the secret ended after it was looked at; what was done so far is undone. */
class VouchedNoLonger extends Error {}

/**
 * Signs an app in with a secret, once: of several who try one at the same time, one wins; of an app and whoever ends the
 * session that made the secret, the latter. Anybody may try.
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
  const exchange = () => db().$transaction((tx) => signIn(tx, actor, digestOf(secret), { settings, now }));
  try {
    return await exchange();
  } catch (error) {
    if (!(error instanceof VouchedNoLonger)) throw error;
    // This time it is seen to have ended.
    return exchange();
  }
}

async function signIn(
  tx: Db,
  actor: Anonymous,
  digest: string,
  { settings: { jwt, password }, now }: { settings: StoredPanels; now: Date },
): Promise<Success<TokenPair> | Failure<"refused">> {
  const userId = await findSecretOwner(tx, digest);
  // Held first: whoever disables the account, or replaces its password, comes before or after this, and not beside it.
  if (userId) await holdUser(tx, userId);
  const found = userId ? await findSecret(tx, digest, now) : null;
  const reason = found ? refusalOf(found, password, now) : "secret-unknown";
  if (!found?.confirmedAt || reason || !(await consumeSecret(tx, digest, now))) {
    await auditRefusal(tx, actor, { found, reason: reason ?? "secret-used", now });
    return { ok: false, code: "refused" };
  }
  // What the secret proves is the session that made it; the password was proved when it was in that one.
  const context = { kind: "MOBILE", jwt: jwt.values, now, confirmedAt: found.confirmedAt } as const;
  await noteLogin(tx, found.id, now);
  const opened = await openSession(tx, actor, found, context);
  // Asked when the key that signs is chosen: whoever refuses all others, and with them that session, hits this one too.
  if (!(await holdSession(tx, found.sessionId, now))) throw new VouchedNoLonger();
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
