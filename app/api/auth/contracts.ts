import { z } from "zod";
import { anyText, ownUserJsonSchema, tokenPairSchema } from "@/app/api/entities";
import { contract } from "@/lib/request/contract";

/** Required text; ThingsBoard answers a missing one like a wrong login. */
const credential = anyText.min(1);

export const loginCall = contract({
  method: "POST",
  path: "/api/auth/login",
  summary: "Log in with e-mail address and password.",
  access: "anyone",
  body: z.object({ username: credential, password: credential }),
  invalid: "unauthenticated",
  answer: tokenPairSchema,
  errors: ["unauthenticated", "password-expired", "password-unfit", "too-many-requests"],
});

export const refreshCall = contract({
  method: "POST",
  path: "/api/auth/token",
  summary: "Exchange a refresh token for a new pair. Each refresh token works once.",
  access: "anyone",
  body: z.object({ refreshToken: credential }),
  invalid: "unauthenticated",
  answer: tokenPairSchema,
  errors: ["unauthenticated", "token-expired"],
});

export const logoutCall = contract({
  method: "POST",
  path: "/api/auth/logout",
  summary: "End the session, with all its tokens.",
  warning: "The token used for this call stops working.",
  access: "person",
  answer: "nothing",
});

export const ownUserCall = contract({
  method: "GET",
  path: "/api/auth/user",
  summary: "The user that the token belongs to.",
  access: "person",
  answer: ownUserJsonSchema,
});

export const changePasswordCall = contract({
  method: "POST",
  path: "/api/auth/changePassword",
  summary:
    "Change your own password. All your other sessions end, and only the tokens in the response work from then on.",
  warning:
    "The password changes, the token used for this call stops working, and all other sessions of this account end, browsers included.",
  access: "person",
  body: z.object({ currentPassword: anyText, newPassword: anyText }),
  answer: tokenPairSchema,
  errors: ["too-many-requests"],
});
