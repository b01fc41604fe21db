import { setImmediate } from "node:timers/promises";
import { expect, it, vi } from "vitest";
import { hold } from "@/tests/support/hold";
import { createGates } from "./gates";
import { onePerProcess } from "./one-per-process";

it("turns nobody away who need not wait, however many wait at other gates", async () => {
  const pass = createGates("crowd", { atOnce: 1, waitingAtOne: 2, waitingAtAll: 4, maxWaitMs: 60_000 });
  const { release, held: until } = hold();
  const crowd = ["a", "a", "a", "b", "b", "b"].map((key) => pass(key, () => until));
  await setImmediate();
  const overloaded = { code: "overloaded", retryAfterSeconds: 5 };
  await expect(pass("a", () => until)).rejects.toMatchObject(overloaded);
  const another = pass("c", () => until);
  await expect(pass("c", () => until)).rejects.toMatchObject(overloaded);
  expect(await pass("d", async (hasWaited) => hasWaited)).toBe(false);
  release();
  await Promise.all([...crowd, another]);
  const next = hold();
  const again = ["a", "a", "a", "b", "b", "b"].map((key) => pass(key, () => next.held));
  next.release();
  expect(await Promise.all(again)).toHaveLength(6);
});

it("lets no more wait at one gate than may, tells the work whether it has waited, and keeps no gate", async () => {
  const name = "one gate";
  const pass = createGates(name, { atOnce: 1, waitingAtOne: 2, waitingAtAll: 4, maxWaitMs: 60_000 });
  const [first, second] = [hold(), hold()];
  const enter = (until: Promise<void>) => pass("a", (hasWaited) => until.then(() => hasWaited));
  const passing = [first, second, second].map(({ held }) => enter(held));
  await setImmediate();
  await expect(enter(second.held)).rejects.toMatchObject({ code: "overloaded" });
  first.release();
  await passing[0];
  passing.push(enter(second.held));
  second.release();
  expect(await Promise.all(passing)).toEqual([false, true, true, true]);
  const { open } = onePerProcess<{ open: Map<string, unknown> }>(name).get(() => expect.unreachable());
  expect([...open.keys()]).toEqual([]);
});

it("lets no more through while some work is done and none waits", async () => {
  const pass = createGates("two at once", {
    atOnce: 2,
    waitingAtOne: 4,
    waitingAtAll: 4,
    maxWaitMs: 60_000,
  });
  const { release, held } = hold();
  const begun = pass("a", () => held);
  await pass("a", async () => undefined);
  const next = [1, 2].map(() => pass("a", (hasWaited) => held.then(() => hasWaited)));
  await setImmediate();
  release();
  expect(await Promise.all(next)).toEqual([false, true]);
  await begun;
});

it("turns away what waits too long, and never does it, but lets what has begun take its time", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const pass = createGates("patience", { atOnce: 1, waitingAtOne: 1, waitingAtAll: 1, maxWaitMs: 20_000 });
  const { release, held } = hold();
  const begun = pass("a", () => held.then(() => "done"));
  const never = vi.fn();
  const late = pass("a", never);
  await setImmediate();
  vi.advanceTimersByTime(20_000);
  vi.useRealTimers();
  await expect(late).rejects.toMatchObject({ code: "overloaded" });
  release();
  expect(await begun).toBe("done");
  expect(await Promise.all([pass("a", async () => 1), pass("b", async () => 2)])).toEqual([1, 2]);
  expect(never).not.toHaveBeenCalled();
});
