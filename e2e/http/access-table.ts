// Who may do what. The authorisation tests go through this table, and fail for anything in the build that it lacks.

export const roles = ["nobody", "CUSTOMER_USER", "TENANT_ADMIN", "SYS_ADMIN"] as const;
export type Role = (typeof roles)[number];

/** For each role, the outcome of opening a page: "shown", or the path of the redirect. */
type Access = Record<Role, string>;

const everyone = (target: string): Access => ({
  nobody: target,
  CUSTOMER_USER: target,
  TENANT_ADMIN: target,
  SYS_ADMIN: target,
});
const forAnyone = everyone("shown");
const forAdministrators: Access = {
  nobody: "/login",
  CUSTOMER_USER: "/no-access",
  TENANT_ADMIN: "/no-access",
  SYS_ADMIN: "shown",
};

const forPeople = { ...forAnyone, nobody: "/login" };
const forLinks = everyone("/link-expired");

const toStart: Access = {
  nobody: "/login",
  CUSTOMER_USER: "/account",
  TENANT_ADMIN: "/account",
  SYS_ADMIN: "/settings/security",
};

/** Every page of the build, and the routes that a browser opens; one that is missing here fails the test. */
export const pages: Record<string, Access> = {
  "/": toStart,
  "/overview": forAdministrators,
  "/settings/security": forAdministrators,
  "/settings/history": forAdministrators,
  "/settings/history/[panel]/[version]": forAdministrators,
  "/settings/mail": forAdministrators,
  "/users": forAdministrators,
  "/users/new": forAdministrators,
  "/users/[id]": forAdministrators,
  "/sessions": forAdministrators,
  "/account": forPeople,
  "/account/password": forPeople,
  "/api-docs": forPeople,
  "/account/mobile": forPeople,
  "/mail": forAdministrators,
  "/audit": forAdministrators,
  "/audit/export": forAdministrators,
  "/no-access": { nobody: "/login", CUSTOMER_USER: "shown", TENANT_ADMIN: "shown", SYS_ADMIN: "/" },
  "/login": { ...toStart, nobody: "shown" },
  "/forgot-password": forAnyone,
  "/activate": forLinks,
  "/reset-password": forLinks,
  "/unlock": forLinks,
  "/password-expired": forLinks,
  "/link-expired": forAnyone,
  "/scan-in-app": forAnyone,
  "/api/noauth/qr": everyone("/scan-in-app"),
  "/api/health": forAnyone,
};

/** Every action of the build, and who may call it; one that is missing here fails the test. */
export const actions: Record<string, "anyone" | "loggedIn" | "administrators"> = {
  "/login logIn": "anyone",
  "/login logOut": "anyone",
  "/activate activate": "anyone",
  "/forgot-password forgotPassword": "anyone",
  "/reset-password resetPassword": "anyone",
  "/unlock unlock": "anyone",
  "/password-expired replaceExpiredPassword": "anyone",
  "/account saveProfile": "loggedIn",
  "/account endSessions": "loggedIn",
  "/account/password changeOwnPassword": "loggedIn",
  "/account/mobile makeCode": "loggedIn",
  "/settings/security saveGeneralPolicy": "administrators",
  "/settings/security savePasswordPolicy": "administrators",
  "/settings/security saveJwtSettings": "administrators",
  "/settings/security generateKey": "administrators",
  "/settings/security revealKey": "administrators",
  "/settings/security retireKey": "administrators",
  "/settings/security rollBackKey": "administrators",
  "/settings/mail saveMailSettings": "administrators",
  "/settings/mail sendTest": "administrators",
  "/mail resend": "administrators",
  "/users invite": "administrators",
  "/users issueLink": "administrators",
  "/users unlock": "administrators",
  "/users disable": "administrators",
  "/users enable": "administrators",
  "/users endSessions": "administrators",
  "/users giveAuthority": "administrators",
  "/users edit": "administrators",
  "/users remove": "administrators",
  "/sessions endOne": "administrators",
  "/sessions askReach": "administrators",
  "/sessions endAll": "administrators",
};

/** Every REST call of the build, and who may make it; one that is missing here fails the test. */
export const calls: Record<string, "anyone" | "loggedIn" | "administrators"> = {
  "GET /api/openapi.json": "anyone",
  "POST /api/auth/login": "anyone",
  "POST /api/auth/token": "anyone",
  "POST /api/auth/logout": "loggedIn",
  "GET /api/auth/user": "loggedIn",
  "POST /api/auth/changePassword": "loggedIn",
  "GET /api/noauth/userPasswordPolicy": "anyone",
  "GET /api/noauth/activate": "anyone",
  "POST /api/noauth/activate": "anyone",
  "POST /api/noauth/resetPasswordByEmail": "anyone",
  "GET /api/noauth/resetPassword": "anyone",
  "POST /api/noauth/resetPassword": "anyone",
  "GET /api/admin/securitySettings": "administrators",
  "POST /api/admin/securitySettings": "administrators",
  "GET /api/admin/jwtSettings": "administrators",
  "POST /api/admin/jwtSettings": "administrators",
  "POST /api/user": "administrators",
  "GET /api/users": "administrators",
  "GET /api/user/{id}": "administrators",
  "DELETE /api/user/{id}": "administrators",
  "GET /api/user/{id}/activationLink": "administrators",
  "GET /api/user/{id}/activationLinkInfo": "administrators",
  "POST /api/user/sendActivationMail": "administrators",
  "POST /api/user/{id}/userCredentialsEnabled": "administrators",
  "GET /api/noauth/qr/{secret}": "anyone",
  "GET /api/mobile/qr/deepLink": "loggedIn",
  "GET /api/system/info": "loggedIn",
};
