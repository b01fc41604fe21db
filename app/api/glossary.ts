import type { Glossary } from "@/lib/request/json-schema";
import { generalPolicyDefaults, LAST_ADMINISTRATOR_LOCK_MINUTES } from "@/lib/settings/general/schema";
import { jwtSettingsDefaults } from "@/lib/settings/jwt/schema";
import { passwordPolicyDefaults } from "@/lib/settings/password/schema";
import { NULL_ID } from "@/lib/tokens/jwt";

const PASSWORD = "correct horse battery staple";
const AN_INSTANT = 1_717_517_647_722;

const defaults = { ...generalPolicyDefaults, ...passwordPolicyDefaults, ...jwtSettingsDefaults };
const setting = (name: keyof typeof defaults, description: string) => ({
  [name]: { description, example: defaults[name] },
});

const settings: Glossary = {
  ...setting(
    "maxFailedLoginAttempts",
    "After how many consecutive wrong passwords the account is locked. Null or 0: never.",
  ),
  ...setting(
    "userLockoutNotificationEmail",
    "The address that is notified when an account is locked. Null: none.",
  ),
  ...setting("userActivationTokenTtl", "How long an activation link works, in hours."),
  ...setting("passwordResetTokenTtl", "How long a reset link works, in hours."),
  ...setting("mobileSecretKeyLength", "The length of the secret that logs a phone in, in characters."),
  ...setting(
    "lockoutDurationMinutes",
    `After how many minutes a locked account is unlocked. Null: only an administrator or the owner unlocks it; the last administrator’s account is unlocked after ${LAST_ADMINISTRATOR_LOCK_MINUTES} minutes.`,
  ),
  ...setting("notifyOwnerOnLockout", "Whether the owner of a locked account is notified by mail."),
  ...setting(
    "loginAttemptsPerAddressPerMinute",
    "How many login attempts a network address has per minute. Null or 0: no limit.",
  ),
  passwordPolicy: { description: "The policy for new passwords." },
  ...setting("minimumLength", "The shortest password, in characters."),
  ...setting("maximumLength", "The longest password, in characters. Null: 256."),
  ...setting("minimumUppercaseLetters", "The minimum number of uppercase letters."),
  ...setting("minimumLowercaseLetters", "The minimum number of lowercase letters."),
  ...setting("minimumDigits", "The minimum number of digits."),
  ...setting("minimumSpecialCharacters", "The minimum number of special characters."),
  ...setting("passwordExpirationPeriodDays", "After how many days a password expires. 0: never."),
  ...setting(
    "passwordReuseFrequencyDays",
    "For how many days a former password cannot be reused. 0: it can be reused at once. Passwords replaced before it was switched on or raised may not count.",
  ),
  ...setting("allowWhitespaces", "Whether passwords may contain whitespace."),
  ...setting(
    "forceUserToResetPasswordIfNotValid",
    "Whether a login with a password that violates this policy requires a reset instead of starting a session.",
  ),
  ...setting("tokenIssuer", "The iss claim of every token."),
  ...setting("tokenExpirationTime", "How long an access token works, in seconds."),
  ...setting(
    "refreshTokenExpTime",
    "How long after its last renewal a session can be renewed, in seconds. More than tokenExpirationTime.",
  ),
  tokenSigningKey: {
    description: "The key that signs the tokens, Base64 of 64 to 512 bytes.",
    example: null,
  },
  keyFingerprint: {
    description:
      "Identifies the signing key: the first 16 hex digits, in groups of four, of HMAC-SHA-256 over its decoded bytes, under the key “gatehouse key fingerprint”.",
    example: "3f9a:04c7:b1d2:8e60",
  },
  keepOldKey: {
    description:
      "Whether tokens of the replaced key keep working until they expire. Otherwise everyone is signed out.",
    example: true,
  },
  version: {
    description:
      "The version of the stored settings, which every change increases. A save with a stale version is refused.",
    example: 1,
  },
};

const people: Glossary = {
  username: { description: "The account's e-mail address, case-insensitive.", example: "ada@example.org" },
  email: { description: "The account's e-mail address.", example: "ada@example.org" },
  name: { description: "The e-mail address again.", example: "ada@example.org" },
  firstName: { description: "The first name; empty if there is none.", example: "Ada" },
  lastName: { description: "The last name; empty if there is none.", example: "Lovelace" },
  authority: { description: "What the person may do.", example: "CUSTOMER_USER" },
  phone: { description: "Always null." },
  id: { description: "The id.", example: NULL_ID },
  entityType: { description: "The type of the entity." },
  tenantId: { description: "Always the null id: there are no tenants." },
  customerId: { description: "Always the null id: there are no customers." },
  createdTime: {
    description: "When the account was created, in milliseconds since 1970.",
    example: AN_INSTANT,
  },
  additionalInfo: { description: "The state of the account." },
  userCredentialsEnabled: {
    description: "Whether the account is activated and not disabled. For a lock, see locked.",
    example: true,
  },
  userActivated: { description: "Whether the account has been activated.", example: true },
  lastLoginTs: { description: "The last login, in milliseconds since 1970. Null: none yet.", example: null },
  locked: { description: "Whether the account is currently locked.", example: false },
};

const secrets: Glossary = {
  password: { description: "The password, exactly as typed.", example: PASSWORD },
  currentPassword: { description: "The current password.", example: PASSWORD },
  newPassword: { description: "The new password.", example: "a lantern, a ladder, a gate" },
  token: {
    description: "The access token. Send it in the header X-Authorization, after Bearer.",
    example: "eyJ…",
  },
  refreshToken: { description: "Can be exchanged once for a new pair.", example: "eyJ…" },
  activateToken: { description: "The token of the activation link.", example: "from the link" },
  resetToken: {
    description: "The token of a reset link, or of the response to a login with an expired password.",
    example: "from the link",
  },
  secret: { description: "The parameter secret of the link in the scanned code.", example: "from-the-code" },
};

const pages: Glossary = {
  data: { description: "The items of this page." },
  totalPages: { description: "How many pages there are.", example: 1 },
  totalElements: { description: "How many items there are on all pages.", example: 1 },
  hasNext: { description: "Whether there is a next page.", example: false },
  pageSize: { description: "How many items a page has.", example: 10 },
  page: { description: "The page number, starting at 0.", example: 0 },
  textSearch: {
    description: "Part of the address or of a name. One or two letters match only at its beginning.",
  },
  sortProperty: { description: "What to sort by." },
  sortOrder: { description: "Ascending or descending." },
  sendActivationMail: {
    description: "Whether an activation link is created and mailed. True, unless set to false.",
  },
  value: {
    description: "The link.",
    example: `https://gatehouse.example.org/api/noauth/activate?activateToken=${"x".repeat(43)}`,
  },
  ttlMs: { description: "How long the link works, in milliseconds.", example: 86_400_000 },
  openapi: { description: "The OpenAPI version." },
};

const errors: Glossary = {
  status: { description: "The HTTP status again.", example: 400 },
  message: { description: "What went wrong, for people." },
  errorCode: { description: "What went wrong, as a number for programs.", example: 31 },
  timestamp: { description: "When it happened, in milliseconds since 1970.", example: AN_INSTANT },
  fieldErrors: { description: "The errors of each field, by its path in the body." },
};

/**
 * The description of every field of the API. A field name means the same everywhere, unless a schema describes it
 * otherwise.
 */
export const glossary: Glossary = { ...settings, ...people, ...secrets, ...pages, ...errors };
