import { apiDocument } from "@/app/api/document";
import { openApiCall } from "@/app/api/openapi.json/contracts";
import { env } from "@/lib/core/env";
import { routes, serve } from "@/lib/request/route";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  serve(openApiCall, () => apiDocument(env().BASE_URL)),
);
