import "server-only";
import { emailKey } from "@/lib/accounts/rules";
import { type Actor, requirePerson } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { MINUTE_MS } from "@/lib/core/durations/rules";
import { Refusal } from "@/lib/core/errors";
import type { Failure, Success } from "@/lib/core/result";
import type { Throttled } from "@/lib/core/throttle";
import { confirmSession } from "@/lib/sessions/store";
import { settingsInForce } from "@/lib/settings/service";
import { attemptPassword, settleSuccess } from "../attempt";
import { recordFailure } from "../lockout";
import { throttleAttempt } from "../throttling";

/** Why a password did not confirm. */
export type ConfirmFailure = Failure<"wrong-password"> | Throttled;

/** How long a password confirmation is valid for actions that require one (ASVS 7.5.1), in milliseconds. */
export const CONFIRMATION_LIFETIME_MS = 5 * MINUTE_MS;

/**
 * Verifies the actor's password again within a session and records the time on the session. A wrong password counts
 * towards a lock, as at the login.
 * @throws Refusal "unauthenticated", also when the session has ended meanwhile; "forbidden" when the actor has lost the
 *   administrator's authority meanwhile; "overloaded"
 */
export async function confirmPassword(
  actor: Actor,
  password: string,
  now = new Date(),
): Promise<Success | ConfirmFailure> {
  const person = requirePerson(actor);
  const general = (await settingsInForce()).general.values;
  const { userId, email, address } = person;
  const tried = { email, emailKey: emailKey(email), how: "confirmation" } as const;
  const throttled = await throttleAttempt(person, tried, general, now);
  if (throttled) return throttled;
  const { maxFailedLoginAttempts: maxFailedAttempts } = general;
  const given = { ...tried, address, userId, password, maxFailedAttempts, now };
  return attemptPassword(given, async (attempt): Promise<Success | ConfirmFailure> => {
    if (attempt.outcome !== "right") {
      await recordFailure(person, { ...tried, attempt }, { general, now });
      return { ok: false, code: "wrong-password" };
    }
    return db().$transaction(async (tx): Promise<Success | ConfirmFailure> => {
      const account = await settleSuccess(tx, attempt, { ...tried, actor: person, now });
      if (!account) return { ok: false, code: "wrong-password" };
      // Since the request began, the person may have lost the authority, or this session may have ended.
      if (person.authority === "SYS_ADMIN" && account.authority !== "SYS_ADMIN")
        throw new Refusal("forbidden");
      if (!(await confirmSession(tx, person.sessionId, now))) throw new Refusal("unauthenticated");
      return { ok: true };
    });
  });
}
