import "server-only";
import { doAfterChange } from "@/lib/core/after-change";
import { repeatEvery } from "@/lib/core/background";
import { inBatches, inKeysetBatches } from "@/lib/core/batches";
import { db } from "@/lib/core/db";
import { MINUTE_MS } from "@/lib/core/durations/rules";
import { settingsInForce } from "@/lib/settings/service";
import { endSomeOnRefusedKeys } from "./endings/store";
import { capSomeRenewals } from "./renewal/store";
import { SESSIONS_BATCH_SIZE } from "./rules";
import type { SessionCursor } from "./store";

/**
 * Brings the rows of all sessions into line with the key ring and the refresh time. Works in batches, because there
 * may be more sessions than one transaction has time for. It may run late or stop halfway without harm:
 *
 * - Tokens and sessions of a refused key are void from the moment the key is refused. The sweep only marks the sessions
 *   as ended.
 * - After the refresh time was shortened, sessions that have not been renewed since get the earlier end, counted from
 *   their last use. The end is stored in the row and not computed from the setting, because a longer time saved later
 *   would revive sessions that were over. Each batch reads the setting again, so that the last of two saves decides.
 */
export async function sweepSessions(now = new Date()): Promise<void> {
  try {
    await capRenewals();
  } finally {
    await endOnRefusedKeys(now);
  }
}

/** Sweeps after a change of keys or settings. Failures are only logged: the next periodic sweep makes up for them. */
export async function sweepSessionsAfterChange(now: Date): Promise<void> {
  await doAfterChange("session-sweep-failed", () => sweepSessions(now));
}

const jwtInForce = async () => (await settingsInForce()).jwt;

/** @returns whether the refresh time was known; false while a default replaces the damaged setting */
async function capRenewals(stopped?: AbortSignal): Promise<boolean> {
  let isKnown = true;
  await inKeysetBatches<SessionCursor>(async (after) => {
    const { values, damaged } = await jwtInForce();
    // Never cap by the default that replaces a damaged setting: the sessions would stay over once it is repaired.
    isKnown = damaged.length === 0;
    if (!isKnown) return { done: 0, end: null };
    return capSomeRenewals(db(), values.refreshTokenExpTime, { after, limit: SESSIONS_BATCH_SIZE });
  }, stopped);
  return isKnown;
}

async function endOnRefusedKeys(now: Date, stopped?: AbortSignal): Promise<void> {
  await inBatches(SESSIONS_BATCH_SIZE, (limit) => endSomeOnRefusedKeys(db(), limit, now), stopped);
}

/**
 * Returns the sweep that a process repeats. It examines all sessions for the refresh time only until that has been done
 * twice since the setting was saved or the process started. Once is not enough: a login or renewal that was under way
 * at the save may store an end from the earlier setting after the first sweep. By the next sweep such requests are long
 * finished. A sweep that fails is not counted, because it is retried too soon for that.
 */
export function createPeriodicSweep(): (now: Date, stopped?: AbortSignal) => Promise<void> {
  let capped = { save: "", times: 0 };
  const cap = async (stopped?: AbortSignal): Promise<boolean> => {
    const { version, values } = await jwtInForce();
    const save = `${version}: ${values.refreshTokenExpTime}`;
    if (capped.save !== save) capped = { save, times: 0 };
    return capped.times < 2 && capRenewals(stopped);
  };
  return async (now, stopped) => {
    let isCapped = false;
    try {
      isCapped = await cap(stopped);
    } finally {
      await endOnRefusedKeys(now, stopped);
    }
    if (isCapped) capped.times += 1;
  };
}

/** Starts the background job that sweeps sessions, for changes that another process did not finish. */
export const startSessionSweep = () => repeatEvery("session-sweep", 5 * MINUTE_MS, createPeriodicSweep());
