import "server-only";
import { issueLink } from "@/lib/accounts/links";
import { emailKey, fullName } from "@/lib/accounts/rules";
import { findUser } from "@/lib/accounts/store";
import { audit } from "@/lib/audit/service";
import type { Anonymous } from "@/lib/core/actor";
import { type Db, db } from "@/lib/core/db";
import type { Failure, Success } from "@/lib/core/result";
import { enqueueMail } from "@/lib/mail/outbox";
import { expiryInForce } from "@/lib/password/expiry";
import { checkPassword } from "@/lib/password/rules";
import { emailSchema } from "@/lib/settings/fields/schema";
import { settingsInForce } from "@/lib/settings/service";
import type { StoredPanels } from "@/lib/settings/store";
import type { SessionKind } from "@/prisma/generated/enums";
import { type Attempt, attemptPassword, settleRight } from "../attempt";
import { recordFailure } from "../lockout";
import { type OpenedSession, openSession } from "../open-session";
import { type Throttled, throttleAttempt } from "../throttling";

export type LoginResult =
  | Success<OpenedSession>
  /** Unknown, not activated, disabled, locked or wrong: the caller cannot tell, and must not be able to. */
  | Failure<"refused">
  | Throttled
  /** The password was right but is too old; the grant lets its holder choose another, once, for ten minutes. */
  | Failure<"password-expired", { grant: string }>
  /** The password was right but violates the policy; a reset link is on its way to the account's address. */
  | Failure<"reset-required">;

const EXPIRED_GRANT_LIFETIME_MS = 10 * 60_000;
const HOUR_MS = 3_600_000;

/**
 * Logs somebody in: the one verb behind every way of doing it. In this order: the limits of the network address and of
 * the account, the account and its password, the password's age, the policy, a session.
 * @throws Refusal "overloaded"
 */
export async function logIn(
  actor: Anonymous,
  input: { email: string; password: string; kind: SessionKind },
  now = new Date(),
): Promise<LoginResult> {
  const settings = await settingsInForce();
  const general = settings.general.values;
  const typed = emailSchema.safeParse(input.email.trim());
  // Not everything that is typed into the address field is an address; a password typed there must not be recorded.
  const email = typed.success ? typed.data : "";
  const key = emailKey(email);
  const throttled = await throttleAttempt(actor, { email, emailKey: key, how: input.kind }, general, now);
  if (throttled) return throttled;
  const attempt = {
    emailKey: key,
    password: input.password,
    maxFailedAttempts: general.maxFailedLoginAttempts,
    now,
  };
  return attemptPassword(attempt, (outcome) =>
    db().$transaction(async (tx): Promise<LoginResult> => {
      if (outcome.outcome !== "right") {
        await recordFailure(tx, actor, { attempt: outcome, email, how: input.kind }, { general, now });
        return { ok: false, code: "refused" };
      }
      if (!(await settleRight(tx, outcome))) return { ok: false, code: "refused" };
      return afterRightPassword(tx, actor, outcome, {
        settings,
        password: input.password,
        kind: input.kind,
        now,
      });
    }),
  );
}

/** What follows the right password: an expired one must be replaced, an unfit one reset; otherwise a session begins. */
async function afterRightPassword(
  tx: Db,
  actor: Anonymous,
  { account }: Attempt & { outcome: "right" },
  context: { settings: StoredPanels; password: string; kind: SessionKind; now: Date },
): Promise<LoginResult> {
  const { settings, kind, now } = context;
  const policy = settings.password.values;
  const subject = { id: account.id, email: account.email };
  const { id: userId } = account;
  const expiresAt = expiryInForce(settings.password, account.passwordSetAt);
  if (expiresAt && now > expiresAt) {
    const link = { userId, purpose: "PASSWORD_EXPIRED", lifetimeMs: EXPIRED_GRANT_LIFETIME_MS, now } as const;
    const { secret } = await issueLink(tx, link);
    await audit(
      tx,
      actor,
      [{ kind: "login-failed", subject, details: { how: kind, reason: "password-expired" } }],
      now,
    );
    return { ok: false, code: "password-expired", grant: secret };
  }
  if (policy.forceUserToResetPasswordIfNotValid && checkPassword(policy, context.password).length > 0) {
    const lifetimeMs = settings.general.values.passwordResetTokenTtl * HOUR_MS;
    const link = await issueLink(tx, { userId, purpose: "PASSWORD_RESET", lifetimeMs, now });
    // The account is held since its failures were cleared; before that its address may have changed.
    const owner = (await findUser(tx, userId)) ?? account;
    const values = { name: fullName(owner), resetUrl: link.url, expiresAt: link.expiresAt.toISOString() };
    const to = { recipient: owner.email, userId, linkId: link.id };
    await enqueueMail(tx, { kind: "password-reset-forced", ...to, values }, now);
    await audit(tx, actor, [{ kind: "password-reset-forced", subject, details: { how: kind } }], now);
    return { ok: false, code: "reset-required" };
  }
  return { ok: true, ...(await openSession(tx, actor, account, { kind, jwt: settings.jwt.values, now })) };
}
