import { expect, it } from "vitest";
import { isSuccess, outcomeWords, refusalWords } from "./outcome-words";
import type { Outcome } from "./trial";

const answer = (status: number, text: string, isJson = true): Outcome => ({
  kind: "answer",
  status,
  statusText: "",
  ms: 7,
  headers: [],
  text,
  isJson,
  pair: null,
});

it.each<[Outcome, boolean, string]>([
  [answer(200, "{}"), true, "The response contains no token: 200, after 7 ms"],
  [answer(200, "<h1>Back soon</h1>", false), true, "The response contains no token: 200, after 7 ms"],
  [answer(401, '{"message":"Authentication failed."}'), false, "Authentication failed. (401)"],
  [answer(401, '{"message":7}'), false, "401, after 7 ms"],
  [answer(503, "null"), false, "503, after 7 ms"],
  [answer(502, "<h1>Bad gateway</h1>", false), false, "502, after 7 ms"],
  [
    { kind: "unreachable" },
    false,
    "No response: the server could not be reached, or the connection broke before it arrived.",
  ],
  [{ kind: "silent", seconds: 30 }, false, "No response within 30 seconds."],
])("a login that ends in %o gave no token for this reason", (outcome, succeeded, words) => {
  expect(isSuccess(outcome)).toBe(succeeded);
  expect(refusalWords(outcome)).toBe(words);
});

it("a redirect is a success, whose target the browser hides", () => {
  const outcome: Outcome = { kind: "redirect", ms: 7 };
  expect(isSuccess(outcome)).toBe(true);
  expect(outcomeWords(outcome)).toMatch(/^A redirect \(303\), after 7 ms\. /);
});
