import { beforeEach, expect, it, onTestFinished } from "vitest";
import { env } from "@/lib/core/env";
import { generalPolicyDefaults } from "@/lib/settings/general/schema";
import { makeSettings, makeUser, PASSWORD } from "./support/accounts";
import { administrator, anonymous, loggedIn } from "./support/actors";
import { emptyDatabase } from "./support/database";
import { startSilentRelay } from "./support/silent-relay";
import { startWorkers, stopWorkers, type Worker } from "./support/workers";

/** More than one query timeout, and less than two, in milliseconds. */
const WITHIN_MS = 7_500;

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings();
});

type Call = (worker: Worker) => Promise<unknown>;

/**
 * Expects that a call fails in a process whose database falls silent at `word`.
 * @returns how long after that, in milliseconds: on a busy machine a process takes seconds to come so far
 */
async function timeToFailure(word: string, call: Call): Promise<number> {
  const relay = await startSilentRelay(env().DATABASE_URL, word);
  onTestFinished(relay.stop);
  const workers = await startWorkers(1, { DATABASE_URL: relay.url });
  onTestFinished(() => stopWorkers(workers));
  await expect(call(workers[0] as Worker)).rejects.toThrow();
  return performance.now() - relay.silentSince();
}

it.each(["INSERT INTO audit_events", "COMMIT"])(
  "a database that falls silent at %s, in the middle of a transaction, costs one timeout",
  async (word) => {
    const user = await makeUser();
    const { token: replacedToken } = await loggedIn(user);
    const actor = await administrator();
    const values = { ...generalPolicyDefaults, maxFailedLoginAttempts: 7 };
    const login = { email: user.email, password: PASSWORD, kind: "BROWSER", replacedToken } as const;
    const byDriver: Call = (worker) => worker.call("logIn", anonymous(), login);
    const byPrisma: Call = (worker) => worker.call("updateGeneralPolicy", actor, { version: 1, values });
    const waited = await Promise.all([byDriver, byPrisma].map((call) => timeToFailure(word, call)));
    for (const time of waited) expect(time).toBeLessThan(WITHIN_MS);
  },
);
