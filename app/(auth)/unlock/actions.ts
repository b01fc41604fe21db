"use server";

import { redirect } from "next/navigation";
import { unlockByLink } from "@/lib/accounts/service/unlock";
import { formAction, formText } from "@/lib/request/action";
import { type UnlockState, unlockFailure } from "./unlock-state";

export const unlock = formAction<UnlockState>(async (actor, form) => {
  const result = await unlockByLink(actor, formText(form, "token"));
  redirect(result.ok ? "/unlock?notice=unlocked" : "/link-expired?kind=unlock");
}, unlockFailure);
