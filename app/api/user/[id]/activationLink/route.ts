import { activationLinkCall } from "@/app/api/user/contracts";
import { newActivationLink } from "@/app/api/user/new-activation-link";
import { routes, serve } from "@/lib/request/route";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  serve(activationLinkCall, async ({ actor, params }) => (await newActivationLink(actor, params.id)).value),
);
