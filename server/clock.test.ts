import { expect, it } from "vitest";
import { secondsSetBack } from "./clock";

const before = { wall: 1_800_000_000_000, steady: 50_000 };
const after = (wall: number, steady: number) => ({
  wall: before.wall + wall,
  steady: before.steady + steady,
});

it.each([
  ["runs", after(10_000, 10_000), 0],
  ["is corrected a little", after(9_000, 10_000), 0],
  ["is looked at late", after(95_000, 95_000), 0],
  ["is set forwards, or was asleep", after(3_600_000, 10_000), 0],
  ["is set back within the interval", after(3_000, 10_000), 7],
  ["is set back by two hours", after(-7_190_000, 10_000), 7_200],
])("a clock that %s", (_name, now, seconds) => {
  expect(secondsSetBack(before, now)).toBe(seconds);
});
