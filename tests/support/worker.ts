import { tellOfExpiry } from "@/lib/accounts/expiry-notices/service";
import { requestPasswordReset, resolveResetRequests } from "@/lib/accounts/reset-requests/service";
import { choosePassword } from "@/lib/accounts/service/new-password";
import { provision } from "@/lib/accounts/service/provision";
import { changePassword } from "@/lib/auth/service/change-password";
import { confirmPassword } from "@/lib/auth/service/confirm-password";
import { logIn } from "@/lib/auth/service/log-in";
import { updateJwtSecurity } from "@/lib/jwt-security/service/save-settings";
import { exchangeMobileSecret, makeMobileCode } from "@/lib/mobile/service";
import { authenticate, continueBrowserSession, logOut } from "@/lib/sessions/service";
import { authenticateBearer } from "@/lib/sessions/service/bearer";
import { refreshTokens } from "@/lib/sessions/service/refresh";
import { updateGeneralPolicy, updatePasswordPolicy } from "@/lib/settings/service";
import { makeSettings, makeUser } from "./accounts";
import { administrator, loggedIn } from "./actors";
import { emptyDatabase } from "./database";
import { makeLink } from "./links";
import { deliverMails, useMailServer } from "./mail";
import { readMails } from "./outbox";

/** What a worker process can be asked to do. */
export const verbs = {
  administrator,
  authenticate,
  authenticateBearer,
  changePassword,
  choosePassword,
  confirmPassword,
  continueBrowserSession,
  deliverMails,
  emptyDatabase,
  exchangeMobileSecret,
  loggedIn,
  logIn,
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
  tellOfExpiry,
  updateGeneralPolicy,
  updateJwtSecurity,
  updatePasswordPolicy,
  useMailServer,
};
export type Verbs = typeof verbs;
