import { expect, it, vi } from "vitest";
import { log } from "@/lib/core/log";
import { secondsSetBack, watchClock } from "./clock";

process.env.LOG_LEVEL = "silent";

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

it("that is set back is told to the log, once for each time", async () => {
  vi.useFakeTimers();
  try {
    const said = vi.spyOn(log(), "warn");
    watchClock();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(said).not.toHaveBeenCalled();
    vi.setSystemTime(Date.now() - 3_600_000);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(said.mock.calls).toEqual([[{ event: "clock-set-back", seconds: 3_600 }]]);
  } finally {
    vi.useRealTimers();
  }
});
