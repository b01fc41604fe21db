"use server";

import { throttledText } from "@/app/form-failure";
import { qrCode } from "@/lib/mobile/qr-code";
import { makeMobileCode } from "@/lib/mobile/service";
import { formAction } from "@/lib/request/action";
import { SOMEBODY_ELSE } from "../account-state";
import { isAnothersForm } from "../whose-form";
import { type MobileState, mobileFailure } from "./mobile-state";

export const makeCode = formAction<MobileState>(async (actor, form) => {
  if (isAnothersForm(actor, form))
    return { code: null, failure: null, message: `${SOMEBODY_ELSE} No code was made. Reload the page.` };
  const now = new Date();
  const made = await makeMobileCode(actor, now);
  if (!made.ok)
    return made.code === "throttled"
      ? { code: null, failure: null, message: throttledText(made.retryAfterSeconds) }
      : { code: null, failure: made.code, message: null };
  const { secret, link, createdAt, expiresAt } = made;
  const code = {
    secret,
    link,
    qr: qrCode(link),
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    remainingMs: expiresAt.getTime() - now.getTime(),
  };
  return { code, failure: null, message: null };
}, mobileFailure);
