"use server";

import { redirect } from "next/navigation";
import { keepSession } from "@/lib/auth/keep-session";
import { changePassword } from "@/lib/auth/service/change-password";
import { formAction, formText } from "@/lib/request/action";
import { type ChangePasswordState, changePasswordFailure, changePasswordState } from "./password-state";

export const changeOwnPassword = formAction<ChangePasswordState>(async (actor, form) => {
  const result = await changePassword(actor, {
    currentPassword: formText(form, "currentPassword"),
    newPassword: formText(form, "password"),
  });
  if (!result.ok) return changePasswordState(result);
  await keepSession(result);
  redirect("/account?notice=password-changed");
}, changePasswordFailure);
