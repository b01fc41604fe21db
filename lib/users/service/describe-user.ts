import "server-only";
import { z } from "zod";
import { findUsableLinks } from "@/lib/accounts/links/store";
import { emailKey, LINK_MAIL_INTERVAL_MS } from "@/lib/accounts/rules";
import { findUser } from "@/lib/accounts/store";
import type { AuditEntry } from "@/lib/audit/schema";
import { findPasswordProof, findSubjectEntries } from "@/lib/audit/store";
import { type Actor, type Person, requireAdministrator } from "@/lib/core/actor";
import { MAX_CLOCK_SKEW_MS } from "@/lib/core/clock-skew/rules";
import { db } from "@/lib/core/db";
import { idSchema } from "@/lib/core/id/schema";
import { readListInTurn } from "@/lib/core/list-turns";
import { MAX_ADDRESSES } from "@/lib/core/text-search/schema";
import { findOutboxEntries } from "@/lib/mail/entries/store";
import type { MailKind, OutboxEntry } from "@/lib/mail/schema";
import { expiryInForce } from "@/lib/password/expiry";
import { findSessionEndings, type SessionEnding } from "@/lib/sessions/endings/store";
import { countLiveSessions } from "@/lib/sessions/live/store";
import { settingsInForce } from "@/lib/settings/service";
import type { LinkPurpose } from "@/prisma/generated/enums";
import { protectionOf } from "../protection";
import { type LinkMail, loginObstacle, type Obstacle, type ResetDemand, toUserRow } from "../rules";
import type { Protection, UserRow } from "../schema";

const ATTEMPTS_SHOWN = 20;
const MAILS_SHOWN = 20;
/** How many of the latest changes of name or address are searched for earlier addresses. */
const CHANGES_SEARCHED = 50;

/** A login attempt. `ending` tells how its session ended; null when it opened none, or the session is alive. */
export type LoginAttempt = AuditEntry & { ending: SessionEnding | null };

/** Everything that explains why an account's owner can or cannot log in. */
export type UserDescription = UserRow & {
  /** Addresses that the account had before, the latest first; not all, if they are many. */
  earlierEmails: string[];
  obstacle: Obstacle | null;
  /** Why the viewing administrator may not disable, demote or delete the account; null when they may. */
  protection: Protection | null;
  failedAttempts: number;
  lock: {
    since: Date;
    until: Date | null;
    failedAttempts: number | null;
    address: string;
    userAgent: string;
  } | null;
  passwordSetAt: Date | null;
  passwordExpiresAt: Date | null;
  liveSessions: number;
  openLinks: { id: string; purpose: LinkPurpose; createdAt: Date; expiresAt: Date }[];
  /** Successful and failed logins, with the internal reason of a failure, newest first. */
  loginAttempts: LoginAttempt[];
  mails: OutboxEntry[];
};

/**
 * Describes one account; null when there is none, or the id is malformed.
 * @throws Refusal for anyone but a system administrator, and as `readListInTurn` does
 */
export async function describeUser(
  actor: Actor,
  userId: string,
  now = new Date(),
): Promise<UserDescription | null> {
  const administrator = requireAdministrator(actor);
  return readListInTurn(administrator, () => readDescription(administrator, userId, now));
}

async function readDescription(
  administrator: Person,
  userId: string,
  now: Date,
): Promise<UserDescription | null> {
  const user = idSchema.safeParse(userId).success ? await findUser(db(), userId) : null;
  if (!user) return null;
  const [settings, earlier, openLinks, attempts, changes, proof, locks, mails, liveSessions, protection] =
    await Promise.all([
      settingsInForce(),
      findEarlierEmails(user),
      findUsableLinks(db(), userId, now),
      findSubjectEntries(
        db(),
        userId,
        ["login-succeeded", "login-failed", "password-reset-forced"],
        ATTEMPTS_SHOWN,
      ),
      findSubjectEntries(db(), userId, ["password-changed"], ATTEMPTS_SHOWN),
      // A query of its own, because any number of wrong passwords may have come after it.
      findPasswordProof(db(), userId),
      findSubjectEntries(db(), userId, ["account-locked"], 1),
      findOutboxEntries(db(), { userId }, MAILS_SHOWN),
      countLiveSessions(db(), userId, now),
      protectionOf(db(), user, administrator.userId),
    ]);
  const passwordExpiresAt = expiryInForce(settings.password, user.passwordSetAt);
  const activation = openLinks.find(({ purpose }) => purpose === "ACTIVATION");
  const resetDemand = settings.password.values.forceUserToResetPasswordIfNotValid
    ? await describeDemand(user, proof, settings.password.savedAt)
    : null;
  const row = toUserRow(user, now);
  return {
    ...row,
    earlierEmails: earlier,
    obstacle: loginObstacle(
      user,
      {
        passwordExpiresAt,
        activationLink: activation
          ? { expiresAt: activation.expiresAt, mail: linkMail(mails, "activation", activation.createdAt) }
          : null,
        resetDemand,
      },
      now,
    ),
    protection,
    failedAttempts: user.failedAttempts,
    lock:
      row.state === "locked" && user.lockedAt
        ? describeLock(user.lockedAt, user.lockedUntil, locks[0])
        : null,
    passwordSetAt: user.passwordSetAt,
    passwordExpiresAt,
    liveSessions,
    openLinks,
    loginAttempts: await withEndings(attempts, changes, now),
    mails,
  };
}

const readdressingSchema = z.object({ email: z.object({ from: z.string() }) });

async function findEarlierEmails({ id, email }: { id: string; email: string }): Promise<string[]> {
  const changes = await findSubjectEntries(db(), id, ["profile-changed"], CHANGES_SEARCHED);
  const earlier = changes.flatMap(
    ({ details }) => readdressingSchema.safeParse(details).data?.email.from ?? [],
  );
  const byKey = new Map([email, ...earlier].map((one) => [emailKey(one), one]));
  return [...byKey.values()].slice(1, MAX_ADDRESSES);
}

const renamingSchema = z.object({ from: idSchema, to: idSchema });

/**
 * Adds to each attempt how its session ended.
 * @param changes the password changes, newest first. A change gives the session it was made in another id, so the
 *   session of an attempt is looked up under its latest id
 */
async function withEndings(
  attempts: AuditEntry[],
  changes: AuditEntry[],
  now: Date,
): Promise<LoginAttempt[]> {
  const renamings = changes.flatMap(({ details }) => renamingSchema.safeParse(details.sessionId).data ?? []);
  const sessionOf = ({ details }: AuditEntry) =>
    renamings.reduceRight(
      (id, { from, to }) => (id === from ? to : id),
      idSchema.safeParse(details.sessionId).data,
    );
  const ids = attempts.flatMap((attempt) => sessionOf(attempt) ?? []);
  const endings = await findSessionEndings(db(), ids, now);
  return attempts.map((attempt) => ({ ...attempt, ending: endings.get(sessionOf(attempt) ?? "") ?? null }));
}

const linkMailStates = { QUEUED: "waiting", SENT: "sent", FAILED: "failed", WITHDRAWN: "withdrawn" } as const;

/** Returns the state of the mail with a link; mails written before `linkMadeAt` carried an earlier link. */
function linkMail(mails: OutboxEntry[], kind: MailKind, linkMadeAt: Date): LinkMail {
  const mail = mails.find((one) => one.kind === kind && one.createdAt >= linkMadeAt);
  return mail ? linkMailStates[mail.state] : null;
}

const resetKinds: readonly MailKind[] = ["password-reset-forced", "password-reset"];

/**
 * Describes the reset that is due or may be, by what the last login with the right password has shown. A password that
 * was set under the policy in force meets it: a demand is older, although its server's clock may have been ahead.
 * @param policySavedAt when the policy in force was saved
 */
async function describeDemand(
  { id, passwordSetAt }: { id: string; passwordSetAt: Date | null },
  last: AuditEntry | null,
  policySavedAt: Date | null,
): Promise<ResetDemand | null> {
  const isFit =
    passwordSetAt && policySavedAt && passwordSetAt.getTime() >= policySavedAt.getTime() + MAX_CLOCK_SKEW_MS;
  if (isFit) return null;
  const isOfThisPassword = last && !(passwordSetAt && passwordSetAt >= last.at);
  const isUnfit = isOfThisPassword && last.kind === "password-reset-forced";
  const provedAt = isOfThisPassword ? last.at : passwordSetAt;
  if (policySavedAt && provedAt && policySavedAt > provedAt)
    return isUnfit
      ? { code: "reset-doubtful", since: last.at }
      : { code: "reset-possible", since: policySavedAt };
  return isUnfit ? describeMailedReset(id, last.at) : null;
}

/**
 * Describes a demanded reset by the newest mail with a reset link. It may be older than the demand by up to
 * `LINK_MAIL_INTERVAL_MS`: a login sends no other mail that soon.
 */
async function describeMailedReset(userId: string, demandedAt: Date): Promise<ResetDemand> {
  const createdAfter = new Date(demandedAt.getTime() - LINK_MAIL_INTERVAL_MS);
  // A query of its own, because any number of other mails may have come after it.
  const [mail] = await findOutboxEntries(db(), { userId, kinds: resetKinds, createdAfter }, 1);
  return mail
    ? { code: "reset-required", since: mail.createdAt, mail: linkMailStates[mail.state] }
    : { code: "reset-required", since: demandedAt, mail: null };
}

function describeLock(since: Date, until: Date | null, event: AuditEntry | undefined) {
  const failed = event?.details.failedAttempts;
  return {
    since,
    until,
    failedAttempts: typeof failed === "number" ? failed : null,
    address: event?.address ?? "",
    userAgent: event?.userAgent ?? "",
  };
}
