"use server";

import { RedirectType, redirect } from "next/navigation";
import { newPasswordFailure, newPasswordState } from "@/app/(auth)/new-password-state";
import { passwordSetPath } from "@/app/(auth)/password-set";
import type { NewPasswordState } from "@/components/password/new-password-form";
import { choosePassword } from "@/lib/accounts/service/new-password";
import { formAction, formText } from "@/lib/request/action";

export const resetPassword = formAction<NewPasswordState>(async (actor, form) => {
  const result = await choosePassword(actor, {
    purpose: "PASSWORD_RESET",
    secret: formText(form, "token"),
    password: formText(form, "password"),
  });
  // The way back must not lead to the form again, which the browser has kept.
  if (result.ok) redirect(passwordSetPath(actor, result), RedirectType.replace);
  if (result.code === "link-unusable") redirect("/link-expired?kind=reset", RedirectType.replace);
  return newPasswordState(result);
}, newPasswordFailure);
