import { sendExpiryNotices } from "@/lib/accounts/expiry-notices/service";
import { requestPasswordReset, resolveResetRequests } from "@/lib/accounts/reset-requests/service";
import { choosePassword } from "@/lib/accounts/service/new-password";
import { provision } from "@/lib/accounts/service/provision";
import { changePassword } from "@/lib/auth/service/change-password";
import { confirmPassword } from "@/lib/auth/service/confirm-password";
import { logIn } from "@/lib/auth/service/log-in";
import { changePasswordForTokens, logInForTokens } from "@/lib/auth/service/token-login";
import type { Person } from "@/lib/core/actor";
import { closeDatabase } from "@/lib/core/db";
import { Refusal } from "@/lib/core/errors";
import { updateJwtSecurity } from "@/lib/jwt-security/service/save-settings";
import { exchangeMobileSecret, makeMobileCode } from "@/lib/mobile/service";
import { endAllSessions } from "@/lib/sessions/live/service";
import { authenticate } from "@/lib/sessions/service/authenticate";
import { authenticateBearer } from "@/lib/sessions/service/bearer";
import { continueBrowserSession } from "@/lib/sessions/service/browser-session";
import { logOut } from "@/lib/sessions/service/log-out";
import { endOtherSessions } from "@/lib/sessions/service/own-sessions";
import { refreshTokens } from "@/lib/sessions/service/refresh";
import { updateGeneralPolicy, updatePasswordPolicy } from "@/lib/settings/service";
import { deleteUser, disableUser } from "@/lib/users/service/administer-user";
import { makeSettings, makeUser } from "./accounts";
import { administrator, anonymous, loggedIn } from "./actors";
import { emptyDatabase } from "./database";
import { makeLink } from "./links";
import { deliverMails, useMailServer } from "./mail";
import { readMails } from "./outbox";

/** The verbs that a program can call with a token. */
const personal = {
  changePasswordForTokens,
  deleteUser,
  disableUser,
  endAllSessions,
  endOtherSessions: (person: Person) => endOtherSessions(person),
  logOut: (person: Person) => logOut(person),
  updateJwtSecurity,
};
export type PersonalVerb = keyof typeof personal;
type PersonalAnswer = { ok: boolean; token?: string; refreshToken?: string };

/** Calls such a verb. `ok` is false also when the token is not valid, or the verb throws a refusal. */
async function callWithToken(token: string, verb: PersonalVerb, input?: object): Promise<PersonalAnswer> {
  const bearer = await authenticateBearer(token, anonymous());
  if (!bearer.ok) return { ok: false };
  const act = personal[verb] as (person: Person, input?: object) => Promise<object | undefined>;
  try {
    return { ok: true, ...(await act(bearer.person, input)) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false };
    throw error;
  }
}

/** The functions that a worker process can be asked to run. */
export const verbs = {
  administrator,
  authenticate,
  authenticateBearer,
  callWithToken,
  changePassword,
  choosePassword,
  closeDatabase,
  confirmPassword,
  continueBrowserSession,
  deliverMails,
  emptyDatabase,
  exchangeMobileSecret,
  loggedIn,
  logIn,
  logInForTokens,
  logOut,
  makeLink,
  makeMobileCode,
  makeSettings,
  makeUser,
  provision,
  readMails,
  refreshTokens,
  requestPasswordReset,
  resolveResetRequests,
  sendExpiryNotices,
  updateGeneralPolicy,
  updateJwtSecurity,
  updatePasswordPolicy,
  useMailServer,
};
export type Verbs = typeof verbs;
