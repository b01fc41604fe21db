import { newPasswordError } from "@/app/api/new-password-error";
import { openResetCall, resetPasswordCall } from "@/app/api/noauth/contracts";
import { linkAddress } from "@/app/api/noauth/link-address";
import { resetPassword } from "@/lib/accounts/service/reset-password";
import { routes, serve } from "@/lib/request/route";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  serve(openResetCall, ({ query }) => linkAddress("PASSWORD_RESET", query.resetToken)),
  serve(resetPasswordCall, async ({ actor, body: { resetToken, password } }) => {
    const result = await resetPassword(actor, { secret: resetToken, password });
    if (!result.ok) throw newPasswordError(result);
  }),
);
