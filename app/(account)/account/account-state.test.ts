import { expect, test } from "vitest";
import { othersEnded } from "./account-state";

test.each([
  [0, "There were no other sessions."],
  [1, "The other session has ended."],
  [2, "2 other sessions have ended."],
  [1_200, "1,200 other sessions have ended."],
])("%i other sessions that were ended are told", (count, text) => {
  expect(othersEnded(count)).toBe(text);
});
