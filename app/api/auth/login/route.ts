import { loginCall } from "@/app/api/auth/contracts";
import { loginError } from "@/app/api/auth/login-error";
import { logInForTokens } from "@/lib/auth/service/token-login";
import { routes, serve } from "@/lib/request/route";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  serve(loginCall, async ({ actor, body }) => {
    const result = await logInForTokens(actor, body);
    if (!result.ok) throw loginError(result);
    return result;
  }),
);
