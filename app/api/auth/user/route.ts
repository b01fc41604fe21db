import { ownUserCall } from "@/app/api/auth/contracts";
import { userJson } from "@/app/api/user-json";
import { routes, serve } from "@/lib/request/route";
import { describeOwnUser } from "@/lib/users/service/read-user";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  serve(ownUserCall, ({ account }) => ({ ...userJson(describeOwnUser(account)), additionalInfo: {} })),
);
