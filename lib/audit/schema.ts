import { z } from "zod/mini";
import { numberCursorSchema } from "@/lib/core/cursor/schema";
import { MAX_ADDRESS_LENGTH, plainAddress } from "@/lib/core/network-address/rules";
import { ifValid } from "@/lib/core/query-parameter/schema";
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
const day = z.iso.date().check(z.refine((text) => text > "1900"));

/** An instant in the format of `toISOString`, of the same years as the days. */
const instant = z.iso.datetime({ precision: 3 }).check(z.refine((text) => text > "1900"));

const LONGEST_ZONE = 64;

/** Returns a time zone's name in the form that the platform uses; undefined when there is no such zone. */
function platformName(timeZone: string): string | undefined {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

/** A name of the IANA time zone database, converted to the form that the platform uses. */
const timeZone = z.pipe(
  z.pipe(z.string().check(z.maxLength(LONGEST_ZONE)), z.transform(platformName)),
  z.string(),
);

/** The audit page's query. Invalid fields are ignored. */
export const auditQuerySchema = z.object({
  kind: ifValid(z.enum(auditKinds)),
  /** What to look for in the e-mail addresses, old or new, of the actor and of the subject. */
  person: addressSearchSchema,
  /** A network address, or the beginning of some: text that ends with a dot or a colon. */
  address: z.optional(
    z.pipe(
      searchTextSchema(MAX_ADDRESS_LENGTH),
      z.transform((text) => text && plainAddress(text)),
    ),
  ),
  /** First and last day, both included. */
  from: ifValid(day),
  to: ifValid(day),
  /** The time zone of the days; UTC when there is none. */
  zone: ifValid(timeZone),
  /** A span to the millisecond, beside the days: `since` is included, `until` is not. */
  since: ifValid(instant),
  until: ifValid(instant),
  after: numberCursorSchema,
});
export type AuditQuery = z.infer<typeof auditQuerySchema>;

/** What a query selects by; the rest of a query is where its page begins. */
export type AuditFilters = Omit<AuditQuery, "after">;
