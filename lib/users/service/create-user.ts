import "server-only";
import { handOutLink } from "@/lib/accounts/password-links";
import { emailKey } from "@/lib/accounts/rules";
import { insertUser } from "@/lib/accounts/store";
import { audit } from "@/lib/audit/service";
import { type Actor, requireAdministrator } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { isUniqueViolation } from "@/lib/core/errors";
import type { Invalid } from "@/lib/core/field-errors";
import type { Success } from "@/lib/core/result";
import type { NewUserInput } from "../schema";

export type CreateUserResult = Success<{ userId: string; activationUrl: string; expiresAt: Date }> | Invalid;

/**
 * Invites somebody: an account without a password, and a link with which its person chooses one.
 * @throws Refusal for anyone but a system administrator
 */
export async function createUser(
  actor: Actor,
  input: NewUserInput,
  now = new Date(),
): Promise<CreateUserResult> {
  const administrator = requireAdministrator(actor);
  const { email, firstName, lastName, authority, sendMail } = input;
  try {
    return await db().$transaction(async (tx) => {
      const user = await insertUser(tx, {
        email,
        emailKey: emailKey(email),
        firstName,
        lastName,
        authority,
        state: "INVITED",
        createdAt: now,
      });
      const subject = { id: user.id, email };
      await audit(tx, administrator, [{ kind: "account-created", subject, details: { authority } }], now);
      const delivery = sendMail ? "mail" : "copy";
      const link = await handOutLink(tx, administrator, { owner: user, delivery, isShown: true }, now);
      return { ok: true, userId: user.id, activationUrl: link.url, expiresAt: link.expiresAt };
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    return {
      ok: false,
      code: "invalid",
      fieldErrors: { email: ["Somebody has an account with this address already."] },
    };
  }
}
