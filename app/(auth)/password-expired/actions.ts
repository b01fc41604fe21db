"use server";

import { cookies } from "next/headers";
import { leaveLinkForm } from "@/app/(auth)/leave-link-form";
import { newPasswordFailure, newPasswordState } from "@/app/(auth)/new-password-state";
import { passwordSetPath } from "@/app/(auth)/password-set";
import type { NewPasswordState } from "@/components/password/new-password-form";
import { choosePassword } from "@/lib/accounts/service/new-password";
import { expiredGrantCookieName, expiredGrantCookieOptions } from "@/lib/auth/expired-grant-cookie";
import { formAction, formText } from "@/lib/request/action";

export const replaceExpiredPassword = formAction<NewPasswordState>(async (actor, form) => {
  const jar = await cookies();
  const result = await choosePassword(actor, {
    purpose: "PASSWORD_EXPIRED",
    secret: jar.get(expiredGrantCookieName())?.value ?? "",
    password: formText(form, "password"),
  });
  if (!result.ok && result.code !== "link-unusable") return newPasswordState(result);
  jar.set(expiredGrantCookieName(), "", { ...expiredGrantCookieOptions(), maxAge: 0 });
  leaveLinkForm(result.ok ? passwordSetPath(actor, result) : "/link-expired?kind=password-expired");
}, newPasswordFailure);
