import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { durationText } from "./rules";

describe("durationText", () => {
  it.each([
    [0, "0 s"],
    [59, "59 s"],
    [60, "1 min"],
    [9_000, "2 h 30 min"],
    [86_399, "23 h 59 min 59 s"],
    [604_800, "7 d"],
    [2_147_483_647, "24,855 d 3 h 14 min 7 s"],
  ])("%i s is %s", (seconds, text) => {
    expect(durationText(seconds)).toBe(text);
  });

  it("loses no second", () => {
    const size = { d: 86_400, h: 3_600, min: 60, s: 1 } as const;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_147_483_647 }), (seconds) => {
        const words = durationText(seconds).split(" ");
        let sum = 0;
        for (let i = 0; i < words.length; i += 2)
          sum += Number(words[i]?.replace(",", "")) * size[words[i + 1] as keyof typeof size];
        expect(sum).toBe(seconds);
      }),
    );
  });
});
