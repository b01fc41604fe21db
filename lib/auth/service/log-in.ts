import "server-only";
import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { findJustMailed, issueLink } from "@/lib/accounts/links";
import { mailPasswordLink } from "@/lib/accounts/password-links";
import { emailKey } from "@/lib/accounts/rules";
import { audit } from "@/lib/audit/service";
import type { Anonymous } from "@/lib/core/actor";
import { db, driver, driverTransaction, type RawDb } from "@/lib/core/db";
import { MINUTE_MS } from "@/lib/core/durations/rules";
import { emailSchema } from "@/lib/core/email/schema";
import { typedAddress } from "@/lib/core/email/typed-address";
import type { Failure, Success } from "@/lib/core/result";
import type { Throttled } from "@/lib/core/throttle";
import { hasMailServer } from "@/lib/mail/mail-server";
import { expiryInForce } from "@/lib/password/expiry";
import { checkPassword } from "@/lib/password/rules";
import { endReplacedSession, findReplacedSession } from "@/lib/sessions/replaced-session";
import { settingsInForce } from "@/lib/settings/service";
import type { StoredPanels } from "@/lib/settings/store";
import type { SessionKind } from "@/prisma/generated/enums";
import { attemptPassword, type RightAttempt, recordOvertaken, settleSuccess } from "../attempt";
import { recordFailure } from "../lockout";
import { type OpenedSession, openSessionByPassword } from "../open-session";
import { refusalDelayMs } from "../rules";
import type { AttemptedAccount } from "../store";
import { throttleAttempt } from "../throttling";

export type LoginResult =
  | Success<OpenedSession>
  /** Unknown, not activated, disabled, locked or wrong password: the caller must not be able to tell which. */
  | Failure<"refused">
  | Throttled
  /** The password was right but has expired. The grant lets its holder set a new one, once, within ten minutes. */
  | Failure<"password-expired", { grant: string }>
  /**
   * The password was right but violates the policy. A mail with a reset link was queued, now or a moment ago.
   * `isMailed`: it is sent; without a mail server it waits.
   */
  | Failure<"reset-required", { isMailed: boolean }>;

/** The result of an attempt that is recorded. The tokens of a session that it opened are still to be signed. */
type Settled = Exclude<LoginResult, { ok: true }> | Success<{ sign: () => OpenedSession }>;

const EXPIRED_GRANT_LIFETIME_MS = 10 * MINUTE_MS;

/**
 * The longest random delay of a refusal, in milliseconds. Every refusal runs the same statements, but PostgreSQL takes
 * a tenth of a millisecond longer to write to an existing row than to find none. Under this much random noise, it takes
 * thousands of guesses at one account to measure that (docs/decisions/0020).
 */
const MAX_RANDOM_DELAY_MS = 20;

/**
 * Logs a person in. Every login with a password goes through this function. It checks, in this order: the rate limits
 * of the network address and of the account, the account and its password, the password's age, the password policy.
 * Then it opens a session.
 * @param input `replacedToken`: the token in the browser's cookie; a successful login ends the session of that token
 * @throws Refusal "overloaded"
 */
export async function logIn(
  actor: Anonymous,
  input: { email: string; password: string; kind: SessionKind; replacedToken?: string | undefined },
  now = new Date(),
): Promise<LoginResult> {
  const settings = await settingsInForce();
  const general = settings.general.values;
  const typed = emailSchema.safeParse(typedAddress(input.email));
  // Use only a valid address: a password typed into the address field by mistake must not be recorded.
  const email = typed.success ? typed.data : "";
  const { password, kind, replacedToken } = input;
  const tried = { email, emailKey: emailKey(email), how: kind };
  const throttled = await throttleAttempt(actor, tried, general, now);
  if (throttled) return throttled;
  const { maxFailedLoginAttempts: maxFailedAttempts } = general;
  const given = { ...tried, address: actor.address, password, maxFailedAttempts, now };
  let paddedFrom = 0;
  const result = await attemptPassword(given, async (attempt, reservingMs): Promise<Settled> => {
    paddedFrom = performance.now() - reservingMs;
    if (attempt.outcome !== "right") {
      await recordFailure(actor, { ...tried, attempt }, { general, now });
      return { ok: false, code: "refused" };
    }
    const context = { settings, kind, replacedToken, now };
    switch (obstacleTo(attempt.account, password, context)) {
      case "password-expired":
        return demandNewPassword(actor, attempt, context);
      case "reset-required":
        return demandReset(actor, attempt, context);
      case null:
        return complete(actor, attempt, context);
    }
  });
  if (result.ok) return { ok: true, ...result.sign() };
  if (result.code === "refused")
    await sleep(refusalDelayMs(performance.now() - paddedFrom, randomInt(MAX_RANDOM_DELAY_MS + 1)));
  return result;
}

type Context = { settings: StoredPanels; kind: SessionKind; replacedToken: string | undefined; now: Date };

/**
 * Returns what keeps a right password from opening a session: its age first, then the policy; null when nothing does.
 */
function obstacleTo(
  { passwordSetAt }: AttemptedAccount,
  password: string,
  { settings, now }: Context,
): "password-expired" | "reset-required" | null {
  const expiresAt = expiryInForce(settings.password, passwordSetAt);
  if (expiresAt && now > expiresAt) return "password-expired";
  const policy = settings.password.values;
  const isUnfit = policy.forceUserToResetPasswordIfNotValid && checkPassword(policy, password).length > 0;
  return isUnfit ? "reset-required" : null;
}

/** Opens the session and, if the browser sent the token of another, ends that one in the same transaction. */
async function complete(actor: Anonymous, right: RightAttempt, context: Context): Promise<Settled> {
  const { settings, kind, replacedToken, now } = context;
  const replaced = replacedToken ? await findReplacedSession(replacedToken, now) : null;
  const open = (db: RawDb) =>
    openSessionByPassword(db, actor, right, { kind, jwt: settings.jwt.values, now });
  const sign = replaced
    ? await driverTransaction(async (tx) => {
        const opened = await open(tx);
        if (opened) await endReplacedSession(tx, actor, replaced, now);
        return opened;
      })
    : await open(driver());
  if (sign) return { ok: true, sign };
  await driverTransaction((tx) => recordOvertaken(tx, right.account, { actor, how: kind, now }));
  return { ok: false, code: "refused" };
}

function demandNewPassword(actor: Anonymous, right: RightAttempt, { kind, now }: Context): Promise<Settled> {
  return db().$transaction(async (tx) => {
    const account = await settleSuccess(tx, right, { actor, how: kind, now });
    if (!account) return { ok: false, code: "refused" };
    const { id: userId } = account;
    const link = { userId, purpose: "PASSWORD_EXPIRED", lifetimeMs: EXPIRED_GRANT_LIFETIME_MS, now } as const;
    const { secret } = await issueLink(tx, link);
    const details = { how: kind, reason: "password-expired" } as const;
    await audit(tx, actor, [{ kind: "login-failed", subject: account, details }], now);
    return { ok: false, code: "password-expired", grant: secret };
  });
}

function demandReset(actor: Anonymous, right: RightAttempt, { kind, now }: Context): Promise<Settled> {
  return db().$transaction(async (tx) => {
    const owner = await settleSuccess(tx, right, { actor, how: kind, now });
    if (!owner) return { ok: false, code: "refused" };
    // A new link would supersede the one mailed a moment ago, which the person may be opening now.
    const wasMailed = (await findJustMailed(tx, [owner.id], now)).has(owner.id);
    // Nor does it supersede the link that an administrator handed over: without a mail server no other one arrives.
    const reset = { kind: "password-reset-forced" } as const;
    if (!wasMailed) await mailPasswordLink(tx, owner, { reset, isAnonymous: true, now });
    const details = { how: kind, ...(wasMailed && { reason: "recently-mailed" as const }) };
    await audit(tx, actor, [{ kind: "password-reset-forced", subject: owner, details }], now);
    return { ok: false, code: "reset-required", isMailed: await hasMailServer(tx) };
  });
}
