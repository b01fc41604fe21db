import "server-only";
import { doAfterChange } from "@/lib/core/after-change";
import { repeatInBackground } from "@/lib/core/background";
import { db } from "@/lib/core/db";
import { MINUTE_MS } from "@/lib/core/durations/rules";
import { inPortions, inPortionsAlong } from "@/lib/core/portions";
import { settingsInForce } from "@/lib/settings/service";
import { capSomeRenewals, endSomeOnRefusedKeys, type Place } from "./live/store";
import { SESSIONS_PORTION } from "./rules";

/** How often to look for what another process has left undone, in milliseconds. */
const LOOK_MS = 5 * MINUTE_MS;

type Sweep = { stopped?: AbortSignal | undefined; portion?: number };

/**
 * Brings the rows of all sessions into line with the key ring and the refresh time, in portions, because there may be more
 * than one transaction has time for. Nothing hangs on when it is done, or on its being done to the end:
 *
 * - What a refused key has signed is void, and its sessions cannot go on, from the moment at which the key was refused;
 *   that they have ended is only noted here.
 * - After the refresh time was shortened, the rows of sessions that have not been renewed since get the earlier end. The
 *   end is kept in the row, and not computed from the setting each time, because a longer time, saved later, would revive
 *   sessions that were over. The setting is read anew for each portion, so that of two saves the last one decides.
 */
export async function sweepSessions(now = new Date(), sweep: Sweep = {}): Promise<void> {
  try {
    await capRenewals(sweep);
  } finally {
    await endOnRefusedKeys(now, sweep);
  }
}

/** The same after a change; what fails is done by the server's next look. */
export async function sweepSessionsAfterChange(now: Date): Promise<void> {
  await doAfterChange("session-sweep-failed", () => sweepSessions(now));
}

const jwtInForce = async () => (await settingsInForce()).jwt;

/** @returns whether the refresh time was known */
async function capRenewals({ stopped, portion = SESSIONS_PORTION }: Sweep): Promise<boolean> {
  let isKnown = true;
  await inPortionsAlong<Place>(async (after) => {
    const { values, damaged } = await jwtInForce();
    // A default that stands in for what was damaged ends nothing: what is over stays over when the settings are mended.
    isKnown = damaged.length === 0;
    if (!isKnown) return { done: 0, end: null };
    return capSomeRenewals(db(), values.refreshTokenExpTime, { after, limit: portion });
  }, stopped);
  return isKnown;
}

async function endOnRefusedKeys(now: Date, { stopped, portion = SESSIONS_PORTION }: Sweep): Promise<void> {
  await inPortions(portion, (limit) => endSomeOnRefusedKeys(db(), limit, now), stopped);
}

/**
 * What a process does again and again: all sessions are gone through for the refresh time only until that has been done
 * twice since it was saved, or since the process began. Once is not enough: whoever was about to log in or go on when it
 * was saved may have noted the earlier one since. By the next look they have long been answered, unless this one fails and
 * is soon made again: then it is not counted.
 */
export function lookAfterSessions(): (now: Date, sweep?: Sweep) => Promise<void> {
  let capped = { save: "", times: 0 };
  const cap = async (sweep: Sweep): Promise<boolean> => {
    const { version, values } = await jwtInForce();
    const save = `${version}: ${values.refreshTokenExpTime}`;
    if (capped.save !== save) capped = { save, times: 0 };
    return capped.times < 2 && capRenewals(sweep);
  };
  return async (now, sweep = {}) => {
    let isCapped = false;
    try {
      isCapped = await cap(sweep);
    } finally {
      await endOnRefusedKeys(now, sweep);
    }
    if (isCapped) capped.times += 1;
  };
}

/** Begins to do in this process, until it stops, what a process that was killed has left undone. */
export function startSessionSweep(): void {
  const look = lookAfterSessions();
  repeatInBackground("session-sweep", async (stopped) => {
    await look(new Date(), { stopped });
    return LOOK_MS;
  });
}
