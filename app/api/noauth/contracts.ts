import { z } from "zod";
import { anyText, tokenPairSchema } from "@/app/api/entities";
import { contract } from "@/lib/request/contract";
import { panelFields } from "@/lib/settings/schema";

export const passwordPolicyJsonSchema = z.object(panelFields.password).meta({ title: "PasswordPolicy" });

export const passwordPolicyCall = contract({
  method: "GET",
  path: "/api/noauth/userPasswordPolicy",
  summary: "The policy for new passwords.",
  access: "anyone",
  answer: passwordPolicyJsonSchema,
});

export const openActivationCall = contract({
  method: "GET",
  path: "/api/noauth/activate",
  summary: "Redirect to the page where an invited person chooses a password.",
  access: "anyone",
  query: z.object({ activateToken: anyText }),
  answer: "redirect",
  errors: ["unknown-link"],
});

export const activateCall = contract({
  method: "POST",
  path: "/api/noauth/activate",
  summary: "Activate an account with a new password, and log in.",
  access: "anyone",
  body: z.object({ activateToken: anyText, password: anyText }),
  answer: tokenPairSchema,
});

export const requestResetCall = contract({
  method: "POST",
  path: "/api/noauth/resetPasswordByEmail",
  summary: "Mail a reset link, if there is such an account.",
  access: "anyone",
  body: z.object({ email: anyText }),
  answer: "nothing",
});

export const openResetCall = contract({
  method: "GET",
  path: "/api/noauth/resetPassword",
  summary: "Redirect to the page where a person chooses a new password.",
  access: "anyone",
  query: z.object({ resetToken: anyText }),
  answer: "redirect",
  errors: ["unknown-link"],
});

export const resetPasswordCall = contract({
  method: "POST",
  path: "/api/noauth/resetPassword",
  summary:
    "Choose a new password with the token of a reset link, or of a login with an expired password. All sessions of the account end.",
  access: "anyone",
  body: z.object({ resetToken: anyText, password: anyText }),
  answer: "nothing",
});

export const exchangeSecretCall = contract({
  method: "GET",
  path: "/api/noauth/qr/{secret}",
  summary: "Log an app in with the secret in a QR code’s link: once, within two minutes.",
  access: "anyone",
  params: z.object({ secret: anyText.meta({ pattern: "^[A-Za-z0-9_-]+$" }) }),
  invalid: "token-expired",
  answer: tokenPairSchema,
  errors: ["too-many-requests"],
  isUnsafe: true,
});
