import { beforeEach, expect, it, onTestFinished } from "vitest";
import { env } from "@/lib/core/env";
import { generalPolicyDefaults } from "@/lib/settings/general/schema";
import { makeSettings, makeUser, PASSWORD } from "./support/accounts";
import { administrator, anonymous } from "./support/actors";
import { emptyDatabase } from "./support/database";
import { startSilentRelay } from "./support/silent-relay";
import { startWorkers, stopWorkers, type Worker } from "./support/workers";

/** More than one query timeout, and less than two, in milliseconds. */
const WITHIN_MS = 8_000;

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings();
});

/** Expects that `work` fails. @returns the time that it took, in milliseconds */
async function timeToFailure(work: Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await expect(work).rejects.toThrow();
  return performance.now() - begun;
}

it.each(["INSERT INTO audit_events", "COMMIT"])(
  "a database that falls silent at %s, in the middle of a transaction, costs one timeout",
  async (word) => {
    const { email } = await makeUser();
    const actor = await administrator();
    const relay = await startSilentRelay(env().DATABASE_URL, word);
    onTestFinished(relay.stop);
    const workers = await startWorkers(2, { DATABASE_URL: relay.url });
    onTestFinished(() => stopWorkers(workers));
    const [byDriver, byPrisma] = workers as [Worker, Worker];
    const values = { ...generalPolicyDefaults, maxFailedLoginAttempts: 7 };
    const waited = await Promise.all([
      timeToFailure(byDriver.call("logInForTokens", anonymous(), { username: email, password: PASSWORD })),
      timeToFailure(byPrisma.call("updateGeneralPolicy", actor, { version: 1, values })),
    ]);
    expect(Math.max(...waited)).toBeLessThan(WITHIN_MS);
  },
);
