import "server-only";
import { findUser } from "@/lib/accounts/store";
import type { AuditEntry } from "@/lib/audit/schema";
import { findSubjectEntries } from "@/lib/audit/store";
import { type Actor, requireAdministrator } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import type { OutboxEntry } from "@/lib/mail/schema";
import { findOutboxEntries } from "@/lib/mail/store";
import { expiryInForce } from "@/lib/password/expiry";
import { settingsInForce } from "@/lib/settings/service";
import type { LinkPurpose } from "@/prisma/generated/enums";
import { loginObstacle, type Obstacle, userState } from "../rules";
import type { UserRow } from "../schema";
import { countLiveSessions, findOpenLinks } from "../store";

const ATTEMPTS_SHOWN = 20;
const MAILS_SHOWN = 20;

/** Everything that answers why somebody can, or cannot, log in. */
export type UserDescription = UserRow & {
  obstacle: Obstacle | null;
  isOneself: boolean;
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
  loginAttempts: AuditEntry[];
  mails: OutboxEntry[];
};

/** One account, described; null when there is none. @throws Refusal for anyone but a system administrator */
export async function describeUser(
  actor: Actor,
  userId: string,
  now = new Date(),
): Promise<UserDescription | null> {
  const administrator = requireAdministrator(actor);
  const user = await findUser(db(), userId);
  if (!user) return null;
  const [settings, openLinks, loginAttempts, locks, mails, liveSessions] = await Promise.all([
    settingsInForce(),
    findOpenLinks(db(), userId, now),
    findSubjectEntries(
      db(),
      userId,
      ["login-succeeded", "login-failed", "password-reset-forced"],
      ATTEMPTS_SHOWN,
    ),
    findSubjectEntries(db(), userId, ["account-locked"], 1),
    findOutboxEntries(db(), { userId }, MAILS_SHOWN),
    countLiveSessions(db(), userId, now),
  ]);
  const passwordExpiresAt = expiryInForce(settings.password, user.passwordSetAt);
  const activation = openLinks.find(({ purpose }) => purpose === "ACTIVATION");
  const state = userState(user, now);
  const { id, email, firstName, lastName, authority, createdAt, lastLoginAt, failedAttempts, passwordSetAt } =
    user;
  return {
    ...{ id, email, firstName, lastName, authority, state, createdAt, lastLoginAt },
    obstacle: loginObstacle(
      user,
      { passwordExpiresAt, activationLinkExpiresAt: activation?.expiresAt ?? null },
      now,
    ),
    isOneself: id === administrator.userId,
    failedAttempts,
    lock:
      state === "locked" && user.lockedAt ? describeLock(user.lockedAt, user.lockedUntil, locks[0]) : null,
    passwordSetAt,
    passwordExpiresAt,
    liveSessions,
    openLinks,
    loginAttempts,
    mails,
  };
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
