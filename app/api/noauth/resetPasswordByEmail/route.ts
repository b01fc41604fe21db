import { requestResetCall } from "@/app/api/noauth/contracts";
import { requestPasswordReset } from "@/lib/accounts/reset-requests/service";
import { routes, serve } from "@/lib/request/route";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  serve(requestResetCall, ({ actor, body }) => requestPasswordReset(actor, body.email)),
);
