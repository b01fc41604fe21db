import { expect, test } from "vitest";
import { newPasswordError } from "./new-password-error";

test.each([
  [1, "The password was used within the last 1 day."],
  [30, "The password was used within the last 30 days."],
])("a password used within %i days is refused with its number and noun", (days, message) => {
  expect(newPasswordError({ ok: false, code: "used-before", days }).details.message).toBe(message);
});

test("a link that does not work may also have been replaced", () => {
  const { details } = newPasswordError({ ok: false, code: "link-unusable" });
  expect(details.message).toBe(
    "The link is unknown, has expired, was already used or was replaced by a newer one.",
  );
});
