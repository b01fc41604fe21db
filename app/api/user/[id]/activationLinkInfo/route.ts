import { activationLinkInfoCall } from "@/app/api/user/contracts";
import { newActivationLink } from "@/app/api/user/new-activation-link";
import { routes, serve } from "@/lib/request/route";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  serve(activationLinkInfoCall, ({ actor, params }) => newActivationLink(actor, params.id)),
);
