"use server";

import { requestPasswordReset } from "@/lib/accounts/reset-requests/service";
import { sendsMails } from "@/lib/mail/service/mail-settings";
import { formAction, formText } from "@/lib/request/action";
import { type ForgotPasswordState, forgotPasswordFailure } from "./forgot-password-state";

export const forgotPassword = formAction<ForgotPasswordState>(async (actor, form) => {
  const email = formText(form, "email");
  await requestPasswordReset(actor, email);
  return { kind: "noted", email: email.trim(), isMailed: await sendsMails() };
}, forgotPasswordFailure);
