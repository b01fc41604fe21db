import { expect, type Rows, runRows, test } from "./rest-test";
import { loginRows } from "./rows/login";
import { deepLinkRows, exchangeRows } from "./rows/mobile";
import {
  activateRows,
  openActivationRows,
  openResetRows,
  policyRows,
  requestResetRows,
  resetPasswordRows,
} from "./rows/noauth";
import { changePasswordRows, logoutRows, ownUserRows, refreshRows } from "./rows/sessions";
import { readJwtRows, readSecurityRows, saveJwtRows, saveSecurityRows } from "./rows/settings";
import { systemInfoRows } from "./rows/system";
import {
  activationLinkInfoRows,
  activationLinkRows,
  createUserRows,
  deleteUserRows,
  listUsersRows,
  readUserRows,
  sendActivationMailRows,
  setEnabledRows,
} from "./rows/users";

/** Every call in the OpenAPI document; one that is missing here fails the first test. */
const calls: Rows = {
  "GET /api/openapi.json": [{ what: "anybody", ask: () => ({}), answer: [200, null] }],
  "POST /api/auth/login": loginRows,
  "POST /api/auth/token": refreshRows,
  "POST /api/auth/logout": logoutRows,
  "GET /api/auth/user": ownUserRows,
  "POST /api/auth/changePassword": changePasswordRows,
  "GET /api/noauth/userPasswordPolicy": policyRows,
  "GET /api/noauth/activate": openActivationRows,
  "POST /api/noauth/activate": activateRows,
  "POST /api/noauth/resetPasswordByEmail": requestResetRows,
  "GET /api/noauth/resetPassword": openResetRows,
  "POST /api/noauth/resetPassword": resetPasswordRows,
  "GET /api/admin/securitySettings": readSecurityRows,
  "POST /api/admin/securitySettings": saveSecurityRows,
  "GET /api/admin/jwtSettings": readJwtRows,
  "POST /api/admin/jwtSettings": saveJwtRows,
  "POST /api/user": createUserRows,
  "GET /api/users": listUsersRows,
  "GET /api/user/{id}": readUserRows,
  "DELETE /api/user/{id}": deleteUserRows,
  "GET /api/user/{id}/activationLink": activationLinkRows,
  "GET /api/user/{id}/activationLinkInfo": activationLinkInfoRows,
  "POST /api/user/sendActivationMail": sendActivationMailRows,
  "POST /api/user/{id}/userCredentialsEnabled": setEnabledRows,
  "GET /api/noauth/qr/{secret}": exchangeRows,
  "GET /api/mobile/qr/deepLink": deepLinkRows,
  "GET /api/system/info": systemInfoRows,
};

test("every call in the OpenAPI document has its rows", ({ rest }) => {
  expect(rest.document.calls().sort()).toEqual(Object.keys(calls).sort());
});

for (const [call, rows] of Object.entries(calls)) {
  test(`${call} answers as documented`, ({ tools }) => runRows(call, rows, tools));
}
