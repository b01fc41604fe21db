import { ownUserCall } from "@/app/api/auth/contracts";
import { ownUserJson } from "@/app/api/user-json";
import { routes, serve } from "@/lib/request/route";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  serve(ownUserCall, ({ account }) => ownUserJson(account)),
);
