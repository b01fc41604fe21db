import { expect, it } from "vitest";
import { createFairLine, waiterAt } from "./fair-line";

const at = (client: string) => ({ site: client.slice(0, 1), client });

it("what does not want to wait any longer takes neither a turn nor room, and leaves the others their turns", () => {
  const line = createFairLine<{ client: string }>({ room: 6 });
  const [first, second, third, only, fellow, other] = ["a1", "a1", "a1", "b1", "b2", "c1"].map((client) => {
    const item = { client };
    expect(line.add(at(client), item)).toBeNull();
    return item;
  });
  for (const item of [first, only, other]) {
    if (!item) expect.unreachable();
    expect(line.remove(at(item.client), item)).toBe(true);
    expect(line.remove(at(item.client), item)).toBe(false);
  }
  expect(line.size()).toBe(3);
  const late = { client: "c1" };
  expect(line.add(at("c1"), late)).toBeNull();
  expect(Array.from({ length: 5 }, line.next)).toEqual([second, fellow, late, third, null]);
  expect(line.size()).toBe(0);
});

it("what its client has no room for takes nobody else's place, in a full line neither", () => {
  const line = createFairLine<{ client: string }>({ room: 4, roomOfOne: 1 });
  const clients = ["a1", "b1", "b2", "b3"];
  const late = { client: "a1" };
  for (const client of clients) {
    expect(line.add(at(client), { client })).toBeNull();
    expect(line.add(at("a1"), late)).toBe(late);
  }
  expect(clients.map(() => line.next()?.client)).toEqual(clients);
});

it("takes the last item of a full line's only site from the client with the most, if another has fewer", () => {
  const line = createFairLine<{ client: string; nth: number }>({ room: 2 });
  for (const nth of [1, 2]) expect(line.add(at("a1"), { client: "a1", nth })).toBeNull();
  expect(line.add(at("a2"), { client: "a2", nth: 1 })).toEqual({ client: "a1", nth: 2 });
});

it("takes nothing in a full line from whoever would then have less than the other", () => {
  const ofOneSite = createFairLine<{ client: string }>({ room: 3 });
  for (const client of ["a1", "a1", "a2"]) expect(ofOneSite.add(at(client), { client })).toBeNull();
  const second = { client: "a2" };
  expect(ofOneSite.add(at("a2"), second)).toBe(second);
  const line = createFairLine<{ client: string }>({ room: 3 });
  for (const client of ["a1", "a2", "b1"]) expect(line.add(at(client), { client })).toBeNull();
  const late = { client: "b1" };
  expect(line.add(at("b1"), late)).toBe(late);
  expect(line.add(at("c1"), { client: "c1" })).toEqual({ client: "a2" });
});

it("takes the networks of one subscriber for clients of one site", () => {
  const [one, other, neighbour] = ["2001:db8:1:1::1", "2001:db8:1:2::1", "2001:db8:2:1::1"].map(waiterAt);
  expect(other?.site).toBe(one?.site);
  expect(other?.client).not.toBe(one?.client);
  expect(neighbour?.site).not.toBe(one?.site);
});
