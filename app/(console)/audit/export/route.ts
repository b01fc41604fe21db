import { Readable } from "node:stream";
import type { NextRequest } from "next/server";
import type { AuditEntry } from "@/lib/audit/schema";
import { exportAuditEntries } from "@/lib/audit/service/export-entries";
import { requirePageAdministrator } from "@/lib/request/page";
import { auditCsv, auditCsvHead } from "./csv";

/** Downloads the events that the query of an audit page selects, as a CSV file. */
export async function GET(request: NextRequest): Promise<Response> {
  const actor = await requirePageAdministrator();
  const batches = exportAuditEntries(actor, Object.fromEntries(request.nextUrl.searchParams));
  // Before the answer begins, so that a database that is away makes it an error, and not a file without events.
  const first = await batches.next();
  const day = new Date().toISOString().slice(0, 10);
  const file = Readable.from(chunks(first.value ?? [], batches));
  return new Response(Readable.toWeb(file) as ReadableStream, {
    headers: {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": `attachment; filename="gatehouse-audit-${day}.csv"`,
    },
  });
}

async function* chunks(first: AuditEntry[], rest: AsyncIterable<AuditEntry[]>): AsyncGenerator<Buffer> {
  yield Buffer.from(auditCsvHead() + auditCsv(first));
  for await (const entries of rest) yield Buffer.from(auditCsv(entries));
}
