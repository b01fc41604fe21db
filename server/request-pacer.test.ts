import fc from "fast-check";
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
  const all = Array.from({ length: count }, (_, number) =>
    pace({ site: "site", client: "a" }).then(() => order.push(number)),
  );
  const begun: number[] = [order.length];
  while (order.length < count) {
    await nextTurn();
    begun.push(order.length);
  }
  await Promise.all(all);
  expect(order).toEqual(Array.from({ length: count }, (_, number) => number));
  return begun;
}

/**
 * Expects that nobody who was turned away has less than another, apart from the last one, and that of those who still
 * wait none has had more turns than another, apart from the last one.
 * @param of whose each request is; undefined for one that does not matter
 * @param begun the requests in the order in which they began
 */
function expectFair(of: (string | undefined)[], admitted: boolean[], begun: number[]): void {
  const left = new Map<string, number>();
  const turnedAway = new Set<string>();
  of.forEach((who, i) => {
    if (who === undefined) return;
    if (admitted[i]) left.set(who, (left.get(who) ?? 0) + 1);
    else turnedAway.add(who);
  });
  const most = Math.max(...left.values());
  for (const who of turnedAway) expect(left.get(who) ?? 0).toBeGreaterThanOrEqual(most - 1);
  const turns = new Map([...left.keys()].map((who) => [who, 0]));
  for (const i of begun) {
    const who = of[i];
    if (who === undefined) continue;
    turns.set(who, (turns.get(who) ?? 0) + 1);
    left.set(who, (left.get(who) ?? 0) - 1);
    const waiting = [...turns].filter(([other]) => other === who || (left.get(other) ?? 0) > 0);
    const counts = waiting.map(([, count]) => count);
    expect((turns.get(who) ?? 0) - Math.min(...counts)).toBeLessThanOrEqual(1);
  }
}

describe("the pace of requests", () => {
  it("lets a few begin in every eighth idle turn, in their order, so that connections can be accepted in between", async () => {
    const begun = await begunByTurn(createRequestPacer({ now: idle }), 7);
    expect(begun).toEqual([0, ...Array(8).fill(2), ...Array(8).fill(4), ...Array(8).fill(6), 7]);
  });

  it("leaves as many turns for that when each of them takes long", async () => {
    const begun = await begunByTurn(createRequestPacer({ now: clockOf({ ms: 60 }) }), 5);
    expect(begun).toEqual([0, ...Array(8).fill(2), ...Array(8).fill(4), 5]);
  });

  it("begins no more while connections are being accepted one after the other, and soon after the last", async () => {
    const accepting = 100;
    let looked = 0;
    const accepted = () => Math.min(++looked, 2 * accepting);
    const begun = await begunByTurn(createRequestPacer({ now: idle, accepted }), 5);
    expect(begun).toEqual([0, ...Array(accepting).fill(2), ...Array(8).fill(4), 5]);
  });

  it("begins some even while connections never stop arriving", async () => {
    let looked = 0;
    const pace = createRequestPacer({ now: clockOf({ ms: 1 }), accepted: () => ++looked });
    expect(await begunByTurn(pace, 5)).toEqual([0, ...Array(32).fill(2), ...Array(32).fill(4), 5]);
  });

  it("lets one begin in the next turn when it is alone, time and again", async () => {
    const pace = createRequestPacer({ now: idle });
    for (let times = 0; times < 3; times += 1) expect(await begunByTurn(pace, 1)).toEqual([0, 1]);
  });

  it("lets those that are under way go on first, and begins more when there is nothing else to do", async () => {
    const step = { ms: 0 };
    const pace = createRequestPacer({ now: clockOf(step) });
    const order: number[] = [];
    const all = [1, 2, 3, 4].map((number) =>
      pace({ site: "site", client: "a" }).then(() => order.push(number)),
    );
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
    await Promise.all(clients.map((client) => pace({ site: "site", client }).then(() => order.push(client))));
    expect(order.join("")).toBe("abcabaaaa");
  });

  it("takes up those that come while others wait", async () => {
    const pace = createRequestPacer({ now: idle });
    const order: string[] = [];
    const all = ["first", "second", "third"].map((name) =>
      pace({ site: "site", client: "a" }).then(() => order.push(name)),
    );
    await nextTurn();
    all.push(pace({ site: "site", client: "a" }).then(() => order.push("fourth")));
    await Promise.all(all);
    expect(order).toEqual(["first", "second", "third", "fourth"]);
  });

  it("turns away what nobody would wait for, for one client, and takes it up again later", async () => {
    const pace = createRequestPacer({ now: idle });
    const all = Array.from({ length: 2_001 }, () => pace({ site: "site", client: "a" }));
    expect(await all.at(-1)).toBe(false);
    const [other, later] = [
      pace({ site: "site", client: "b" }),
      all[1]?.then(() => pace({ site: "site", client: "a" })),
    ];
    expect(await Promise.all([...all.slice(0, -1), other, later])).not.toContain(false);
  });

  it("takes from the longest lines what has no room, so that whoever is many clients cannot keep others out", async () => {
    const pace = createRequestPacer({ now: idle, room: 6 });
    const asked = (clients: string) => [...clients].map((client) => pace({ site: "site", client }));
    const [first, crowd, other] = [asked("aaa"), asked("bbb"), asked("cdc")];
    expect(await Promise.all(first)).toEqual([true, true, false]);
    expect(await Promise.all(crowd)).toEqual([true, true, false]);
    expect(await Promise.all(other)).toEqual([true, true, false]);
    expect(await Promise.all(asked("aabbcc"))).not.toContain(false);
  });

  it("gives each site its turn, and each of its clients, however many clients another site has", async () => {
    const pace = createRequestPacer({ now: idle });
    const order: string[] = [];
    const ask = (site: string, client: string) => pace({ site, client }).then(() => order.push(client));
    await Promise.all([
      ...[..."abcdabcd"].map((client) => ask("crowd", client)),
      ...[..."xxy"].map((client) => ask("home", client)),
    ]);
    expect(order.join("")).toBe("axbycxdabcd");
  });

  it("has room for another site, although one has filled it with a single request of each of its clients", async () => {
    const pace = createRequestPacer({ now: idle });
    const crowd = Array.from({ length: 4_000 }, (_, client) =>
      pace({ site: "crowd", client: String(client) }),
    );
    const [late, other] = [pace({ site: "crowd", client: "late" }), pace({ site: "home", client: "x" })];
    expect(await Promise.all([late, other, crowd.at(-1), crowd.at(-2)])).toEqual([false, true, false, true]);
  });

  it("forgets a client whose only request lost its place, and lets the next one begin", async () => {
    const pace = createRequestPacer({ now: idle, room: 4 });
    const crowd = [..."abcd"].map((client) => pace({ site: "crowd", client }));
    expect(await Promise.all([pace({ site: "home", client: "x" }), crowd[0]])).toEqual([true, true]);
    const next = pace({ site: "crowd", client: "e" });
    expect(await Promise.all([...crowd, next])).toEqual([true, true, true, false, true]);
  });

  it("shares the room and the turns between sites, and between the clients of each", async () => {
    const asking = fc.array(fc.record({ site: fc.nat(2), client: fc.nat(5) }), { maxLength: 40 });
    const check = async (asked: { site: number; client: number }[], room: number) => {
      const pace = createRequestPacer({ now: idle, room });
      const begun: number[] = [];
      const begins = asked.map(({ site, client }, i) =>
        pace({ site: `${site}`, client: `${site}.${client}` }).then((mayBegin) => {
          if (mayBegin) begun.push(i);
          return mayBegin;
        }),
      );
      const admitted = await Promise.all(begins);
      expect(begun.length).toBe(Math.min(room, asked.length));
      const sites = asked.map(({ site }) => `${site}`);
      expectFair(sites, admitted, begun);
      for (const one of new Set(sites)) {
        const clients = asked.map(({ client }, i) => (sites[i] === one ? `${client}` : undefined));
        expectFair(clients, admitted, begun);
      }
      for (const own of new Set(asked.map((who) => JSON.stringify(who)))) {
        const order = begun.filter((i) => JSON.stringify(asked[i]) === own);
        expect(order).toEqual(order.toSorted((a, b) => a - b));
      }
    };
    await fc.assert(fc.asyncProperty(asking, fc.integer({ min: 1, max: 12 }), check), { numRuns: 300 });
  });

  it("never lets more than 4,000 wait, however much room there is", async () => {
    const pace = createRequestPacer({ now: idle });
    const all = Array.from({ length: 4_001 }, (_, number) => pace({ site: "site", client: String(number) }));
    expect(await all.at(-1)).toBe(false);
    expect(await Promise.all(all.slice(0, -1))).not.toContain(false);
  });
});
