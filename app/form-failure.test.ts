import { describe, expect, it } from "vitest";
import { accountFailureText } from "./(account)/account/account-failure";
import { changePasswordFailure } from "./(account)/account/password/password-state";
import { newPasswordFailure } from "./(auth)/new-password-state";
import { unlockFailure } from "./(auth)/unlock/unlock-state";
import { formFailureText } from "./form-failure";

const forms = { changePasswordFailure, newPasswordFailure, unlockFailure };

describe.each(Object.entries(forms))("%s", (_name, wordsOf) => {
  it.each(["unavailable", "unexpected"] as const)(
    "does not say of a change whose answer was lost that it was not made: %s",
    (code) => {
      const { message } = wordsOf({ ok: false, code, requestId: "7" });
      expect(message).toMatch(
        /^The database cannot be reached\. |^Something failed on the server \(request 7\)\. /,
      );
      expect(message).toMatch(/ may already be (?:changed|saved|unlocked)\. /);
    },
  );

  it("says to try again after one that was refused before it began", () => {
    const { message } = wordsOf({ ok: false, code: "overloaded", requestId: "7" });
    expect(message).toBe("Gatehouse is busy. Wait a few seconds and try again.");
  });
});

it("says on the account's pages that the session has ended, for which trying again is no remedy", () => {
  const ended = { ok: false, code: "unauthenticated", requestId: "7" } as const;
  const text = "Your session has ended. Reload the page to log in again.";
  expect(accountFailureText(ended)).toBe(text);
  expect(changePasswordFailure(ended).message).toBe(
    `${text} If your password is refused there, use the new one: it may already be changed.`,
  );
});

it.each([
  [{ code: "overloaded", requestId: "7" }, "Gatehouse is busy. Wait a few seconds and try again."],
  [{ code: "unavailable", requestId: "7" }, "Gatehouse is busy. Wait a few seconds and try again."],
  [{ code: "unexpected", requestId: "7" }, "Nothing was sent. Try again (request 7)."],
  [{ code: "cross-origin", requestId: "" }, "Nothing was sent. Try again."],
  [{ code: "invalid", fieldErrors: {} }, "Nothing was sent. Try again."],
] as const)("of what can be repeated, says at the failure %o", (failure, words) => {
  expect(formFailureText({ ok: false, ...failure }, "Nothing was sent.")).toBe(words);
});
