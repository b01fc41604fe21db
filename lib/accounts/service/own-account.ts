import "server-only";
import { audit } from "@/lib/audit/service";
import { type Actor, requirePerson } from "@/lib/core/actor";
import { changesOf } from "@/lib/core/changes/rules";
import { db } from "@/lib/core/db";
import { Refusal } from "@/lib/core/errors";
import type { Success } from "@/lib/core/result";
import type { Throttled } from "@/lib/core/throttle";
import { expiryInForce } from "@/lib/password/expiry";
import { settingsInForce } from "@/lib/settings/service";
import type { Authority } from "@/prisma/generated/enums";
import { throttleOwnChange } from "../own-changes";
import type { Profile } from "../schema";
import { findUser, lockUserRow, updateProfileRow } from "../store";

/** An account as its owner sees it. */
export type OwnAccount = Profile & {
  email: string;
  authority: Authority;
  passwordSetAt: Date | null;
  /** When the password has to be replaced; null when it does not expire. */
  passwordExpiresAt: Date | null;
};

/** Returns the actor's own account. @throws Refusal "unauthenticated" */
export async function ownAccount(actor: Actor): Promise<OwnAccount> {
  const person = requirePerson(actor);
  const [user, settings] = await Promise.all([findUser(db(), person.userId), settingsInForce()]);
  if (!user) throw new Refusal("unauthenticated");
  const { email, authority, firstName, lastName, passwordSetAt } = user;
  const passwordExpiresAt = expiryInForce(settings.password, passwordSetAt);
  return { email, authority, firstName, lastName, passwordSetAt, passwordExpiresAt };
}

/**
 * Updates the actor's own name, the only part of a profile that its owner may change. A part of the name that the actor
 * has left as it was `seen` stays as it is now. Fails with "throttled" as `throttleOwnChange` does.
 * @param input `seen`: null to write both parts, where it is not known whether the save before was made
 * @returns the name as it is then stored
 * @throws Refusal "unauthenticated"
 */
export async function updateOwnProfile(
  actor: Actor,
  { seen, ...typed }: Profile & { seen: Profile | null },
  now = new Date(),
): Promise<Success<{ profile: Profile }> | Throttled> {
  const person = requirePerson(actor);
  const throttled = await throttleOwnChange(person);
  if (throttled) return throttled;
  return db().$transaction(async (tx) => {
    // Without the lock, this could silently undo an administrator's concurrent change.
    await lockUserRow(tx, person.userId);
    const before = await findUser(tx, person.userId);
    if (!before) throw new Refusal("unauthenticated");
    const profile = {
      firstName: typed.firstName === seen?.firstName ? before.firstName : typed.firstName,
      lastName: typed.lastName === seen?.lastName ? before.lastName : typed.lastName,
    };
    const details = changesOf<Profile>(before, profile);
    if (Object.keys(details).length === 0) return { ok: true, profile } as const;
    await updateProfileRow(tx, person.userId, profile);
    await audit(tx, person, [{ kind: "profile-changed", details }], now);
    return { ok: true, profile } as const;
  });
}
