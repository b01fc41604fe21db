import { expect } from "vitest";
import { pool } from "@/lib/core/db";
import { countWaiting } from "./database";

/** The tables that a program locks while it saves a panel. */
const locked = { general: "settings_revisions", jwt: "signing_keys" } as const;

/** Begins a program's save, which holds back the others until `commit`. */
async function beginSave(panel: keyof typeof locked) {
  const client = await pool().connect();
  await client.query("BEGIN");
  const held = client.query(`LOCK TABLE ${locked[panel]} IN SHARE ROW EXCLUSIVE MODE;
    INSERT INTO settings_revisions (panel, version, "values", saved_at, saved_by_email)
    SELECT panel, version + 1, "values", saved_at, saved_by_email FROM settings_revisions
    WHERE panel = '${panel}' ORDER BY version DESC LIMIT 1`);
  const commit = async () => {
    await client.query("COMMIT");
    client.release();
  };
  return { held, commit };
}

/**
 * Runs `save` while programs save the same panel without end: the next one waits already when one commits, so it comes
 * before whoever does not wait as well. Returns what `save` returns.
 */
export async function whileProgramsSave<T>(panel: keyof typeof locked, save: () => Promise<T>): Promise<T> {
  let program = await beginSave(panel);
  await program.held;
  let isSaved = false;
  const saving = save();
  void saving
    .catch(() => undefined)
    .then(() => {
      isSaved = true;
    });
  const untilWaiting = (count: number) =>
    expect.poll(async () => isSaved || (await countWaiting()) === count).toBe(true);
  for (let saves = 0; saves < 20 && !isSaved; saves += 1) {
    await untilWaiting(1);
    const next = await beginSave(panel);
    await untilWaiting(2);
    await program.commit();
    await next.held;
    program = next;
  }
  await program.commit();
  return saving;
}
