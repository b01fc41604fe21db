import { afterAll, beforeEach, expect, it } from "vitest";
import { logIn } from "@/lib/auth/service/log-in";
import { pool } from "@/lib/core/db";
import { isDatabaseAway } from "@/lib/core/errors";
import { makeSettings, makeUser, PASSWORD } from "./support/accounts";
import { anonymous } from "./support/actors";
import { countWaitingForTable, emptyDatabase } from "./support/database";
import { startWorkers } from "./support/workers";

beforeEach(emptyDatabase);
afterAll(emptyDatabase);

/** Longer than an idle transaction may stay open, and a statement may wait for it, in milliseconds. */
const WITHIN_MS = 20_000;

it("a process that is stopped in the middle of a transaction keeps its locks for seconds only", async () => {
  await makeSettings();
  const { email } = await makeUser();
  const [frozen] = await startWorkers(1);
  if (!frozen) throw new Error("No worker started.");
  // Holds the login when it has locked the account's row and is about to insert its session.
  const holder = await pool().connect();
  await holder.query("BEGIN; LOCK TABLE sessions IN SHARE ROW EXCLUSIVE MODE");
  const login = frozen.call("logInForTokens", anonymous(), { username: email, password: PASSWORD });
  const lost = expect(login).rejects.toThrow();
  await expect.poll(() => countWaitingForTable("sessions")).toBe(1);
  process.kill(frozen.pid, "SIGSTOP");
  await holder.query("COMMIT");
  holder.release();

  const again = () =>
    logIn(anonymous(), { email, password: PASSWORD, kind: "REST" }).catch((error: unknown) => {
      if (!isDatabaseAway(error)) throw error;
      return null;
    });
  try {
    await expect.poll(again, { timeout: WITHIN_MS }).toMatchObject({ ok: true });
  } finally {
    await frozen.kill();
  }
  await lost;
}, 40_000);
