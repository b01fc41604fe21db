import { setTimeout as sleep } from "node:timers/promises";
import { sealsDatabase } from "./secret-key";
import { holdSealing, LockRefused } from "./server-lock";
import { StartupError } from "./startup-error";

const TRY_AGAIN_MS = 1_000;
/** A database that does not answer keeps no server from ending. */
const RELEASE_MS = 1_000;

type SealingOptions = Readonly<{
  secretKey: Buffer;
  /** The key was replaced while the database was away: this process must not go on. */
  onLost: (error: unknown) => void;
}>;

/**
 * Says on a database of one's own, for as long as this process serves, that it seals with its SECRET_KEY, so that nobody
 * replaces the key meanwhile. Where the connection breaks, says so again.
 *
 * @returns what ends it
 * @throws StartupError while the key is being replaced
 */
export async function keepSealing(url: string, options: SealingOptions): Promise<() => Promise<void>> {
  let lock = await holdSealing(url);
  let isOver = false;

  /** Asks a database that may be away until it answers; null when nobody waits for that any more. */
  async function answerOf<T>(ask: () => Promise<T>): Promise<T | null> {
    while (!isOver) {
      try {
        return await ask();
      } catch (error) {
        if (error instanceof LockRefused) throw error;
        await sleep(TRY_AGAIN_MS, undefined, { ref: false });
      }
    }
    return null;
  }

  async function keep(): Promise<void> {
    for (;;) {
      await lock.lost;
      const regained = await answerOf(() => holdSealing(url));
      if (!regained) return;
      lock = regained;
      if ((await answerOf(() => sealsDatabase(url, options.secretKey))) === false)
        throw new StartupError("SECRET_KEY was replaced while the database was away.");
    }
  }
  void keep().catch((error) => {
    if (!isOver) options.onLost(error);
  });

  return async () => {
    isOver = true;
    await Promise.race([lock.release(), sleep(RELEASE_MS, undefined, { ref: false })]);
  };
}
