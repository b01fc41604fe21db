import { z } from "zod/mini";
import { uuidCursorSchema } from "@/lib/core/cursor/schema";
import { emailSchema } from "@/lib/core/email/schema";
import { idSchema } from "@/lib/core/id/schema";
import { isPlainText } from "@/lib/core/plain-text/rules";
import { ifValid } from "@/lib/core/query-parameter/schema";
import { addressSearchSchema } from "@/lib/core/text-search/schema";
import { editOf, whenValid } from "@/lib/settings/fields/schema";
import { mailLabels, mailSettingsSchema } from "@/lib/settings/mail/schema";

const instant = z.iso.datetime();
/** The origin of an action: network address and user agent. */
const origin = { address: z.string(), userAgent: z.string() };
/** The name to greet; if it is missing or empty, the greeting has no name. */
const name = z.optional(z.string());
/** A link to Gatehouse; its token lets its holder in. */
const link = z.url({ protocol: /^https?$/ });
const lock = { attempts: z.int(), lockedAt: instant, lockedUntil: z.nullable(instant), ...origin };

/** The kinds of mail, each with the values that its template needs. Times are ISO instants. */
export const mailSchemas = {
  activation: z.object({ name, activationUrl: link, expiresAt: instant }),
  "account-activated": z.object({ name, activatedAt: instant, ...origin }),
  /** `address` and `userAgent` are null if an administrator sent the link: theirs are not for its recipient. */
  "password-reset": z.object({
    name,
    resetUrl: link,
    expiresAt: instant,
    address: z.nullable(z.string()),
    userAgent: z.nullable(z.string()),
  }),
  "password-reset-forced": z.object({ name, resetUrl: link, expiresAt: instant }),
  /** `endedAll`: no session went on, as after a reset; missing in mails that an earlier version queued. */
  "password-changed": z.object({ name, changedAt: instant, endedAll: z.optional(z.boolean()), ...origin }),
  "email-changed": z.object({ name, oldEmail: z.string(), newEmail: z.string(), changedAt: instant }),
  "password-expires-soon": z.object({ name, expiresAt: instant, daysLeft: z.int().check(z.minimum(1)) }),
  "account-locked": z.object({ email: z.string(), ...lock }),
  /** `linkExpiresAt` is missing in mails that an earlier version queued. */
  "account-locked-owner": z.object({ name, ...lock, unlockUrl: link, linkExpiresAt: z.optional(instant) }),
  test: z.object({ requestedBy: z.string(), requestedAt: instant }),
} as const;
export type MailKind = keyof typeof mailSchemas;
export type MailValues = { [K in MailKind]: z.infer<(typeof mailSchemas)[K]> };

/** All kinds, in the order of `mailSchemas`. */
export const mailKinds = Object.keys(mailSchemas) as MailKind[];

/** A mail about to be written into the outbox. */
export type Mail = {
  [K in MailKind]: {
    kind: K;
    /** The address exactly as the account or the settings have it; only that of a test mail is as it was typed. */
    recipient: string;
    userId: string | null;
    values: MailValues[K];
    /** The id of the link that the mail exists for; once that link is closed, the mail is withdrawn. */
    linkId?: string;
    /** After this time the mail is useless; by default after `expiresAt`, if the values have it. */
    usefulUntil?: Date;
  };
}[MailKind];

/** The states of a mail, as they are shown. A mail withdrawn on purpose is no failure, although it is stored as one. */
export const outboxStates = ["QUEUED", "SENT", "FAILED", "WITHDRAWN"] as const;
export type OutboxState = (typeof outboxStates)[number];

export const OUTBOX_PAGE_SIZE = 50;

/** The outbox page's query. Invalid fields are ignored. */
export const outboxQuerySchema = z.object({
  state: ifValid(z.enum(outboxStates)),
  /** What to look for in the recipient's address. */
  recipient: addressSearchSchema,
  after: uuidCursorSchema,
});
export type OutboxQuery = z.infer<typeof outboxQuerySchema>;

/** A mail as the outbox page shows it: no subject, no text, no link. */
export type OutboxEntry = {
  id: string;
  /** A `MailKind`, or one of an earlier or newer version. */
  kind: string;
  recipient: string;
  /** The account that the mail is about, which need not be its recipient's; null if there is none, or no longer. */
  account: { id: string; email: string } | null;
  state: OutboxState;
  attempts: number;
  /** What the mail server answered last, or why it was not reached. */
  lastAnswer: string | null;
  createdAt: Date;
  lastAttemptAt: Date | null;
  sentAt: Date | null;
  /** When the next attempt is due; only while the mail is queued. */
  dueAt: Date | null;
  /** Whether a process is sending it at this moment: the next attempt is under way. */
  isBeingSent: boolean;
  /** Whether the content is still there, so that the mail can be sent again. */
  canResend: boolean;
};

/**
 * The last answers of a mail that was withdrawn before it was sent, by why. They are stored, and such a mail is recognised
 * by them: with other words, those of before would count as failed.
 */
export const withdrawnAnswers = {
  link: "Not sent: its link was used or replaced first.",
  password: "Not sent: the password was replaced first.",
  address: "Not sent: the account’s address was changed first.",
  account: "Not sent: the account was disabled or deleted first.",
  policy: "Not sent: the password policy was changed first.",
} as const;

export type WithdrawalReason = keyof typeof withdrawnAnswers;

/** Shown by the form for its own input, and returned by the verb if another user has removed the user name. */
export const PASSWORD_WITHOUT_USER = "A password needs a user name to go with it.";

/** The mail panel as it is edited: a null password keeps the stored one. */
export const mailEntrySchema = z
  .extend(mailSettingsSchema, {
    password: z.nullable(
      z
        .string()
        .check(
          z.maxLength(1_024, { error: `${mailLabels.password} must have at most 1,024 characters.` }),
          z.refine(isPlainText, { error: `${mailLabels.password} must not contain control characters.` }),
        ),
    ),
    removesPassword: z.boolean(),
  })
  .check(
    z.superRefine(
      ({ user, password }, context) => {
        if (password === null || user) return;
        context.addIssue({ code: "custom", path: ["password"], message: PASSWORD_WITHOUT_USER });
      },
      whenValid("user", "password"),
    ),
  );
export type MailEntry = z.infer<typeof mailEntrySchema>;

export const mailEditSchema = editOf(mailEntrySchema);
export type MailEdit = z.infer<typeof mailEditSchema>;

export const testMailSchema = z.object({ recipient: emailSchema });
export const resendSchema = z.object({ id: idSchema });
