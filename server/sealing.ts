import { setTimeout as sleep } from "node:timers/promises";
import { opensSigningKey } from "./secret-key";
import { acquireSharedSealingLock, LockRefused } from "./server-lock";
import { StartupError } from "./startup-error";

const RETRY_MS = 1_000;
const WRONG_KEY =
  "SECRET_KEY is not the key that this database is encrypted with, or its signing key is damaged. Nothing was changed.";
/** How long a shutdown waits for a database that does not answer. */
const RELEASE_MS = 1_000;

type SealingOptions = Readonly<{
  secretKey: Buffer;
  /** Called when the key was replaced while the connection was broken: this process must not go on. */
  onLost: (error: unknown) => void;
}>;

/**
 * Holds a shared lock on the operator's database for as long as this process serves, so that nobody replaces SECRET_KEY
 * meanwhile. Takes the lock again when its connection breaks. Checks the key at once: a server that cannot serve this
 * database must not migrate it.
 *
 * @returns a function that releases the lock
 * @throws StartupError while the key is being replaced, or if it is not the database's
 */
export async function holdSealingLock(url: string, options: SealingOptions): Promise<() => Promise<void>> {
  let lock = await acquireSharedSealingLock(url);
  // Whatever else is wrong with the database, such as its tables' owner, the migrations report in better words.
  const opens = await opensSigningKey(url, options.secretKey).catch(() => null);
  if (opens === false) {
    await lock.release();
    throw new StartupError(WRONG_KEY);
  }
  let isReleased = false;

  /** Retries until the database answers; null once the lock has been released. */
  async function retryUntilReleased<T>(ask: () => Promise<T>): Promise<T | null> {
    while (!isReleased) {
      try {
        return await ask();
      } catch (error) {
        if (error instanceof LockRefused) throw error;
        await sleep(RETRY_MS, undefined, { ref: false });
      }
    }
    return null;
  }

  async function keep(): Promise<void> {
    for (;;) {
      await lock.lost;
      const regained = await retryUntilReleased(() => acquireSharedSealingLock(url));
      if (!regained) return;
      lock = regained;
      if ((await retryUntilReleased(() => opensSigningKey(url, options.secretKey))) === false)
        throw new StartupError("SECRET_KEY was replaced while the database was unreachable.");
    }
  }
  void keep().catch((error) => {
    if (!isReleased) options.onLost(error);
  });

  return async () => {
    isReleased = true;
    await Promise.race([lock.release(), sleep(RELEASE_MS, undefined, { ref: false })]);
  };
}
