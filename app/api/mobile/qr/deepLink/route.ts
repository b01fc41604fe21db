import { deepLinkCall } from "@/app/api/mobile/contracts";
import { makeMobileCode } from "@/lib/mobile/service";
import { RestError } from "@/lib/request/rest-errors";
import { routes, serve } from "@/lib/request/route";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  serve(deepLinkCall, async ({ actor }) => {
    const result = await makeMobileCode(actor);
    if (result.ok) return result.link;
    if (result.code === "password-expired") throw new RestError(result.code);
    throw new RestError("too-many-requests", { retryAfterSeconds: result.retryAfterSeconds });
  }),
);
