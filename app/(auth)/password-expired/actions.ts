"use server";

import { cookies } from "next/headers";
import { leaveLinkForm } from "@/app/(auth)/leave-link-form";
import { newPasswordFailure, newPasswordState } from "@/app/(auth)/new-password-state";
import { passwordSetPath } from "@/app/(auth)/password-set";
import type { NewPasswordState } from "@/components/password/new-password-form";
import { grantOwner } from "@/lib/accounts/service/link-owner";
import { choosePassword } from "@/lib/accounts/service/new-password";
import { expiredGrantCookieName, expiredGrantCookieOptions } from "@/lib/auth/expired-grant-cookie";
import { formAction, formText } from "@/lib/request/action";

const ENDED = "/link-expired?kind=password-expired";

export const replaceExpiredPassword = formAction<NewPasswordState>(async (actor, form) => {
  const jar = await cookies();
  const secret = jar.get(expiredGrantCookieName())?.value ?? "";
  const owner = await grantOwner(secret);
  // Tabs share the cookie: somebody else may have logged in since, and it is their password that this would replace.
  if (owner && owner.userId !== formText(form, "person")) leaveLinkForm(ENDED);
  const result = await choosePassword(actor, {
    purpose: "PASSWORD_EXPIRED",
    secret,
    password: formText(form, "password"),
  });
  if (!result.ok && result.code !== "link-unusable") return newPasswordState(result);
  jar.set(expiredGrantCookieName(), "", { ...expiredGrantCookieOptions(), maxAge: 0 });
  leaveLinkForm(result.ok ? passwordSetPath(actor, result) : ENDED);
}, newPasswordFailure);
