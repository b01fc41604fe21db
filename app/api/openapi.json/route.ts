import { apiDocumentForPrograms } from "@/app/api/document";
import { openApiCall } from "@/app/api/openapi.json/contracts";
import { env } from "@/lib/core/env";
import { routes, serve } from "@/lib/request/route";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  serve(openApiCall, () => apiDocumentForPrograms(env().BASE_URL)),
);
