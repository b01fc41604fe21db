import { accountFailureText } from "@/app/(account)/account/account-failure";
import type { QrCode } from "@/lib/mobile/qr-code";
import type { ActionFailure } from "@/lib/request/action";

/** A code as it is shown, once, to the person who made it. Instants are ISO 8601. */
export type ShownCode = {
  secret: string;
  link: string;
  qr: QrCode;
  createdAt: string;
  expiresAt: string;
  /** The remaining time, so that the browser's clock need not be right. */
  remainingMs: number;
};

/** The page's state after "Show code". */
export type MobileState = {
  code: ShownCode | null;
  failure: "password-expired" | null;
  message: string | null;
};

/** Returns the state for a request that failed. */
export function mobileFailure(failure: ActionFailure): MobileState {
  return { code: null, failure: null, message: accountFailureText(failure) };
}
