import { exchangeSecretCall } from "@/app/api/noauth/contracts";
import { exchangeMobileSecret } from "@/lib/mobile/service";
import { RestError } from "@/lib/request/rest-errors";
import { routes, serve } from "@/lib/request/route";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  serve(exchangeSecretCall, async ({ actor, params }) => {
    const result = await exchangeMobileSecret(actor, params);
    if (result.ok) return result;
    if (result.code === "refused") throw new RestError("token-expired");
    throw new RestError("too-many-requests", { retryAfterSeconds: result.retryAfterSeconds });
  }),
);
