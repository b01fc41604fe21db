import { type Input, stringify } from "csv-stringify/sync";
import { escapeInvisible } from "@/components/ui/escape-invisible";
import type { AuditDetails, AuditEntry } from "@/lib/audit/schema";

const COLUMNS = ["time", "event", "actor", "subject", "address", "userAgent", "requestId", "details"];

// Where a comma is the decimal sign, spreadsheets separate cells at semicolons: behind one, a cell begins as well.
const FORMULA = /(^|;)(?=[\s"]*[=+\-@\uff1d\uff0b\uff0d\uff20])/gu;

/** Makes text that was typed by strangers safe in a cell: nothing in it is taken for a formula, and nothing hides. */
const cell = (text: string) => escapeInvisible(text).replace(FORMULA, "$1'");

/** Formats details as JSON. Their texts are made safe before, because `\u{…}` is no escape sequence of JSON. */
const jsonOf = (details: AuditDetails) =>
  JSON.stringify(details, (_key, value) => (typeof value === "string" ? escapeInvisible(value) : value));

const format = (rows: Input) => stringify(rows, { record_delimiter: "windows" });

/** The first line, with the names of the columns. The mark before it tells spreadsheets that the text is UTF-8. */
export const auditCsvHead = (): string => `\ufeff${format([COLUMNS])}`;

/** Formats events as lines of CSV (RFC 4180): times in ISO 8601, in UTC, and details as JSON. */
export function auditCsv(entries: readonly AuditEntry[]): string {
  return format(
    entries.map(({ at, kind, actorEmail, subjectEmail, address, userAgent, requestId, details }) =>
      [at.toISOString(), kind, actorEmail, subjectEmail, address, userAgent, requestId, jsonOf(details)].map(
        cell,
      ),
    ),
  );
}
