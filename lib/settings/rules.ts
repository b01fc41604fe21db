import { changedFields } from "@/lib/core/changes/rules";
import { counted } from "@/lib/core/count/rules";
import { durationWords } from "@/lib/core/durations/rules";
import { type GeneralPolicy, LAST_ADMINISTRATOR_LOCK_MINUTES } from "./general/schema";
import type { JwtSettings } from "./jwt/schema";
import type { MailSettings, TlsMode } from "./mail/schema";
import { effectiveMaximumLength } from "./password/rules";
import type { PasswordPolicy } from "./password/schema";

/** The result of merging two users' edits of one panel. */
export type Merge<T> = { merged: T; conflicts: (keyof T & string)[] };

/**
 * Merges two edits, both made from `base`. A field that only one side changed takes that side's value. A field that
 * both changed, to different values, is a conflict and keeps the value of `theirs`.
 */
export function mergeEdits<T extends object>(base: T, mine: T, theirs: T): Merge<T> {
  const merged = { ...theirs };
  const conflicts: (keyof T & string)[] = [];
  for (const key of changedFields(base, mine)) {
    if (mine[key] === theirs[key]) continue;
    if (theirs[key] === base[key]) merged[key] = mine[key];
    else conflicts.push(key);
  }
  return { merged, conflicts };
}

function list(parts: string[]): string {
  const last = parts.at(-1) ?? "";
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(", ")} and ${last}`;
}

const lockSpan = (minutes: number) => `for ${durationWords(minutes * 60)}`;

/**
 * Says what is in effect in place of a panel's damaged values, for the end of a sentence. The issuer name is also stored
 * with the signing key, and only that one counts (docs/decisions/0006).
 */
export function describeDamage(fields: string[], nameOf: (fields: string[]) => string): string {
  const others = fields.filter((field) => field !== "tokenIssuer");
  return [
    ...(others.length > 0 ? [`the default is in effect for ${nameOf(others)}`] : []),
    ...(others.length < fields.length ? ["tokens keep the issuer name that is stored with their key"] : []),
  ].join("; ");
}

/** Describes what the general policy does, in three sentences. */
export function describeGeneralPolicy(policy: GeneralPolicy): string {
  const limit = policy.loginAttemptsPerAddressPerMinute;
  const throttle = limit
    ? `One network address can try ${counted(limit, "login")} per minute.`
    : "Logins from one network address are not limited.";
  const links = `Activation links expire after ${counted(policy.userActivationTokenTtl, "hour")}, reset links after ${counted(policy.passwordResetTokenTtl, "hour")}.`;
  const attempts = policy.maxFailedLoginAttempts;
  if (!attempts) return `Wrong passwords never lock an account. ${throttle} ${links}`;
  const until = policy.lockoutDurationMinutes
    ? lockSpan(policy.lockoutDurationMinutes)
    : `until an administrator or its owner unlocks it, that of the last administrator ${lockSpan(LAST_ADMINISTRATOR_LOCK_MINUTES)}`;
  const told = [
    ...(policy.userLockoutNotificationEmail ? [policy.userLockoutNotificationEmail] : []),
    ...(policy.notifyOwnerOnLockout ? ["the owner"] : []),
  ];
  const notice = told.length ? `${list(told)} ${told.length > 1 ? "are" : "is"} told` : "nobody is told";
  return `After ${counted(attempts, "wrong password")} an account is locked ${until}; ${notice}. ${throttle} ${links}`;
}

/** Describes what the password policy requires of users. */
export function describePasswordPolicy(policy: PasswordPolicy): string {
  const minimums: [number, string][] = [
    [policy.minimumUppercaseLetters, "uppercase letter"],
    [policy.minimumLowercaseLetters, "lowercase letter"],
    [policy.minimumDigits, "digit"],
    [policy.minimumSpecialCharacters, "special character"],
  ];
  const asked = minimums.filter(([n]) => n > 0).map(([n, noun]) => counted(n, noun));
  const composition = asked.length ? `, with at least ${list(asked)}` : "";
  const spaces = policy.allowWhitespaces ? "" : ", without spaces";
  const expiry = policy.passwordExpirationPeriodDays
    ? `It expires after ${counted(policy.passwordExpirationPeriodDays, "day")}`
    : "It never expires";
  const reuse = policy.passwordReuseFrequencyDays
    ? `and cannot be reused for ${counted(policy.passwordReuseFrequencyDays, "day")}`
    : "and an old one can be used again";
  const force = policy.forceUserToResetPasswordIfNotValid
    ? "Anyone who logs in with a password that breaks these rules, you included, must reset it by e-mail."
    : "Existing passwords stay valid, even if they break these rules.";
  return `A new password has ${policy.minimumLength} to ${effectiveMaximumLength(policy)} characters${composition}${spaces}. ${expiry} ${reuse}. ${force}`;
}

/** Describes what the JWT settings mean for logged-in users. */
export function describeJwtSettings(settings: JwtSettings): string {
  return `A token expires after ${durationWords(settings.tokenExpirationTime)} and is renewed automatically; after ${durationWords(settings.refreshTokenExpTime)} without a renewal, a person must log in again.`;
}

const encryption: Record<MailSettings["tls"] | "auto", string> = {
  auto: "encrypted where the server offers it",
  starttls: "encrypted with STARTTLS",
  tls: "encrypted with TLS",
  none: "unencrypted",
};

/** Describes where mails go, in one or two sentences. */
export function describeMailSettings(
  server: Pick<MailSettings, "host" | "port" | "user"> & { tls: TlsMode | "auto" },
  hasPassword: boolean,
): string {
  const { host, port, tls, user } = server;
  if (!host) return "There is no mail server: mail waits in the outbox, and links can be copied instead.";
  const login = user ? `, logging in as ${user}` : ", without a login";
  let warning = "";
  if (user && !hasPassword) warning = " There is no password, so the login will fail.";
  else if (user && tls === "none") warning = " Anyone on the network can read the password.";
  return `Mail goes to ${host} on port ${port}, ${encryption[tls]}${login}.${warning}`;
}
