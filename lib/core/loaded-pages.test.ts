import { afterEach, describe, expect, it } from "vitest";
import { noteInstrumented, untilPagesAreLoaded } from "./loaded-pages";
import { onePerProcess } from "./one-per-process";

const NEVER = new AbortController().signal;

afterEach(() => void onePerProcess("instrumented").take());

describe("the wait for the console's pages", () => {
  it("lasts until instrumentation.ts has done its work, and Next has loaded them", async () => {
    const order: string[] = [];
    const waiting = untilPagesAreLoaded(NEVER).then((isLoaded) => order.push(`loaded: ${isLoaded}`));
    noteInstrumented();
    for (let n = 0; n < 1_000; n += 1) await Promise.resolve();
    order.push("Next's pages");
    await waiting;
    expect(order).toEqual(["Next's pages", "loaded: true"]);
  });

  it("is over at once if they are loaded already", async () => {
    noteInstrumented();
    expect(await untilPagesAreLoaded(NEVER)).toBe(true);
  });

  it("ends without them when the process is asked to stop", async () => {
    const asking = new AbortController();
    const waiting = untilPagesAreLoaded(asking.signal);
    asking.abort();
    expect(await waiting).toBe(false);
  });

  it("ends without them when Next cannot load instrumentation.ts", async () => {
    expect(await untilPagesAreLoaded(NEVER, 1)).toBe(false);
  });
});
