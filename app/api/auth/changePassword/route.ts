import { changePasswordCall } from "@/app/api/auth/contracts";
import { newPasswordError } from "@/app/api/new-password-error";
import { proofError } from "@/app/api/proof-error";
import { changePasswordForTokens } from "@/lib/auth/service/token-login";
import { routes, serve } from "@/lib/request/route";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  serve(changePasswordCall, async ({ actor, body }) => {
    const result = await changePasswordForTokens(actor, body);
    if (result.ok) return result;
    if (result.code === "wrong-password" || result.code === "throttled") throw proofError(result);
    throw newPasswordError(result);
  }),
);
