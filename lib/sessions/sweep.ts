import "server-only";
import { doAfterChange } from "@/lib/core/after-change";
import { repeatInBackground } from "@/lib/core/background";
import { db } from "@/lib/core/db";
import { MINUTE_MS } from "@/lib/core/durations/rules";
import { inPortions } from "@/lib/core/portions";
import { settingsInForce } from "@/lib/settings/service";
import { capSomeRenewals, endSomeOnRefusedKeys } from "./live/store";
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
 * - A shorter refresh time ends in its rows what is renewed no more. A session's end is not judged by the setting
 *   whenever it is asked for, because a longer one, saved later, would revive what was over. The setting is read for
 *   each portion, so that of two who save, the last decides.
 */
export async function sweepSessions(
  now = new Date(),
  { stopped, portion = SESSIONS_PORTION }: Sweep = {},
): Promise<void> {
  const capSome = async (limit: number) => {
    const { values, damaged } = (await settingsInForce()).jwt;
    // A default that stands in for what was damaged ends nothing: what is over stays over when the settings are mended.
    return damaged.length > 0 ? 0 : capSomeRenewals(db(), values.refreshTokenExpTime, limit);
  };
  await inPortions(portion, capSome, stopped);
  await inPortions(portion, (limit) => endSomeOnRefusedKeys(db(), limit, now), stopped);
}

/** The same after a change; what fails is done by the server's next look. */
export async function sweepSessionsAfterChange(now: Date): Promise<void> {
  await doAfterChange("session-sweep-failed", () => sweepSessions(now));
}

/** Begins to do in this process, until it stops, what a process that was killed has left undone. */
export function startSessionSweep(): void {
  repeatInBackground("session-sweep", async (stopped) => {
    await sweepSessions(new Date(), { stopped });
    return LOOK_MS;
  });
}
