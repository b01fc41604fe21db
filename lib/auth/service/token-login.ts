import "server-only";
import { choosePasswordThen, type NewPasswordFailure } from "@/lib/accounts/service/new-password";
import { findUser, type User } from "@/lib/accounts/store";
import { type Actor, type Anonymous, requirePerson } from "@/lib/core/actor";
import { type Db, db } from "@/lib/core/db";
import { Refusal } from "@/lib/core/errors";
import type { Success } from "@/lib/core/result";
import { reissueOwnTokens, replaceOwnTokens, type TokenPair } from "@/lib/sessions/service/refresh";
import { settingsInForce } from "@/lib/settings/service";
import { tokenOwnerOf } from "@/lib/tokens/jwt";
import { openSession } from "../open-session";
import { noteLogin } from "../store";
import { type ChangePasswordFailure, replaceOwnPassword } from "./change-password";
import { type LoginResult, logIn } from "./log-in";

type Tokens = Success<TokenPair>;

/** Returns the token pair of a session that was opened for a program. @throws Error when it has no refresh token */
export function pairOf({ token, refreshToken }: { token: string; refreshToken: string | null }): Tokens {
  if (refreshToken === null) throw new Error("A program's session has no refresh token.");
  return { ok: true, token, refreshToken };
}

/** Logs a program in with the same checks as `logIn`, and returns a token pair. @throws Refusal "overloaded" */
export async function logInForTokens(
  actor: Anonymous,
  input: { username: string; password: string },
  now = new Date(),
): Promise<Tokens | Exclude<LoginResult, Success>> {
  const { username: email, password } = input;
  const result = await logIn(actor, { email, password, kind: "REST" }, now);
  return result.ok ? pairOf(result) : result;
}

/**
 * Activates an account with the password that its owner chose, and logs the owner in, in one transaction.
 * @throws Refusal "overloaded"
 */
export async function activateForTokens(
  actor: Anonymous,
  input: { secret: string; password: string },
  now = new Date(),
): Promise<Tokens | NewPasswordFailure> {
  const logInBy = async (tx: Db, userId: string) => {
    await noteLogin(tx, userId, now);
    const user = await findUser(tx, userId);
    if (!user) throw new Error("An account that is held has gone.");
    const { values: jwt } = (await settingsInForce(tx)).jwt;
    return pairOf(await openSession(tx, actor, user, { kind: "REST", jwt, now }));
  };
  return choosePasswordThen(actor, { purpose: "ACTIVATION", ...input }, logInBy, now);
}

/**
 * Replaces the actor's own password and gives the session a new token pair. The session's earlier tokens, access and
 * refresh, are void from then on, and so are those of the person's other sessions.
 * @throws Refusal "unauthenticated", "forbidden" (see `confirmPassword`), "overloaded"
 */
export async function changePasswordForTokens(
  actor: Actor,
  input: { currentPassword: string; newPassword: string },
  now = new Date(),
): Promise<Tokens | ChangePasswordFailure> {
  const issueTokens = (tx: Db, user: User, newSessionId: string) =>
    replaceOwnTokens(tx, actor, tokenOwnerOf(user), { newSessionId, now });
  return replaceOwnPassword(actor, input, issueTokens, now);
}

/**
 * Issues another token pair for the actor's own session; its present tokens stay valid.
 * @throws Refusal "unauthenticated"
 */
export async function nextTokens(actor: Actor, now: Date): Promise<TokenPair> {
  const user = await findUser(db(), requirePerson(actor).userId);
  if (!user) throw new Refusal("unauthenticated");
  return reissueOwnTokens(db(), actor, tokenOwnerOf(user), now);
}
