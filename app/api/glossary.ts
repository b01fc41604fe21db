import type { Glossary } from "@/lib/request/json-schema";
import { generalPolicyDefaults } from "@/lib/settings/general/schema";
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
    "Which wrong password in a row locks the account. Null or 0: none does.",
  ),
  ...setting("userLockoutNotificationEmail", "Who is told by mail when an account is locked. Null: nobody."),
  ...setting("userActivationTokenTtl", "How long an activation link works, in hours."),
  ...setting("passwordResetTokenTtl", "How long a reset link works, in hours."),
  ...setting("mobileSecretKeyLength", "How long the secret is that signs a phone in, in characters."),
  ...setting(
    "lockoutDurationMinutes",
    "After how many minutes a locked account unlocks. Null: an administrator or the owner unlocks it.",
  ),
  ...setting("notifyOwnerOnLockout", "Whether the owner of a locked account is told by mail."),
  ...setting(
    "loginAttemptsPerAddressPerMinute",
    "How many logins a network address may try in a minute. Null or 0: any number.",
  ),
  passwordPolicy: { description: "The rules for new passwords." },
  ...setting("minimumLength", "The shortest password, in characters."),
  ...setting("maximumLength", "The longest password, in characters. Null: 256."),
  ...setting("minimumUppercaseLetters", "How many uppercase letters a password has at least."),
  ...setting("minimumLowercaseLetters", "How many lowercase letters a password has at least."),
  ...setting("minimumDigits", "How many digits a password has at least."),
  ...setting("minimumSpecialCharacters", "How many special characters a password has at least."),
  ...setting("passwordExpirationPeriodDays", "After how many days a password expires. 0: never."),
  ...setting(
    "passwordReuseFrequencyDays",
    "For how many days a former password may not be chosen again. 0: it may at once.",
  ),
  ...setting("allowWhitespaces", "Whether passwords may contain whitespace."),
  ...setting(
    "forceUserToResetPasswordIfNotValid",
    "Whether a login with a password that violates these rules leads to a reset in place of a session.",
  ),
  ...setting("tokenIssuer", "The iss of every token."),
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
      "By which the signing key is known: the first 16 hex digits, in fours, of HMAC-SHA-256 over its bytes (the Base64 decoded), under the key “gatehouse key fingerprint”.",
    example: "3f9a:04c7:b1d2:8e60",
  },
  keepOldKey: {
    description:
      "Whether tokens of the replaced key go on working until they expire. Otherwise everyone is signed out.",
    example: true,
  },
  version: {
    description:
      "The version of the stored settings; each save makes the next. Sent along, a stale one is refused.",
    example: 1,
  },
};

const people: Glossary = {
  username: { description: "The account's e-mail address, in any casing.", example: "ada@example.org" },
  email: { description: "The account's e-mail address.", example: "ada@example.org" },
  name: { description: "The e-mail address once more.", example: "ada@example.org" },
  firstName: { description: "The first name; empty if there is none.", example: "Ada" },
  lastName: { description: "The last name; empty if there is none.", example: "Lovelace" },
  authority: { description: "What the person may do.", example: "CUSTOMER_USER" },
  phone: { description: "Always null." },
  id: { description: "The id itself.", example: NULL_ID },
  entityType: { description: "What the id is of." },
  tenantId: { description: "Always the null id: there are no tenants." },
  customerId: { description: "Always the null id: there are no customers." },
  createdTime: { description: "When the account was made, in milliseconds since 1970.", example: AN_INSTANT },
  additionalInfo: { description: "What is known of the account beyond its person." },
  userCredentialsEnabled: {
    description: "Whether the account is activated and not disabled. A lock is told by locked.",
    example: true,
  },
  userActivated: { description: "Whether the account has been activated.", example: true },
  lastLoginTs: { description: "The last login, in milliseconds since 1970. Null: none yet.", example: null },
  locked: { description: "Whether the account is locked at the moment.", example: false },
};

const secrets: Glossary = {
  password: { description: "The password, as it is typed.", example: PASSWORD },
  currentPassword: { description: "The password that is in force.", example: PASSWORD },
  newPassword: { description: "The password to replace it.", example: "a lantern, a ladder, a gate" },
  token: {
    description: "The access token: goes into the header X-Authorization after Bearer.",
    example: "eyJ…",
  },
  refreshToken: { description: "Gets the next pair, once.", example: "eyJ…" },
  activateToken: { description: "The token of the activation link.", example: "from the link" },
  resetToken: {
    description: "The token of a reset link, or of the answer to a login whose password has expired.",
    example: "from the link",
  },
  secret: { description: "The secret of the code that the phone has scanned.", example: "from the code" },
};

const pages: Glossary = {
  data: { description: "The page." },
  totalPages: { description: "How many pages there are.", example: 1 },
  totalElements: { description: "How many there are on all pages.", example: 1 },
  hasNext: { description: "Whether there is a next page.", example: false },
  pageSize: { description: "How many to a page.", example: 10 },
  page: { description: "Which page; the first is 0.", example: 0 },
  textSearch: {
    description: "A part of the address or of a name; one or two letters only where one begins.",
  },
  sortProperty: { description: "What to sort by." },
  sortOrder: { description: "Rising or falling." },
  sendActivationMail: { description: "Whether the activation link is mailed; it is, unless this is false." },
  value: {
    description: "The link.",
    example: `https://gatehouse.example.org/api/noauth/activate?activateToken=${"x".repeat(43)}`,
  },
  ttlMs: { description: "How long it works, in milliseconds.", example: 86_400_000 },
  openapi: { description: "The version of OpenAPI." },
};

const errors: Glossary = {
  status: { description: "The HTTP status once more.", example: 400 },
  message: { description: "What went wrong, in words for people." },
  errorCode: { description: "What went wrong, in a number for programs.", example: 31 },
  timestamp: { description: "When, in milliseconds since 1970.", example: AN_INSTANT },
  fieldErrors: { description: "What is wrong with which field, by its path in the body." },
};

/**
 * The description of every field of the API. A field name means the same everywhere, unless a schema describes it
 * otherwise.
 */
export const glossary: Glossary = { ...settings, ...people, ...secrets, ...pages, ...errors };
