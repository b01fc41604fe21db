import { ReadableStream } from "node:stream/web";
import type { AuditEntry } from "@/lib/audit/schema";
import { auditCsv, auditCsvHead } from "./csv";

/**
 * Returns a CSV file of events as a stream, which reads the next batch when it is asked for. It is not made by
 * `Readable.toWeb`, because when a download is cancelled, that throws where nobody can catch it, and the server exits.
 */
export function auditCsvStream(
  first: AuditEntry[],
  rest: AsyncGenerator<AuditEntry[], void>,
): ReadableStream<Uint8Array> {
  return ReadableStream.from(chunks(first, rest));
}

async function* chunks(first: AuditEntry[], rest: AsyncIterable<AuditEntry[]>): AsyncGenerator<Uint8Array> {
  yield Buffer.from(auditCsvHead() + auditCsv(first));
  for await (const entries of rest) yield Buffer.from(auditCsv(entries));
}
