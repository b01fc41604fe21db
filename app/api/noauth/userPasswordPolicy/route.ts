import { passwordPolicyCall } from "@/app/api/noauth/contracts";
import { passwordPolicy } from "@/lib/accounts/service/new-password";
import { routes, serve } from "@/lib/request/route";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  serve(passwordPolicyCall, () => passwordPolicy()),
);
