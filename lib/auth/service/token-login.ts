import "server-only";
import { choosePassword, type NewPasswordFailure } from "@/lib/accounts/service/new-password";
import { findUser } from "@/lib/accounts/store";
import type { Actor, Anonymous } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { Refusal } from "@/lib/core/errors";
import type { Success } from "@/lib/core/result";
import { renewOwnTokens, type TokenPair } from "@/lib/sessions/service/refresh";
import { settingsInForce } from "@/lib/settings/service";
import { openSession } from "../open-session";
import { type ChangePasswordResult, changePassword } from "./change-password";
import { type LoginResult, logIn } from "./log-in";

type Tokens = Success<TokenPair>;

function pairOf({ token, refreshToken }: { token: string; refreshToken: string | null }): Tokens {
  if (refreshToken === null) throw new Error("A program's session has no refresh token.");
  return { ok: true, token, refreshToken };
}

/** Logs a program in: the login of the pages, answered with tokens. @throws Refusal "overloaded" */
export async function logInForTokens(
  actor: Anonymous,
  input: { username: string; password: string },
  now = new Date(),
): Promise<Tokens | Exclude<LoginResult, Success>> {
  const { username: email, password } = input;
  const result = await logIn(actor, { email, password, kind: "REST" }, now);
  return result.ok ? pairOf(result) : result;
}

/** Activates an account with the password its person chose, and logs its person in. */
export async function activateForTokens(
  actor: Anonymous,
  input: { secret: string; password: string },
  now = new Date(),
): Promise<Tokens | NewPasswordFailure> {
  const chosen = await choosePassword(actor, { purpose: "ACTIVATION", ...input }, now);
  if (!chosen.ok) return chosen;
  const { jwt } = await settingsInForce();
  return db().$transaction(async (tx) => {
    const user = await findUser(tx, chosen.userId);
    if (user?.state !== "ACTIVE") return { ok: false, code: "link-unusable" } as const;
    return pairOf(await openSession(tx, actor, user, { kind: "REST", jwt: jwt.values, now }));
  });
}

/**
 * Replaces one's own password and gives the session new tokens; the refresh token it had is spent, like every other
 * session's.
 * @throws Refusal "unauthenticated", "overloaded"
 */
export async function changePasswordForTokens(
  actor: Actor,
  input: { currentPassword: string; newPassword: string },
  now = new Date(),
): Promise<Tokens | Exclude<ChangePasswordResult, Success>> {
  const changed = await changePassword(actor, input, now);
  return changed.ok ? { ok: true, ...(await nextTokens(actor, now)) } : changed;
}

/** A new pair for the actor's own session. @throws Refusal "unauthenticated" */
export async function nextTokens(actor: Actor, now: Date): Promise<TokenPair> {
  const user = actor.kind === "person" ? await findUser(db(), actor.userId) : null;
  if (!user) throw new Refusal("unauthenticated");
  const { id: userId, email, authority, firstName, lastName } = user;
  return renewOwnTokens(actor, { userId, email, authority, firstName, lastName }, now);
}
