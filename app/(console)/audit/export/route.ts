import { redirect } from "next/navigation";
import type { NextRequest } from "next/server";
import { exportAuditEntries } from "@/lib/audit/service/export-entries";
import type { Person } from "@/lib/core/actor";
import { Refusal } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import { REQUEST_ID_HEADER } from "@/lib/core/origin";
import { requirePageAdministrator } from "@/lib/request/page";
import { unreadFilePage } from "@/lib/request/plain-page";
import { fieldsOf } from "@/lib/request/query-fields";
import { isFromAnotherSite } from "@/lib/request/same-origin";
import { isStillLive } from "@/lib/sessions/service/authenticate";
import { auditCsvStream } from "./csv-stream";

const fileHeaders = () => ({
  "Content-Type": "text/csv; charset=utf-8",
  "Content-Disposition": `attachment; filename="gatehouse-audit-${new Date().toISOString().slice(0, 10)}.csv"`,
});

/** Answers like GET without the file. Nothing is downloaded, so nothing is recorded. */
export async function HEAD(): Promise<Response> {
  await requirePageAdministrator();
  return new Response(null, { headers: fileHeaders() });
}

/** Downloads the events that the query of an audit page selects, as a CSV file. */
export async function GET(request: NextRequest): Promise<Response> {
  const actor = await requirePageAdministrator();
  // A download is audited, so another site must not cause one; its link leads to the page that offers the file.
  if (isFromAnotherSite(request.headers)) redirect(`/audit${request.nextUrl.search}`);
  try {
    const { first, rest } = await exportAuditEntries(actor, fieldsOf(request.nextUrl.searchParams));
    const file = auditCsvStream(first, whileLoggedIn(actor, rest));
    return new Response(file as BodyInit, { headers: fileHeaders() });
  } catch (error) {
    // A route's error would be answered without a word, and the browser has left the audit page for it.
    const { headers } = request;
    const requestId = headers.get(REQUEST_ID_HEADER) ?? "";
    log().error({ event: "request-failed", requestId, routePath: "/audit/export", err: error });
    return unreadFilePage(requestId, headers.get("x-nonce") ?? "");
  }
}

/**
 * Passes batches on while the person is logged in. Then the download fails, so that nobody takes the file for complete.
 * @throws Refusal "unauthenticated"
 */
async function* whileLoggedIn<Batch>(
  person: Person,
  batches: AsyncGenerator<Batch, void>,
): AsyncGenerator<Batch, void> {
  for await (const batch of batches) {
    if (!(await isStillLive(person))) throw new Refusal("unauthenticated");
    yield batch;
  }
}
