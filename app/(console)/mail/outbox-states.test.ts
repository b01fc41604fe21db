import { expect, test } from "vitest";
import { WITHDRAWN_ANSWER } from "@/lib/mail/schema";
import { shownState } from "./outbox-states";

test.each([
  ["FAILED", WITHDRAWN_ANSWER, "WITHDRAWN"],
  ["FAILED", "550 no such mailbox here", "FAILED"],
  ["FAILED", null, "FAILED"],
  ["QUEUED", null, "QUEUED"],
  ["SENT", "250 taken", "SENT"],
] as const)("a mail that is %s with the answer “%s” is shown as %s", (state, lastAnswer, shown) => {
  expect(shownState({ state, lastAnswer })).toBe(shown);
});
