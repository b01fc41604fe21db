import { systemInfoCall } from "@/app/api/system/contracts";
import { routes, serve } from "@/lib/request/route";

/**
 * The release of ThingsBoard that has these calls and settings. ThingsBoard's Dart client, and with it its mobile app,
 * logs out again from a server that is older than 3.8, or does not answer.
 */
const THINGSBOARD = "4.0.0";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  serve(systemInfoCall, () => ({ version: THINGSBOARD, artifact: "gatehouse", name: "Gatehouse" })),
);
