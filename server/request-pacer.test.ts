import { describe, expect, it } from "vitest";
import { createRequestPacer } from "./request-pacer";

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** A clock that moves on by `step.ms` whenever it is looked at. */
function clockOf(step: { ms: number }): () => number {
  let time = 1_000;
  return () => {
    time += step.ms;
    return time;
  };
}

const idle = clockOf({ ms: 0 });

/** Returns how many of `count` waiting requests have begun after each turn of the event loop. */
async function begunByTurn(pace: ReturnType<typeof createRequestPacer>, count: number): Promise<number[]> {
  const order: number[] = [];
  const all = Array.from({ length: count }, (_, number) => pace("a").then(() => order.push(number)));
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
  it("lets a few begin in every eighth idle turn, in their order, so that connections can be accepted in between", async () => {
    const begun = await begunByTurn(createRequestPacer({ now: idle }), 7);
    expect(begun).toEqual([0, ...Array(8).fill(2), ...Array(8).fill(4), ...Array(8).fill(6), 7]);
  });

  it("lets one begin in the next turn when it is alone, time and again", async () => {
    const pace = createRequestPacer({ now: idle });
    for (let times = 0; times < 3; times += 1) expect(await begunByTurn(pace, 1)).toEqual([0, 1]);
  });

  it("lets those that are under way go on first, and begins more when there is nothing else to do", async () => {
    const step = { ms: 0 };
    const pace = createRequestPacer({ now: clockOf(step) });
    const order: number[] = [];
    const all = [1, 2, 3, 4].map((number) => pace("a").then(() => order.push(number)));
    await nextTurn();
    step.ms = 2;
    for (let turn = 0; turn < 8; turn += 1) await nextTurn();
    expect(order).toEqual([1, 2]);
    step.ms = 0;
    await nextTurn();
    await nextTurn();
    expect(order).toEqual([1, 2, 3, 4]);
    await Promise.all(all);
  });

  it("begins some even while there is always something else to do", async () => {
    const step = { ms: 10 };
    const begun = await begunByTurn(createRequestPacer({ now: clockOf(step) }), 6);
    expect(begun.length).toBeGreaterThan(6);
    expect(begun.length).toBeLessThan(20);
  });

  it("gives each client its turn, however many requests another one has sent", async () => {
    const pace = createRequestPacer({ now: idle });
    const order: string[] = [];
    const clients = [..."aaaaaa", ..."bb", "c"];
    await Promise.all(clients.map((client) => pace(client).then(() => order.push(client))));
    expect(order.join("")).toBe("abcabaaaa");
  });

  it("takes up those that come while others wait", async () => {
    const pace = createRequestPacer({ now: idle });
    const order: string[] = [];
    const all = ["first", "second", "third"].map((name) => pace("a").then(() => order.push(name)));
    await nextTurn();
    all.push(pace("a").then(() => order.push("fourth")));
    await Promise.all(all);
    expect(order).toEqual(["first", "second", "third", "fourth"]);
  });

  it("turns away what nobody would wait for, for one client, and takes it up again later", async () => {
    const pace = createRequestPacer({ now: idle });
    const all = Array.from({ length: 2_001 }, () => pace("a"));
    expect(await all.at(-1)).toBe(false);
    const [other, later] = [pace("b"), all[1]?.then(() => pace("a"))];
    expect(await Promise.all([...all.slice(0, -1), other, later])).not.toContain(false);
  });

  it("takes from the longest lines what has no room, so that whoever is many clients cannot keep others out", async () => {
    const pace = createRequestPacer({ now: idle, room: 6 });
    const asked = (clients: string) => [...clients].map((client) => pace(client));
    const [first, crowd, other] = [asked("aaa"), asked("bbb"), asked("cdc")];
    expect(await Promise.all(first)).toEqual([true, true, false]);
    expect(await Promise.all(crowd)).toEqual([true, true, false]);
    expect(await Promise.all(other)).toEqual([true, true, false]);
    expect(await Promise.all(asked("aabbcc"))).not.toContain(false);
  });

  it("never lets more than 4,000 wait, however much room there is", async () => {
    const pace = createRequestPacer({ now: idle });
    const all = Array.from({ length: 4_001 }, (_, number) => pace(String(number)));
    expect(await all.at(-1)).toBe(false);
    expect(await Promise.all(all.slice(0, -1))).not.toContain(false);
  });
});
