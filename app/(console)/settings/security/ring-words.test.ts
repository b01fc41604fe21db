import { describe, expect, it } from "vitest";
import type { KeyState } from "@/lib/tokens/rules";
import { retirementText, stateWords } from "./ring-words";

const NOW = new Date("2026-03-01T12:00:00Z");
const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
const verifying: KeyState = { state: "verifying", until: at(6 * 86_400 + 5) };

describe("stateWords", () => {
  it.each<[KeyState, number, string, string]>([
    [{ state: "current" }, 0, "Signs now", "Signs every new token."],
    [verifying, 41, "Verifies", "Retires in 6 days; 41 sessions still use it."],
    [verifying, 1_200, "Verifies", "Retires in 6 days; 1,200 sessions still use it."],
    [verifying, 100_001, "Verifies", "Retires in 6 days; 100,000+ sessions still use it."],
    [verifying, 1, "Verifies", "Retires in 6 days; 1 session still uses it."],
    [verifying, 0, "Verifies", "Retires in 6 days; no session still uses it."],
    [{ state: "retired", at: NOW, by: "time" }, 0, "Retired", "Its last token had expired."],
    [{ state: "retired", at: NOW, by: "administrator" }, 0, "Retired", "Early, by an administrator."],
    [{ state: "retired", at: NOW, by: "sign-out" }, 0, "Retired", "When everyone was signed out."],
  ])("%j with %d sessions", (state, sessions, label, text) => {
    expect(stateWords(state, sessions, NOW)).toEqual({ label, text });
  });
});

describe("retirementText", () => {
  it.each([
    [0, 0, false, "No session uses it any more: nobody is logged out."],
    [1, 1, true, "Your own session, the only one that uses it, ends now."],
    [3, 1, true, "Your 3 sessions that use it end now, this one included."],
    [1, 1, false, "1 session of 1 person ends now."],
    [41, 7, true, "41 sessions of 7 people end now, including yours."],
    [41, 7, false, "41 sessions of 7 people end now."],
  ])("%d sessions of %d people, own: %s", (sessions, people, includesOwn, text) => {
    expect(retirementText({ sessions, people, includesOwn })).toBe(text);
  });
});
