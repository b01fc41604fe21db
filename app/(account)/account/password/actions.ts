"use server";

import { redirect } from "next/navigation";
import { keepSession } from "@/lib/auth/keep-session";
import { changePassword } from "@/lib/auth/service/change-password";
import { formAction, formText } from "@/lib/request/action";
import { SOMEBODY_ELSE } from "../account-state";
import { isAnothersForm } from "../whose-form";
import { type ChangePasswordState, changePasswordFailure, changePasswordState } from "./password-state";

export const changeOwnPassword = formAction<ChangePasswordState>(async (actor, form) => {
  if (isAnothersForm(actor, form)) {
    const message = `${SOMEBODY_ELSE} No password was changed. Reload the page.`;
    return { message, field: null, violations: [] };
  }
  const result = await changePassword(actor, {
    currentPassword: formText(form, "currentPassword"),
    newPassword: formText(form, "password"),
  });
  if (!result.ok) return changePasswordState(result);
  await keepSession(result);
  redirect("/account?notice=password-changed");
}, changePasswordFailure);
