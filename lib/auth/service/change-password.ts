import "server-only";
import { randomUUID } from "node:crypto";
import { closeLinks } from "@/lib/accounts/links";
import { notifyPasswordChanged } from "@/lib/accounts/notices";
import {
  checkNewPassword,
  type NewPasswordRefusal,
  rememberReplaced,
} from "@/lib/accounts/password-replacement";
import { findUser, setPassword, type User } from "@/lib/accounts/store";
import type { AuditEvent } from "@/lib/audit/events";
import { audit } from "@/lib/audit/service";
import { type Actor, type Person, requirePerson } from "@/lib/core/actor";
import { type Db, db } from "@/lib/core/db";
import { Refusal } from "@/lib/core/errors";
import type { Success } from "@/lib/core/result";
import { newPasswordGateKey, withAccountLimit } from "@/lib/password/account-gate";
import { hashPassword } from "@/lib/password/hash";
import { endSessionRows } from "@/lib/sessions/endings/store";
import { type BrowserToken, changeSessionId } from "@/lib/sessions/service/browser-session";
import { endSurplusSessions } from "@/lib/sessions/surplus";
import { settingsInForce } from "@/lib/settings/service";
import { tokenOwnerOf } from "@/lib/tokens/jwt";
import { type ConfirmFailure, confirmPassword } from "./confirm-password";

export type ChangePasswordFailure = ConfirmFailure | NewPasswordRefusal;
export type ChangePasswordResult = Success<BrowserToken> | ChangePasswordFailure;

type Input = { currentPassword: string; newPassword: string };

/**
 * Replaces the actor's own password, from a browser. The current password is verified and counted like a login. All
 * other sessions of the person end, and all of the account's links are superseded. This session continues under another
 * id with the returned token only; its earlier tokens are void.
 * @throws Refusal "unauthenticated", "forbidden" (see `confirmPassword`), "overloaded"
 */
export async function changePassword(
  actor: Actor,
  input: Input,
  now = new Date(),
): Promise<ChangePasswordResult> {
  const issueTokens = (tx: Db, user: User, newSessionId: string) =>
    changeSessionId(tx, actor, tokenOwnerOf(user), { newSessionId, now });
  return replaceOwnPassword(actor, input, issueTokens, now);
}

/**
 * Does the same as `changePassword`, but `issueTokens` issues the session's next tokens, in the same transaction.
 * @param issueTokens gets the account and `newSessionId`, the session's new id; its result is part of the answer
 * @throws Refusal "unauthenticated", "forbidden", "overloaded", and whatever `issueTokens` throws; the password is then
 *   unchanged
 */
export async function replaceOwnPassword<Tokens extends object>(
  actor: Actor,
  input: Input,
  issueTokens: (tx: Db, user: User, newSessionId: string) => Promise<Tokens>,
  now: Date,
): Promise<Success<Tokens> | ChangePasswordFailure> {
  const person = requirePerson(actor);
  const confirmed = await confirmPassword(person, input.currentPassword, now);
  if (!confirmed.ok) return confirmed;
  const user = await findUser(db(), person.userId);
  // Disabled meanwhile, it would be active again with the new password: this session may not have ended yet.
  if (user?.state !== "ACTIVE") throw new Refusal("unauthenticated");
  return withAccountLimit(newPasswordGateKey(user.id), () =>
    replace(person, user, { newPassword: input.newPassword, issueTokens, now }),
  );
}

async function replace<Tokens extends object>(
  person: Person,
  user: User,
  change: {
    newPassword: string;
    issueTokens: (tx: Db, user: User, newSessionId: string) => Promise<Tokens>;
    now: Date;
  },
): Promise<Success<Tokens> | ChangePasswordFailure> {
  const { address } = person;
  const { newPassword, issueTokens, now } = change;
  const policy = (await settingsInForce()).password.values;
  const refused = await checkNewPassword(policy, user, newPassword, { address, now });
  if (refused) return refused;
  const hash = await hashPassword(newPassword, { address });
  const others = { owner: user, except: person.sessionId };
  await endSurplusSessions(person, others, "password-changed", { now });
  return db().$transaction(async (tx) => {
    // A concurrent change was faster, so the password that was confirmed is no longer the current one.
    const set = await setPassword(tx, user, hash, { by: "change", now });
    if (!set) return { ok: false, code: "wrong-password" } as const;
    // `setPassword` locked the row. The account's address may have changed before that.
    const owner = (await findUser(tx, user.id)) ?? user;
    await closeLinks(tx, { userIds: [user.id] }, now, { why: "password" });
    await rememberReplaced(tx, policy, user, now);
    const sessions = await endSessionRows(
      tx,
      { which: "others", userId: user.id, except: person.sessionId },
      "password-changed",
      now,
    );
    const newSessionId = randomUUID();
    const sessionId = { from: person.sessionId, to: newSessionId };
    const details = { how: "ACCOUNT", sessionId, sessions } as const;
    const events: AuditEvent[] = [{ kind: "password-changed", details }];
    if (set.unlockedBy) events.push({ kind: "account-unlocked", details: { by: set.unlockedBy } });
    await audit(tx, person, events, now);
    await notifyPasswordChanged(tx, person, owner, { endedAll: false, now });
    return { ok: true, ...(await issueTokens(tx, owner, newSessionId)) } as const;
  });
}
