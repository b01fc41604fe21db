import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  beginBackground,
  endBackground,
  repeatEvery,
  repeatInBackground,
  stopBackground,
} from "./background";
import { log } from "./log";
import { onePerProcess } from "./one-per-process";
import { SealBroken } from "./secrets";

process.env.LOG_LEVEL = "silent";

/** The pause after a failure; these tests skip it. */
const AFTER_FAILURE_MS = 2_000;
const failurePauses = vi.hoisted(() => ({ count: 0 }));
vi.mock("node:timers/promises", async (load) => {
  const original = await load<typeof import("node:timers/promises")>();
  const sleep: typeof original.setTimeout = (ms, ...rest) => {
    if (ms !== AFTER_FAILURE_MS) return original.setTimeout(ms, ...rest);
    failurePauses.count += 1;
    return original.setTimeout(0, ...rest);
  };
  return { ...original, setTimeout: sleep };
});

beforeEach(beginBackground);
afterEach(async () => {
  await stopBackground();
  vi.restoreAllMocks();
  // After `endBackground` nothing begins again in the process; forget that between tests.
  onePerProcess("background").take();
});

/** Makes work that runs `step`, and a promise, `done`, that resolves at its n-th call. */
function counted(n: number, step: (call: number) => number) {
  let calls = 0;
  let reached: () => void = () => undefined;
  const done = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const work = vi.fn(async () => {
    calls += 1;
    if (calls === n) reached();
    return step(calls);
  });
  return { work, done };
}

describe("work in the background", () => {
  it("is done again and again, until it is stopped", async () => {
    const { work, done } = counted(5, () => 0);
    repeatInBackground("again", work);
    await done;
    await stopBackground();
    const times = work.mock.calls.length;
    const next = counted(1, () => 60_000);
    repeatInBackground("again", next.work);
    await next.done;
    expect(work).toHaveBeenCalledTimes(times);
  });

  it("runs once, however often it is begun", async () => {
    const first = counted(1, () => 60_000);
    const second = counted(1, () => 60_000);
    repeatInBackground("once", first.work);
    repeatInBackground("once", second.work);
    await first.done;
    expect(second.work).not.toHaveBeenCalled();
  });

  it("is done at an interval, and told the time", async () => {
    const times: Date[] = [];
    const { work, done } = counted(2, () => 0);
    repeatEvery("often", 1, async (now) => {
      times.push(now);
      await work();
    });
    await done;
    expect(times).toEqual([expect.any(Date), expect.any(Date)]);
  });

  it("does not make a stop wait for its pause", async () => {
    const { work, done } = counted(1, () => 3_600_000);
    repeatInBackground("pausing", work);
    await done;
    const begun = performance.now();
    await stopBackground();
    // Less than the three seconds after which a stop aborts work that has not ended by itself.
    expect(performance.now() - begun).toBeLessThan(2_500);
  });

  it("may finish what it is doing, and is aborted when that takes too long", async () => {
    let isAborted = false;
    const begun = new Promise<void>((resolve) => {
      repeatInBackground("long", async (stopped) => {
        resolve();
        await once(stopped, "abort");
        isAborted = stopped.aborted;
        return 0;
      });
    });
    await begun;
    await stopBackground();
    expect(isAborted).toBe(true);
  });

  it("that fails is logged and tried again after a pause; an unreachable database is logged once", async () => {
    const said = vi.spyOn(log(), "error");
    const broken = new Error("broken");
    const away = () => Object.assign(new Error("x"), { code: "ECONNREFUSED" });
    const outcomes = [broken, away(), away(), broken, away(), away(), null, away(), null];
    const { work, done } = counted(outcomes.length, (call) => {
      const failure = outcomes[call - 1];
      if (failure) throw failure;
      return call === outcomes.length ? 60_000 : 0;
    });
    failurePauses.count = 0;
    repeatInBackground("failing", work);
    await done;
    await stopBackground();
    const told = [0, 1, 3, 4, 7].map((index) => [
      { event: "background-work-failed", work: "failing", err: outcomes[index] },
    ]);
    expect(said.mock.calls).toEqual(told);
    expect(failurePauses.count).toBe(7);
  });

  it("that cannot open a sealed value logs it once, until it succeeds", async () => {
    const said = vi.spyOn(log(), "error");
    const [broken, away] = [new SealBroken(), Object.assign(new Error("x"), { code: "ECONNREFUSED" })];
    const outcomes = [broken, broken, broken, away, broken, null, broken, null];
    const { work, done } = counted(outcomes.length, (call) => {
      const failure = outcomes[call - 1];
      if (failure) throw failure;
      return call === outcomes.length ? 60_000 : 0;
    });
    repeatInBackground("sealed", work);
    await done;
    await stopBackground();
    expect(said.mock.calls).toMatchObject([broken, away, broken, broken].map((err) => [{ err }]));
  });

  it("does not begin once the process is about to end", async () => {
    const { work, done } = counted(1, () => 60_000);
    repeatInBackground("before", work);
    await done;
    await endBackground();
    const late = counted(1, () => 60_000);
    repeatInBackground("late", late.work);
    await setImmediate();
    expect(late.work).not.toHaveBeenCalled();
  });

  it("waits for the server to listen, and never begins if that fails", async () => {
    onePerProcess("background").take();
    const { work, done } = counted(1, () => 60_000);
    const other = counted(1, () => 60_000);
    repeatInBackground("waiting", work);
    repeatInBackground("waiting", other.work);
    await setImmediate();
    expect(work).not.toHaveBeenCalled();
    beginBackground();
    await done;
    expect(other.work).not.toHaveBeenCalled();

    await stopBackground();
    onePerProcess("background").take();
    repeatInBackground("in vain", other.work);
    await endBackground();
    beginBackground();
    await setImmediate();
    expect(other.work).not.toHaveBeenCalled();
  });
});
