import { expect, test } from "vitest";
import { newPasswordState } from "./new-password-state";

test.each([
  [1, "You used this password within the last day. Choose another one."],
  [90, "You used this password within the last 90 days. Choose another one."],
  [3_650, "You used this password within the last 3,650 days. Choose another one."],
])("a password used within %i days is refused in words", (days, objection) => {
  expect(newPasswordState({ ok: false, code: "used-before", days })).toMatchObject({ objection });
});
