import { deleteUserCall, readUserCall } from "@/app/api/user/contracts";
import { userError } from "@/app/api/user/user-error";
import { userJson } from "@/app/api/user-json";
import { routes, serve } from "@/lib/request/route";
import { deleteUserById } from "@/lib/users/service/named-user";
import { readUser } from "@/lib/users/service/read-user";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  serve(readUserCall, async ({ actor, params }) => {
    const user = await readUser(actor, params.id);
    if (!user) throw userError({ ok: false, code: "not-found" });
    return userJson(user);
  }),
  serve(deleteUserCall, async ({ actor, params }) => {
    const result = await deleteUserById(actor, { userId: params.id });
    if (!result.ok) throw userError(result);
  }),
);
