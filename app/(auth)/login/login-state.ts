import { formFailureText, isBusy, throttledText } from "@/app/form-failure";
import type { LoginResult } from "@/lib/auth/service/log-in";
import { type ActionFailure, formText } from "@/lib/request/action";

/** The login form's state after a submit. */
export type LoginState = {
  message: string | null;
  email: string;
  kind: "idle" | "refused" | "throttled" | "overloaded" | "unanswered" | "reset-mailed" | "reset-unmailed";
};

type Refused = Exclude<LoginResult, { ok: true } | { code: "password-expired" | "reset-required" }>;

/** Returns the state for a refused login. */
export function refusalState(result: Refused, email: string): LoginState {
  switch (result.code) {
    case "refused":
      return {
        kind: "refused",
        email,
        message:
          "The e-mail address or password is wrong, or this account cannot log in right now. If you are sure of both, look in your mail, or choose a new password.",
      };
    case "throttled":
      return { kind: "throttled", email, message: throttledText(result.retryAfterSeconds) };
  }
}

/**
 * Returns the state for a right password that must be reset.
 * @param isMailed mails are sent; without a mail server the one with the link waits
 */
export function resetRequiredState(email: string, isMailed: boolean): LoginState {
  const unfit = "Your password no longer meets the rules.";
  if (isMailed)
    return {
      kind: "reset-mailed",
      email,
      message: `${unfit} We have e-mailed you a link to choose a new one.`,
    };
  return {
    kind: "reset-unmailed",
    email,
    message: `${unfit} You need a link to choose a new one, and Gatehouse cannot send mail yet: ask your administrator for it.`,
  };
}

/** Returns the state for an incomplete form, which does not count as an attempt. */
export function incompleteState(email: string): LoginState {
  return { kind: "refused", email, message: "Enter your e-mail address and password." };
}

/** Returns the state for a request that failed. */
export function failureState(failure: ActionFailure, form: FormData): LoginState {
  const email = formText(form, "email");
  if (failure.code === "cross-origin") {
    const message = "This form was not sent from Gatehouse itself. Reload the page.";
    return { kind: "refused", email, message };
  }
  const message = formFailureText(failure, "The login could not be completed.");
  return { kind: isBusy(failure) ? "overloaded" : "refused", email, message };
}
