import { describe, expect, it } from "vitest";
import { createRequestPacer } from "./request-pacer";

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** Returns how many of `count` waiting requests have begun after each turn of the event loop. */
async function begunByTurn(pace: () => Promise<void>, count: number): Promise<number[]> {
  const order: number[] = [];
  const all = Array.from({ length: count }, (_, number) => pace().then(() => order.push(number)));
  const begun: number[] = [order.length];
  while (order.length < count) {
    await nextTurn();
    begun.push(order.length);
  }
  await Promise.all(all);
  expect(order).toEqual(Array.from({ length: count }, (_, number) => number));
  return begun;
}

describe("the pace of requests", () => {
  it("lets a few begin in each turn, in their order", async () => {
    expect(await begunByTurn(createRequestPacer(2), 7)).toEqual([0, 2, 4, 6, 7]);
  });

  it("lets one begin in the next turn when it is alone, time and again", async () => {
    const pace = createRequestPacer(2);
    for (let times = 0; times < 3; times += 1) expect(await begunByTurn(pace, 1)).toEqual([0, 1]);
  });

  it("takes up those that come while others wait", async () => {
    const pace = createRequestPacer(1);
    const order: string[] = [];
    const first = pace().then(() => order.push("first"));
    const second = pace().then(() => order.push("second"));
    await nextTurn();
    const third = pace().then(() => order.push("third"));
    await Promise.all([first, second, third]);
    expect(order).toEqual(["first", "second", "third"]);
  });
});
