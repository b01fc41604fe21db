import { refreshCall } from "@/app/api/auth/contracts";
import { RestError } from "@/lib/request/rest-errors";
import { routes, serve } from "@/lib/request/route";
import { refreshTokens } from "@/lib/sessions/service/refresh";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  serve(refreshCall, async ({ actor, body }) => {
    const result = await refreshTokens(actor, body);
    if (!result.ok) throw new RestError(result.code);
    return result;
  }),
);
