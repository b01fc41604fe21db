import "server-only";
import { addAccount } from "@/lib/accounts/new-account";
import { handOutLink } from "@/lib/accounts/password-links";
import type { User } from "@/lib/accounts/store";
import { type Actor, type Person, requireAdministrator } from "@/lib/core/actor";
import { type Db, db } from "@/lib/core/db";
import { isUniqueViolation } from "@/lib/core/errors";
import type { Invalid } from "@/lib/core/field-errors";
import { requireLastingSession } from "@/lib/core/lasting-session";
import type { Success } from "@/lib/core/result";
import { hasMailServer } from "@/lib/mail/mail-server";
import type { NewUserInput } from "../schema";

type Added<T> = Success<{ userId: string } & T> | Invalid;

/** Creates an account without a password, audits it, and runs `invite` in the same transaction. */
async function addUser<T>(
  actor: Actor,
  { email, firstName, lastName, authority }: NewUserInput,
  now: Date,
  invite: (tx: Db, administrator: Person, user: User) => Promise<T>,
): Promise<Added<T>> {
  const administrator = requireAdministrator(actor);
  try {
    return await db().$transaction(async (tx) => {
      const user = await addAccount(tx, administrator, { email, firstName, lastName, authority }, now);
      // While this waited for whoever else gives out the address, the caller may have been removed or demoted.
      await requireLastingSession(tx, administrator, now);
      return { ok: true, userId: user.id, ...(await invite(tx, administrator, user)) };
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    return {
      ok: false,
      code: "invalid",
      fieldErrors: { email: ["An account with this address already exists."] },
    };
  }
}

/** `isWaiting`: the mail waits in the outbox, because there is no mail server. */
type Invitation = { activationUrl: string; expiresAt: Date; isWaiting: boolean };
export type CreateUserResult = Added<Invitation>;

/**
 * Invites a person: creates an account without a password, and an activation link to choose one with. The link is
 * returned to the administrator, whether or not it is mailed.
 * @throws Refusal for anyone but a system administrator, and for one who no longer is
 */
export async function createUser(
  actor: Actor,
  input: NewUserInput,
  now = new Date(),
): Promise<CreateUserResult> {
  return addUser(actor, input, now, async (tx, administrator, owner) => {
    const delivery = input.sendMail ? "mail" : "copy";
    const link = await handOutLink(tx, administrator, { owner, delivery, isShown: true }, now);
    const isWaiting = input.sendMail && !(await hasMailServer(tx));
    return { activationUrl: link.url, expiresAt: link.expiresAt, isWaiting };
  });
}

/**
 * Invites a person on behalf of a program, without returning the link. With `sendMail` the link is mailed; without it
 * none is created until an administrator issues one.
 * @throws Refusal for anyone but a system administrator, and for one who no longer is
 */
export async function createUserForProgram(
  actor: Actor,
  input: NewUserInput,
  now = new Date(),
): Promise<Added<object>> {
  return addUser(actor, input, now, async (tx, administrator, owner) => {
    if (input.sendMail) await handOutLink(tx, administrator, { owner, delivery: "mail" }, now);
    return {};
  });
}
