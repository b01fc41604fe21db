import { listUsersCall } from "@/app/api/user/contracts";
import { userJson } from "@/app/api/user-json";
import { routes, serve } from "@/lib/request/route";
import { pageUsers } from "@/lib/users/service/page-users";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  serve(listUsersCall, async ({ actor, query }) => {
    const { textSearch, ...rest } = query;
    const { users, total } = await pageUsers(actor, { ...rest, search: textSearch || undefined });
    const totalPages = Math.ceil(total / query.pageSize);
    const hasNext = query.page + 1 < totalPages;
    return { data: users.map(userJson), totalPages, totalElements: total, hasNext };
  }),
);
