"use server";

import { RedirectType, redirect } from "next/navigation";
import { unlockByLink } from "@/lib/accounts/service/unlock";
import { formAction, formText } from "@/lib/request/action";
import { type UnlockState, unlockFailure } from "./unlock-state";

export const unlock = formAction<UnlockState>(async (actor, form) => {
  const result = await unlockByLink(actor, formText(form, "token"));
  // The way back must not lead to the form again, which the browser has kept.
  redirect(result.ok ? "/unlock?notice=unlocked" : "/link-expired?kind=unlock", RedirectType.replace);
}, unlockFailure);
