import { z } from "zod";
import { numberCursorSchema } from "@/lib/core/cursor/schema";
import { MAX_ADDRESS_LENGTH, plainAddress } from "@/lib/core/network-address/rules";
import { addressSearchSchema, searchTextSchema } from "@/lib/core/text-search/schema";

/** The kinds of events. */
export const auditKinds = [
  "login-succeeded",
  "login-failed",
  "account-locked",
  "account-unlocked",
  "logged-out",
  "sessions-ended",
  "access-refused",
  "account-created",
  "account-activated",
  "account-disabled",
  "account-enabled",
  "account-deleted",
  "authority-changed",
  "link-issued",
  "link-refused",
  "password-changed",
  "password-reset-forced",
  "password-reset-requested",
  "profile-changed",
  "settings-changed",
  "signing-key-shown",
  "signing-key-retired",
  "secret-key-rotated",
  "audit-exported",
  "test-mail-sent",
  "mail-resent",
] as const;
export type AuditKind = (typeof auditKinds)[number];

/** Plain JSON for people to read; it must not contain a secret. */
export type AuditDetails = { [key: string]: string | number | boolean | null | AuditDetails };

/** An event as it is read back. */
export type AuditEntry = {
  id: string;
  at: Date;
  /** An `AuditKind`, or one that only a newer version knows. */
  kind: string;
  actorEmail: string;
  /** The account that the event is about, which may have been deleted since; null if it is about none. */
  subjectId: string | null;
  subjectEmail: string;
  address: string;
  userAgent: string;
  requestId: string;
  details: AuditDetails;
};

/** A span of time: `from` is included, `until` is not. */
export type Span = { from: Date; until: Date };

export const AUDIT_PAGE_SIZE = 50;

// No event is older than 1900. The bound also excludes the years around 0, which PostgreSQL numbers differently.
const day = z.iso.date().refine((text) => text > "1900");

/** An instant in the format of `toISOString`, of the same years as the days. */
const instant = z.iso.datetime({ precision: 3 }).refine((text) => text > "1900");

const LONGEST_ZONE = 64;

/** A name of the IANA time zone database, converted to the form that the platform uses. */
const timeZone = z
  .string()
  .max(LONGEST_ZONE)
  .transform((timeZone, context) => {
    try {
      return new Intl.DateTimeFormat("en-US", { timeZone }).resolvedOptions().timeZone;
    } catch {
      context.addIssue({ code: "custom", message: "There is no such time zone." });
      return z.NEVER;
    }
  });

/** The audit page's query. Invalid fields are ignored. */
export const auditQuerySchema = z.object({
  kind: z.enum(auditKinds).optional().catch(undefined),
  /** Part of the e-mail address of the actor or of the subject, old or new, or all of it in quotation marks. */
  person: addressSearchSchema,
  /** A network address, or the beginning of some: text that ends with a dot or a colon. */
  address: searchTextSchema(MAX_ADDRESS_LENGTH)
    .transform((text) => text && plainAddress(text))
    .optional(),
  /** First and last day, both included. */
  from: day.optional().catch(undefined),
  to: day.optional().catch(undefined),
  /** The time zone of the days; UTC when there is none. */
  zone: timeZone.optional().catch(undefined),
  /** A span to the millisecond, beside the days: `since` is included, `until` is not. */
  since: instant.optional().catch(undefined),
  until: instant.optional().catch(undefined),
  after: numberCursorSchema,
});
export type AuditQuery = z.infer<typeof auditQuerySchema>;

/** What a query selects by; the rest of a query is where its page begins. */
export type AuditFilters = Omit<AuditQuery, "after">;
