import { contracts } from "@/app/api/contracts";
import { openApiCall } from "@/app/api/openapi.json/contracts";
import { openApiDocument } from "@/lib/request/openapi";
import { routes, serve } from "@/lib/request/route";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  serve(openApiCall, () => openApiDocument(contracts)),
);
