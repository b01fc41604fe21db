import { beforeEach, expect, it } from "vitest";
import { closeDatabase } from "@/lib/core/db";
import { countAttempt } from "@/lib/core/throttle";
import { emptyDatabase } from "./support/database";

beforeEach(emptyDatabase);

it("a rate limit goes on counting over new connections after the first were closed", async () => {
  const counted = { key: "reopened", perMinute: 1 };
  expect(await countAttempt(counted)).toEqual({ allowed: true });

  await closeDatabase();

  expect(await countAttempt(counted)).toMatchObject({ allowed: false, by: "reopened" });
});
