import type { AuditKind, Span } from "@/lib/audit/schema";
import { DAY_MS } from "@/lib/core/durations/rules";
import type { GeneralPolicy } from "@/lib/settings/general/schema";
import type { PasswordPolicy } from "@/lib/settings/password/schema";
import type { Panel } from "@/lib/settings/schema";

/** The kinds of events that the overview counts, in order. */
export const countedKinds = [
  "login-succeeded",
  "login-failed",
  "account-locked",
  "password-reset-requested",
  "link-issued",
  "settings-changed",
] as const satisfies AuditKind[];
export type CountedKind = (typeof countedKinds)[number];

/** Returns the 24 hours until `now`, and the 24 hours before them. */
export function lastTwoDays(now: Date): { now: Span; before: Span } {
  const ago = (days: number) => new Date(now.getTime() - days * DAY_MS);
  return { now: { from: ago(1), until: now }, before: { from: ago(2), until: ago(1) } };
}

/** Returns the fields of the mail panel that are in force, because the environment does not replace them. */
export function mailFieldsInForce(
  fields: readonly string[],
  environment: { server: object | null; from: string | null },
): string[] {
  const isReplaced = (field: string) =>
    field === "fromAddress" ? environment.from !== null : environment.server !== null;
  return fields.filter((field) => !isReplaced(field));
}

/** Something that an administrator should look at, with its details. */
export type Attention =
  /** The defaults of these fields are in force. */
  | { code: "settings-damaged"; panel: Panel; fields: string[] }
  /** Some people cannot log in until they reset their password by e-mail, and there is no mail server. */
  | { code: "resets-not-mailed" }
  | { code: "accounts-locked"; accounts: number }
  | { code: "no-mail-server"; waiting: number }
  | { code: "mails-retried"; mails: number }
  | { code: "mails-failed"; mails: number }
  | { code: "never-locks" }
  | { code: "no-address-limit" }
  | { code: "only-administrator" }
  /** `until`: when the last of these keys retires. `onlyIssuers`: each is the key that signs, under an earlier issuer. */
  | { code: "old-keys-accepted"; keys: number; sessions: number; until: Date; onlyIssuers: boolean }
  | { code: "invitations-expired"; expired: number; invited: number };

/** What `attentionOf` decides from. */
export type AttentionFacts = {
  /** The invalid fields of each panel. */
  damaged: Record<Panel, string[]>;
  general: Pick<GeneralPolicy, "maxFailedLoginAttempts" | "loginAttemptsPerAddressPerMinute">;
  password: Pick<PasswordPolicy, "forceUserToResetPasswordIfNotValid">;
  /** `retried`: the messages that a server has not taken yet; `failed`: those that can only be resent by hand. */
  mail: { hasServer: boolean; waiting: number; retried: number; failed: number };
  accounts: { locked: number; invited: number; expiredInvitations: number };
  hasOtherAdministrator: boolean;
  /** The keys that no longer sign but still verify. */
  verifyingKeys: { until: Date; sessions: number; isOnlyIssuer: boolean }[];
};

/**
 * Returns what needs attention, the most urgent first: rules that are not in force, people who cannot log in or get no
 * mail, protection that is off, and then what is left unfinished.
 */
export function attentionOf(facts: AttentionFacts): Attention[] {
  const { damaged, general, password, mail, accounts, hasOtherAdministrator, verifyingKeys } = facts;
  const lastUntil = Math.max(...verifyingKeys.map(({ until }) => until.getTime()));
  const sessions = verifyingKeys.reduce((sum, key) => sum + key.sessions, 0);
  const when = (isTrue: boolean, item: Attention): Attention[] => (isTrue ? [item] : []);
  return [
    ...Object.entries(damaged).flatMap(([panel, fields]) =>
      when(fields.length > 0, { code: "settings-damaged", panel: panel as Panel, fields }),
    ),
    ...when(password.forceUserToResetPasswordIfNotValid && !mail.hasServer, { code: "resets-not-mailed" }),
    ...when(accounts.locked > 0, { code: "accounts-locked", accounts: accounts.locked }),
    ...when(!mail.hasServer, { code: "no-mail-server", waiting: mail.waiting }),
    ...when(mail.retried > 0, { code: "mails-retried", mails: mail.retried }),
    ...when(mail.failed > 0, { code: "mails-failed", mails: mail.failed }),
    ...when(!general.maxFailedLoginAttempts, { code: "never-locks" }),
    ...when(!general.loginAttemptsPerAddressPerMinute, { code: "no-address-limit" }),
    ...when(!hasOtherAdministrator, { code: "only-administrator" }),
    ...when(verifyingKeys.length > 0, {
      code: "old-keys-accepted",
      keys: verifyingKeys.length,
      sessions,
      until: new Date(lastUntil),
      onlyIssuers: verifyingKeys.every(({ isOnlyIssuer }) => isOnlyIssuer),
    }),
    ...when(accounts.expiredInvitations > 0, {
      code: "invitations-expired",
      expired: accounts.expiredInvitations,
      invited: accounts.invited,
    }),
  ];
}
