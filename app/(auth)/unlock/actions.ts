"use server";

import { leaveLinkForm } from "@/app/(auth)/leave-link-form";
import { unlockByLink } from "@/lib/accounts/service/unlock";
import { formAction, formText } from "@/lib/request/action";
import { type UnlockState, unlockFailure } from "./unlock-state";

export const unlock = formAction<UnlockState>(async (actor, form) => {
  const result = await unlockByLink(actor, formText(form, "token"));
  leaveLinkForm(result.ok ? "/unlock?notice=unlocked" : "/link-expired?kind=unlock");
}, unlockFailure);
