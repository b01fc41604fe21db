import "server-only";
import type { AuditEvent } from "@/lib/audit/events";
import { audit } from "@/lib/audit/service";
import type { Actor } from "@/lib/core/actor";
import { type Db, db } from "@/lib/core/db";
import type { Failure, Success } from "@/lib/core/result";
import { newPasswordGateKey, withAccountLimit } from "@/lib/password/account-gate";
import { hashPassword } from "@/lib/password/hash";
import { endSessionRows } from "@/lib/sessions/endings/store";
import { endSurplusSessions } from "@/lib/sessions/surplus";
import type { PasswordPolicy } from "@/lib/settings/password/schema";
import { settingsInForce } from "@/lib/settings/service";
import { closeLinks, findWorkingLink } from "../links";
import { consumeLink } from "../links/store";
import { notifyActivated, notifyPasswordChanged } from "../notices";
import { checkNewPassword, type NewPasswordRefusal, rememberReplaced } from "../password-replacement";
import { auditRefusedLink } from "../refused-links";
import { lockUserRow, setPassword } from "../store";

/** The purposes of links that let their owner choose a password. */
type PasswordLinkPurpose = "ACTIVATION" | "PASSWORD_EXPIRED" | "PASSWORD_RESET";

export type NewPasswordFailure = Failure<"link-unusable"> | NewPasswordRefusal;
export type NewPasswordResult = Success<{ userId: string }> | NewPasswordFailure;
type Input = { purpose: PasswordLinkPurpose; secret: string; password: string };

const LINK_UNUSABLE = { ok: false, code: "link-unusable" } as const;

/** Returns the password policy in force, for the forms that show it. Needs no authentication. */
export async function passwordPolicy(): Promise<PasswordPolicy> {
  return (await settingsInForce()).password.values;
}

/**
 * Sets the password of a link's account and uses the link up. If one link is submitted several times at once, one
 * submission wins. Supersedes the account's other links, ends all its sessions, and lifts a lock, because a link proves
 * access to the mailbox, and a grant the password.
 * @returns the account's id
 * @throws Refusal "overloaded"
 */
export async function choosePassword(
  actor: Actor,
  input: Input,
  now = new Date(),
): Promise<NewPasswordResult> {
  return choosePasswordThen(actor, input, async (_tx, userId) => ({ userId }), now);
}

/**
 * Does the same as `choosePassword` and runs `andThen` in the same transaction.
 * @throws Refusal "overloaded", and whatever `andThen` throws; the password is then unchanged, and the link still works
 */
export async function choosePasswordThen<Extra extends object>(
  actor: Actor,
  input: Input,
  andThen: (tx: Db, userId: string) => Promise<Extra>,
  now: Date,
): Promise<Success<Extra> | NewPasswordFailure> {
  const found = await findWorkingLink(db(), input.purpose, input.secret, now);
  const result = found
    ? await withAccountLimit(newPasswordGateKey(found.user.id), () => choose(actor, input, andThen, now))
    : LINK_UNUSABLE;
  if (!result.ok && result.code === "link-unusable") await auditRefusedLink(actor, input, now);
  return result;
}

async function choose<Extra extends object>(
  actor: Actor,
  { purpose, secret, password }: Input,
  andThen: (tx: Db, userId: string) => Promise<Extra>,
  now: Date,
): Promise<Success<Extra> | NewPasswordFailure> {
  // Checked again after the gate: a submission that waited often finds its link used, and then needs no hashing.
  const link = await findWorkingLink(db(), purpose, secret, now);
  if (!link) return LINK_UNUSABLE;
  const { user } = link;
  const { address } = actor;
  const policy = await passwordPolicy();
  const refused = await checkNewPassword(policy, user, password, { address, now });
  if (refused) return refused;
  const hash = await hashPassword(password, { address });
  await endSurplusSessions(actor, { owner: user }, "password-changed", { now });
  return db().$transaction(async (tx) => {
    await lockUserRow(tx, user.id);
    const isUsed = await consumeLink(tx, link.id, now);
    const set = isUsed && (await setPassword(tx, user, hash, { by: "reset", now }));
    if (!set) return LINK_UNUSABLE;
    const isFirst = purpose === "ACTIVATION";
    await closeLinks(tx, { userIds: [user.id] }, now, {
      why: isFirst ? "link" : "password",
      usedId: link.id,
    });
    await rememberReplaced(tx, policy, user, now);
    const sessions = await endSessionRows(tx, { which: "all", userId: user.id }, "password-changed", now);
    const events: AuditEvent[] = [
      isFirst
        ? { kind: "account-activated", subject: user, details: { how: purpose } }
        : { kind: "password-changed", subject: user, details: { how: purpose, sessions } },
    ];
    const { unlockedBy: by } = set;
    if (by) events.push({ kind: "account-unlocked", subject: user, details: { by } });
    await audit(tx, actor, events, now);
    if (isFirst) await notifyActivated(tx, actor, user, now);
    else await notifyPasswordChanged(tx, actor, user, { endedAll: true, now });
    return { ok: true, ...(await andThen(tx, user.id)) } as const;
  });
}
