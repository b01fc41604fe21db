import { accountFailureText } from "@/app/(account)/account/account-failure";
import type { QrCode } from "@/lib/mobile/qr-code";
import type { ActionFailure } from "@/lib/request/action";

/** A code as it is shown: once, to whoever made it. Instants are ISO 8601. */
export type ShownCode = {
  secret: string;
  link: string;
  qr: QrCode;
  createdAt: string;
  expiresAt: string;
  /** How long it still works, so that the browser's own clock need not be right. */
  remainingMs: number;
};

/** What the page shows after "Show code". */
export type MobileState = {
  code: ShownCode | null;
  failure: "password-expired" | null;
  message: string | null;
};

/** What kept the button from its verb, in words. */
export function mobileFailure(failure: ActionFailure): MobileState {
  return { code: null, failure: null, message: accountFailureText(failure) };
}
