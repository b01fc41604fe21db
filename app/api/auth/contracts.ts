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
  summary: "Exchange a refresh token for a new pair. It can be used once.",
  access: "anyone",
  body: z.object({ refreshToken: credential }),
  invalid: "unauthenticated",
  answer: tokenPairSchema,
  errors: ["unauthenticated", "token-expired"],
});

export const logoutCall = contract({
  method: "POST",
  path: "/api/auth/logout",
  summary: "End the session of the token, with all its tokens.",
  warning: "The token that it is called with no longer works afterwards.",
  access: "person",
  answer: "nothing",
});

export const ownUserCall = contract({
  method: "GET",
  path: "/api/auth/user",
  summary: "The user whose token it is.",
  access: "person",
  answer: ownUserJsonSchema,
});

export const changePasswordCall = contract({
  method: "POST",
  path: "/api/auth/changePassword",
  summary: "Replace one's own password. Every other session of the user ends.",
  warning:
    "The password is replaced, and whoever else is logged in with this account no longer is; browsers too.",
  access: "person",
  body: z.object({ currentPassword: anyText, newPassword: anyText }),
  answer: tokenPairSchema,
  errors: ["too-many-requests"],
});
