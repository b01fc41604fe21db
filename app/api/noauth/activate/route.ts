import { newPasswordError } from "@/app/api/new-password-error";
import { activateCall, openActivationCall } from "@/app/api/noauth/contracts";
import { linkAddress } from "@/app/api/noauth/link-address";
import { activateForTokens } from "@/lib/auth/service/token-login";
import { routes, serve } from "@/lib/request/route";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  serve(openActivationCall, ({ query }) => linkAddress("ACTIVATION", query.activateToken)),
  serve(activateCall, async ({ actor, body: { activateToken, password } }) => {
    const result = await activateForTokens(actor, { secret: activateToken, password });
    if (!result.ok) throw newPasswordError(result);
    return result;
  }),
);
