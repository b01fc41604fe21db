import { createUserCall } from "@/app/api/user/contracts";
import { userJson } from "@/app/api/user-json";
import { RestError } from "@/lib/request/rest-errors";
import { routes, serve } from "@/lib/request/route";
import { createUserForProgram } from "@/lib/users/service/create-user";
import { readUser } from "@/lib/users/service/read-user";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  serve(createUserCall, async ({ actor, body, query }) => {
    const result = await createUserForProgram(actor, { ...body, sendMail: query.sendActivationMail });
    if (!result.ok) throw new RestError("bad-request", { fieldErrors: result.fieldErrors });
    const user = await readUser(actor, result.userId);
    if (!user) throw new RestError("not-found");
    return userJson(user);
  }),
);
