import { errorResponse } from "@/lib/request/rest-errors";
import { lookedAt } from "@/lib/request/route";

const SEE_OTHER = 303;

/**
 * The address that a mobile app's QR code holds. An app takes the secret out of it and never comes here; a camera does,
 * with the secret in the query, and is led to a page whose address has none. To programs there is nothing here.
 */
async function scanned(request: Request): Promise<Response> {
  if (!request.headers.get("accept")?.includes("text/html")) return errorResponse("not-found");
  return new Response(null, {
    status: SEE_OTHER,
    headers: { Location: "/scan-in-app", "Cache-Control": "no-store" },
  });
}

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = lookedAt(scanned);
