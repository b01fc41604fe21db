import { describe, expect, it } from "vitest";
import { type KeyState, keyState } from "./rules";

const NOW = new Date("2026-03-01T12:00:00Z");
const at = (ms: number) => new Date(NOW.getTime() + ms);

describe("keyState", () => {
  it.each<[string, Date | null, string | null, KeyState]>([
    ["signs while it has no end", null, null, { state: "current" }],
    ["verifies to its last moment", at(1), null, { state: "verifying", until: at(1) }],
    ["is retired from its end on", at(0), null, { state: "retired", at: at(0), by: "time" }],
    ["was retired early", at(-1), "administrator", { state: "retired", at: at(-1), by: "administrator" }],
    ["was retired with everyone", at(-1), "sign-out", { state: "retired", at: at(-1), by: "sign-out" }],
    ["says nothing that it does not know", at(-1), "moon", { state: "retired", at: at(-1), by: "time" }],
    [
      "is retired when somebody has refused it, by a clock ahead of ours",
      at(1),
      "administrator",
      { state: "retired", at: at(1), by: "administrator" },
    ],
  ])("a key %s", (_name, verifyUntil, retiredBy, state) => {
    expect(keyState({ verifyUntil, retiredBy }, NOW)).toEqual(state);
  });

  it("follows the clock, with nothing written", () => {
    const key = { verifyUntil: at(60_000), retiredBy: null };
    expect([0, 59_999, 60_000].map((ms) => keyState(key, at(ms)).state)).toEqual([
      "verifying",
      "verifying",
      "retired",
    ]);
  });
});
