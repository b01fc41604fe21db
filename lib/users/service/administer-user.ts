import "server-only";
import { closeLinks } from "@/lib/accounts/links";
import { handOutLink } from "@/lib/accounts/password-links";
import { emailKey } from "@/lib/accounts/rules";
import {
  findUser,
  hasOtherAdministrator,
  holdUser,
  liftLock,
  serializeAdministratorChanges,
  type User,
} from "@/lib/accounts/store";
import type { AuditEvent } from "@/lib/audit/events";
import { audit } from "@/lib/audit/service";
import { type Actor, type Person, requireAdministrator } from "@/lib/core/actor";
import { doAfterChange } from "@/lib/core/after-change";
import { type Db, db } from "@/lib/core/db";
import type { Failure, Success } from "@/lib/core/result";
import { hasMailServer } from "@/lib/mail/mail-server";
import { countLiveSessions, endSomeSessions } from "@/lib/sessions/live/store";
import { SESSIONS_PORTION } from "@/lib/sessions/rules";
import { holdSessionsOf } from "@/lib/sessions/store";
import type { IssueLinkInput } from "../schema";
import { deleteUserRow, moveState, writeAuthority } from "../store";

export type AdministerResult =
  | Success
  /** Gone, or somebody else changed it first: look again. */
  | Failure<"out-of-date">
  | Failure<"oneself">
  | Failure<"last-administrator">;

type Change = (tx: Db, context: { actor: Person; user: User; now: Date }) => Promise<AuditEvent[] | null>;

/** Makes one change to an account, with its audit events; null from `change` means that it did not fit any more. */
async function administer(
  actor: Actor,
  userId: string,
  options: { protects: boolean; now: Date },
  change: Change,
): Promise<AdministerResult> {
  const administrator = requireAdministrator(actor);
  const { protects, now } = options;
  return db().$transaction(async (tx) => {
    if (protects) await serializeAdministratorChanges(tx);
    // Held first, so that the audit tells of the account as it is then.
    await holdUser(tx, userId);
    const user = await findUser(tx, userId);
    if (!user) return { ok: false, code: "out-of-date" } as const;
    if (protects) {
      if (user.id === administrator.userId) return { ok: false, code: "oneself" } as const;
      const isActiveAdministrator = user.authority === "SYS_ADMIN" && user.state === "ACTIVE";
      if (isActiveAdministrator && !(await hasOtherAdministrator(tx, user.id))) {
        return { ok: false, code: "last-administrator" } as const;
      }
    }
    const events = await change(tx, { actor: administrator, user, now });
    if (!events) return { ok: false, code: "out-of-date" } as const;
    const subject = { id: user.id, email: user.email };
    await audit(
      tx,
      administrator,
      events.map((event) => ({ subject, ...event })),
      now,
    );
    return { ok: true } as const;
  });
}

/**
 * Ends a person's sessions, the newest first, and no more than one transaction has time for: a program that logs in
 * every second, and never out, has half a million.
 */
async function endPortion(tx: Db, userId: string, limit: number, now: Date): Promise<number> {
  const which = { userId, limit };
  return (await endSomeSessions(tx, which, "signed-out-by-administrator", now)).sessions;
}

/** Ends what sessions a person has left, if the account is `whose`, in portions that have their event each. */
async function endRest(
  actor: Actor,
  userId: string,
  whose: (user: User) => boolean,
  { portion, now }: { portion: number; now: Date },
): Promise<AdministerResult> {
  for (let hasEnded = false; ; hasEnded = true) {
    let sessions = 0;
    const result = await administer(actor, userId, { protects: false, now }, async (tx, { user }) => {
      sessions = whose(user) ? await endPortion(tx, userId, portion, now) : 0;
      return sessions > 0
        ? [{ kind: "sessions-ended", details: { reason: "administrator", sessions } }]
        : null;
    });
    if (!result.ok) return hasEnded ? { ok: true } : result;
    if (sessions < portion) return result;
  }
}

const isDisabled = ({ state }: User) => state === "DISABLED";

/**
 * Keeps somebody from logging in until further notice, and ends their sessions. Where these are very many, the rest of
 * them ends afterwards: nobody is let in by them while the account is disabled.
 * @throws Refusal
 */
export async function disableUser(
  actor: Actor,
  input: { userId: string },
  now = new Date(),
  portion = SESSIONS_PORTION,
) {
  let sessions = 0;
  const result = await administer(actor, input.userId, { protects: true, now }, async (tx, { user }) => {
    if (!(await moveState(tx, user.id, "ACTIVE", "DISABLED"))) return null;
    sessions = await endPortion(tx, user.id, portion, now);
    await closeLinks(tx, { userId: user.id }, now);
    return [{ kind: "account-disabled", details: { sessions } }];
  });
  if (sessions === portion)
    await doAfterChange("sessions-left", () => endRest(actor, input.userId, isDisabled, { portion, now }));
  return result;
}

const unlocked: AuditEvent = { kind: "account-unlocked", details: { by: "administrator" } };

/**
 * Lets somebody log in again; a lock is lifted too. Sessions that were left when they were kept from it, because the
 * server stopped in the midst of ending them, end first.
 * @throws Refusal
 */
export async function enableUser(
  actor: Actor,
  input: { userId: string },
  now = new Date(),
  portion = SESSIONS_PORTION,
) {
  await endRest(actor, input.userId, isDisabled, { portion, now });
  return administer(actor, input.userId, { protects: false, now }, async (tx, { user }) => {
    if (!(await moveState(tx, user.id, "DISABLED", "ACTIVE"))) return null;
    const wasLocked = await liftLock(tx, user.id);
    return [{ kind: "account-enabled" }, ...(wasLocked ? [unlocked] : [])];
  });
}

/** Lifts a lock; the link with which the owner could have done so must not lift the next one. @throws Refusal */
export async function unlockUser(actor: Actor, input: { userId: string }, now = new Date()) {
  return administer(actor, input.userId, { protects: false, now }, async (tx, { user }) => {
    if (!(await liftLock(tx, user.id))) return null;
    await closeLinks(tx, { userId: user.id, purpose: "UNLOCK" }, now);
    return [unlocked];
  });
}

/** Ends all of somebody's sessions; "out-of-date" when there are none. @throws Refusal */
export async function endUserSessions(
  actor: Actor,
  input: { userId: string },
  now = new Date(),
  portion = SESSIONS_PORTION,
) {
  return endRest(actor, input.userId, () => true, { portion, now });
}

/** Gives somebody another authority; it holds from their next request. @throws Refusal */
export async function changeAuthority(
  actor: Actor,
  input: { userId: string; authority: User["authority"] },
  now = new Date(),
) {
  return administer(actor, input.userId, { protects: true, now }, async (tx, { user }) => {
    const { authority: from } = user;
    if (from === input.authority) return null;
    await writeAuthority(tx, user.id, input.authority);
    return [{ kind: "authority-changed", details: { from, to: input.authority } }];
  });
}

const remove: Change = async (tx, { user, now }) => {
  await closeLinks(tx, { userId: user.id }, now);
  await holdSessionsOf(tx, user.id);
  const sessions = await countLiveSessions(tx, user.id, now);
  if (!(await deleteUserRow(tx, user.id))) return null;
  return [{ kind: "account-deleted", details: { authority: user.authority, sessions } }];
};

/**
 * Deletes an account for good, when its address was typed to confirm it. What the audit tells of it stays.
 * @throws Refusal
 */
export async function deleteUser(actor: Actor, input: { userId: string; email: string }, now = new Date()) {
  return administer(actor, input.userId, { protects: true, now }, async (tx, context) =>
    emailKey(input.email.trim()) === context.user.emailKey ? remove(tx, context) : null,
  );
}

/** The same for a program, which types no address; "out-of-date" when the account is gone. @throws Refusal */
export async function deleteUnconfirmed(actor: Actor, input: { userId: string }, now = new Date()) {
  return administer(actor, input.userId, { protects: true, now }, remove);
}

export type IssueLinkResult = Success<{ url: string | null; expiresAt: Date }> | Failure<"out-of-date">;
/** A reset link is copied only where no mail server is set up. */
export type MailOnly = Failure<"mail-only">;

/**
 * Makes a new activation or reset link. A mailed one is not shown; a copied one is, once. With a copied reset link an
 * administrator could become anybody: where it can be mailed, only the account's owner gets it.
 * @throws Refusal for anyone but a system administrator
 */
export async function issueUserLink(
  actor: Actor,
  input: IssueLinkInput & { purpose: "ACTIVATION" },
  now?: Date,
): Promise<IssueLinkResult>;
export async function issueUserLink(
  actor: Actor,
  input: IssueLinkInput,
  now?: Date,
): Promise<IssueLinkResult | MailOnly>;
export async function issueUserLink(
  actor: Actor,
  input: IssueLinkInput,
  now = new Date(),
): Promise<IssueLinkResult | MailOnly> {
  const administrator = requireAdministrator(actor);
  const { purpose, delivery } = input;
  return db().$transaction(async (tx) => {
    // Held first, so that the mail goes to the address that the account has then.
    await holdUser(tx, input.userId);
    const user = await findUser(tx, input.userId);
    if (user?.state !== (purpose === "ACTIVATION" ? "INVITED" : "ACTIVE")) {
      return { ok: false, code: "out-of-date" } as const;
    }
    if (purpose === "PASSWORD_RESET" && delivery === "copy" && (await hasMailServer(tx))) {
      return { ok: false, code: "mail-only" } as const;
    }
    const { url, expiresAt } = await handOutLink(tx, administrator, { owner: user, delivery }, now);
    return { ok: true, url: delivery === "copy" ? url : null, expiresAt } as const;
  });
}
