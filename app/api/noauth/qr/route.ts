import { errorResponse } from "@/lib/request/rest-errors";
import { readOnlyRoute } from "@/lib/request/route";

const SEE_OTHER = 303;

/**
 * Handles the URL in a mobile app's QR code. An app reads the secret from the URL and never requests it. A phone's
 * camera opens it in a browser, with the secret in the query; the redirect leads to a page without the secret in its
 * URL. Programs get 404.
 */
async function scanned(request: Request): Promise<Response> {
  if (!request.headers.get("accept")?.includes("text/html")) return errorResponse("not-found");
  return new Response(null, {
    status: SEE_OTHER,
    headers: { Location: "/scan-in-app", "Cache-Control": "no-store" },
  });
}

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = readOnlyRoute(scanned);
