import { setEnabledCall } from "@/app/api/user/contracts";
import { userError } from "@/app/api/user/user-error";
import { routes, serve } from "@/lib/request/route";
import { setUserEnabled } from "@/lib/users/service/named-user";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  serve(setEnabledCall, async ({ actor, params, query }) => {
    const wanted = { userId: params.id, isEnabled: query.userCredentialsEnabled };
    const result = await setUserEnabled(actor, wanted);
    if (!result.ok) throw userError(result);
  }),
);
