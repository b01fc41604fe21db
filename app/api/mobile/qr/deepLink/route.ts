import { deepLinkCall } from "@/app/api/mobile/contracts";
import { makeMobileCode } from "@/lib/mobile/service";
import { RestError } from "@/lib/request/rest-errors";
import { routes, serve } from "@/lib/request/route";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  serve(deepLinkCall, async ({ actor }) => {
    const result = await makeMobileCode(actor);
    if (!result.ok) throw new RestError(result.code);
    return result.link;
  }),
);
