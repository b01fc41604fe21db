import { beforeEach, expect, it } from "vitest";
import { db } from "@/lib/core/db";
import { forgetEndedCounters } from "@/lib/core/throttle/retention";
import { emptyDatabase } from "./support/database";

const NOW = new Date("2026-11-24T09:00:00Z");
const HOUR_MS = 3_600_000;

/** Makes counters whose window ended this long ago. */
const makeCounters = (endedMs: number, ...keys: string[]) =>
  db().rateLimit.createMany({
    data: keys.map((key) => ({ key, points: 1, expire: BigInt(NOW.getTime() - endedMs) })),
  });

const kept = async () => (await db().rateLimit.findMany({ orderBy: { key: "asc" } })).map(({ key }) => key);

beforeEach(emptyDatabase);

it("forgets the counters whose minute ended more than an hour ago, however many", async () => {
  await makeCounters(HOUR_MS + 1, "a", "b", "c", "d", "e");
  await makeCounters(HOUR_MS, "hour-old");
  await makeCounters(-60_000, "new");
  expect(await forgetEndedCounters(NOW, undefined, 2)).toBe(5);
  expect(await kept()).toEqual(["hour-old", "new"]);
  expect(await forgetEndedCounters(NOW)).toBe(0);
});

it("leaves one that is counted at this moment to the next look, and keeps nobody waiting", async () => {
  await makeCounters(2 * HOUR_MS, "login:a", "login:b");
  await db().$transaction(async (tx) => {
    await tx.rateLimit.update({ where: { key: "login:a" }, data: { points: 2 } });
    expect(await forgetEndedCounters(NOW)).toBe(1);
  });
  expect(await kept()).toEqual(["login:a"]);
});
