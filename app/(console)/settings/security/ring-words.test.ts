import { describe, expect, it } from "vitest";
import type { KeyState } from "@/lib/tokens/rules";
import { retirementText, stateWords } from "./ring-words";

const NOW = new Date("2026-03-01T12:00:00Z");
const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
const verifying: KeyState = { state: "verifying", until: at(6 * 86_400 + 5) };

describe("stateWords", () => {
  it.each<[KeyState, number, string, string]>([
    [{ state: "current" }, 0, "Signs now", "Every new token is its own."],
    [verifying, 41, "Verifies", "Retires in 6 days, 41 sessions are still on it."],
    [verifying, 1_200, "Verifies", "Retires in 6 days, 1,200 sessions are still on it."],
    [verifying, 1, "Verifies", "Retires in 6 days, 1 session is still on it."],
    [verifying, 0, "Verifies", "Retires in 6 days, no session is still on it."],
    [{ state: "retired", at: NOW, by: "time" }, 0, "Retired", "Its last token had run out."],
    [{ state: "retired", at: NOW, by: "administrator" }, 0, "Retired", "Early, by an administrator."],
    [{ state: "retired", at: NOW, by: "sign-out" }, 0, "Retired", "When everyone was signed out."],
  ])("%j with %d sessions", (state, sessions, label, text) => {
    expect(stateWords(state, sessions, NOW)).toEqual({ label, text });
  });
});

describe("retirementText", () => {
  it.each([
    [0, 0, false, "No session is on it any more: nobody is signed out."],
    [1, 1, true, "Your own session, the only one on it, ends now."],
    [3, 1, true, "Your 3 sessions on it end now, this one included."],
    [1, 1, false, "1 session of 1 person ends now."],
    [41, 7, true, "41 sessions of 7 people end now, including yours."],
    [41, 7, false, "41 sessions of 7 people end now."],
  ])("%d sessions of %d people, own: %s", (sessions, people, includesOwn, text) => {
    expect(retirementText({ sessions, people, includesOwn })).toBe(text);
  });
});
