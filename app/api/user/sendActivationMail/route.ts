import { sendActivationMailCall } from "@/app/api/user/contracts";
import { userError } from "@/app/api/user/user-error";
import { routes, serve } from "@/lib/request/route";
import { issueActivation } from "@/lib/users/service/named-user";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  serve(sendActivationMailCall, async ({ actor, query }) => {
    const result = await issueActivation(actor, { email: query.email }, "mail");
    if (!result.ok) throw userError(result);
  }),
);
