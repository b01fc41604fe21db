import "server-only";
import { z } from "zod";
import { LINK_MAIL_INTERVAL_MS } from "@/lib/accounts/rules";
import { findUser, hasOtherAdministrator, type User } from "@/lib/accounts/store";
import type { AuditEntry } from "@/lib/audit/schema";
import { findSubjectEntries } from "@/lib/audit/store";
import { type Actor, requireAdministrator } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { idSchema } from "@/lib/core/id/schema";
import { findOutboxEntries } from "@/lib/mail/entries/store";
import type { MailKind, OutboxEntry } from "@/lib/mail/schema";
import { expiryInForce } from "@/lib/password/expiry";
import { findSessionEndings, type SessionEnding } from "@/lib/sessions/endings/store";
import { countLiveSessions } from "@/lib/sessions/live/store";
import { settingsInForce } from "@/lib/settings/service";
import type { LinkPurpose } from "@/prisma/generated/enums";
import { type LinkMail, loginObstacle, type Obstacle, userState } from "../rules";
import { type Protection, type UserRow, userSchema } from "../schema";
import { findOpenLinks } from "../store";

const ATTEMPTS_SHOWN = 20;
const MAILS_SHOWN = 20;

/** An attempt to log in, and how the session that came of it ended; null where none did, or it goes on. */
export type LoginAttempt = AuditEntry & { ending: SessionEnding | null };

/** Everything that answers why somebody can, or cannot, log in. */
export type UserDescription = UserRow & {
  obstacle: Obstacle | null;
  /** What keeps whoever looks from disabling, demoting or deleting it; null when nothing does. */
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
  /** Successes and failures with their internal reason, newest first. */
  loginAttempts: LoginAttempt[];
  mails: OutboxEntry[];
};

/** One account, described; null when there is none, or the id is none. @throws Refusal for anyone but a system administrator */
export async function describeUser(
  actor: Actor,
  userId: string,
  now = new Date(),
): Promise<UserDescription | null> {
  const administrator = requireAdministrator(actor);
  const user = userSchema.safeParse({ userId }).success ? await findUser(db(), userId) : null;
  if (!user) return null;
  const [settings, openLinks, attempts, changes, proofs, locks, mails, liveSessions, protection] =
    await Promise.all([
      settingsInForce(),
      findOpenLinks(db(), userId, now),
      findSubjectEntries(
        db(),
        userId,
        ["login-succeeded", "login-failed", "password-reset-forced"],
        ATTEMPTS_SHOWN,
      ),
      findSubjectEntries(db(), userId, ["password-changed"], ATTEMPTS_SHOWN),
      // By itself, for however many wrong passwords came after it.
      findSubjectEntries(db(), userId, ["login-succeeded", "password-reset-forced"], 1),
      findSubjectEntries(db(), userId, ["account-locked"], 1),
      findOutboxEntries(db(), { userId }, MAILS_SHOWN),
      countLiveSessions(db(), userId, now),
      protectionOf(user, administrator.userId),
    ]);
  const passwordExpiresAt = expiryInForce(settings.password, user.passwordSetAt);
  const activation = openLinks.find(({ purpose }) => purpose === "ACTIVATION");
  const demandedAt = settings.password.values.forceUserToResetPasswordIfNotValid
    ? resetDemandedAt(proofs[0], user.passwordSetAt)
    : null;
  const state = userState(user, now);
  const { id, email, firstName, lastName, authority, createdAt, lastLoginAt, failedAttempts, passwordSetAt } =
    user;
  return {
    ...{ id, email, firstName, lastName, authority, state, createdAt, lastLoginAt },
    obstacle: loginObstacle(
      user,
      {
        passwordExpiresAt,
        activationLink: activation
          ? { expiresAt: activation.expiresAt, mail: linkMail(mails, "activation", activation.createdAt) }
          : null,
        resetDemand: demandedAt && describeDemand(demandedAt, mails),
      },
      now,
    ),
    protection,
    failedAttempts,
    lock:
      state === "locked" && user.lockedAt ? describeLock(user.lockedAt, user.lockedUntil, locks[0]) : null,
    passwordSetAt,
    passwordExpiresAt,
    liveSessions,
    openLinks,
    loginAttempts: await withEndings(attempts, changes, now),
    mails,
  };
}

const renamingSchema = z.object({ from: idSchema, to: idSchema });

/** @param changes of the password, newest first: the session in which one was made has gone on under another id since */
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

/** The same rules by which the verbs refuse; they ask again, in their transactions. */
async function protectionOf(user: User, viewerId: string): Promise<Protection | null> {
  if (user.id === viewerId) return "oneself";
  if (user.authority !== "SYS_ADMIN" || user.state !== "ACTIVE") return null;
  return (await hasOtherAdministrator(db(), user.id)) ? null : "last-administrator";
}

/** When a reset was demanded, if that is the last thing that came of a right password, and no other was chosen since. */
function resetDemandedAt(last: AuditEntry | undefined, passwordSetAt: Date | null): Date | null {
  if (last?.kind !== "password-reset-forced") return null;
  return passwordSetAt && passwordSetAt >= last.at ? null : last.at;
}

const linkMailStates = { QUEUED: "waiting", SENT: "sent", FAILED: "failed" } as const;

/** What became of the mail that was written with a link. An earlier one brought another link. */
function linkMail(mails: OutboxEntry[], kind: MailKind, linkMadeAt: Date): LinkMail {
  const mail = mails.find((one) => one.kind === kind && one.createdAt >= linkMadeAt);
  return mail ? linkMailStates[mail.state] : null;
}

const resetKinds: readonly MailKind[] = ["password-reset-forced", "password-reset"];

/** A demanded reset by the last mail with a link for it: written then or since or, where one had just been, before. */
function describeDemand(demandedAt: Date, mails: OutboxEntry[]): { at: Date; mail: LinkMail } {
  const after = new Date(demandedAt.getTime() - LINK_MAIL_INTERVAL_MS);
  const mail = mails.find(({ kind, createdAt }) => resetKinds.includes(kind) && createdAt > after);
  return mail ? { at: mail.createdAt, mail: linkMailStates[mail.state] } : { at: demandedAt, mail: null };
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
