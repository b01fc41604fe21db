import { logoutCall } from "@/app/api/auth/contracts";
import { routes, serve } from "@/lib/request/route";
import { logOut } from "@/lib/sessions/service/log-out";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  serve(logoutCall, ({ actor }) => logOut(actor)),
);
