import type pg from "pg";
import { clientFor, connectTo } from "./connect-to";
import { StartupError } from "./startup-error";

/** Somebody else holds what was asked for. */
export class LockRefused extends StartupError {
  /** @param holder the holder's process id, where the database knows it */
  constructor(
    message: string,
    readonly holder?: number,
  ) {
    super(message);
  }
}

/** Any number that nobody else uses: PostgreSQL's advisory locks have no names. */
const SPACE = 0x6761_7465;

/** To serve an embedded database: one process. */
const SERVER = 1;
/** To migrate, around the engine's own lock, so that of many starts one migrates and the others wait and look again. */
export const MIGRATION_LOCK = [SPACE, 2] as const;
/** To seal with a database's SECRET_KEY: all of its servers together, or alone whoever replaces the key. */
const SEALING = 3;

/** A lock that is held for as long as a connection of its own lives. */
export type ServerLock = Readonly<{
  /** Resolves, with the reason, when the connection breaks and the lock with it. */
  lost: Promise<unknown>;
  release: () => Promise<void>;
}>;

type Wanted = {
  lock: number;
  isShared: boolean;
  connect: (client: pg.Client) => Promise<unknown>;
  refusal: (holder: number | undefined) => string;
};

/**
 * Takes a lock. A killed process loses it at once, because the kernel closes its connections.
 *
 * @throws LockRefused when another process holds it
 */
async function hold(url: string, { lock, isShared, connect, refusal }: Wanted): Promise<ServerLock> {
  const client = clientFor(url, {
    application_name: `gatehouse server, process ${process.pid}`,
    query_timeout: 10_000,
    keepAlive: true,
  });
  const lost = new Promise<unknown>((resolve) => {
    client.on("error", resolve);
    client.on("end", () => resolve(new Error("The connection was closed.")));
  });
  await connect(client);
  try {
    const take = isShared ? "pg_try_advisory_lock_shared" : "pg_try_advisory_lock";
    const taken = await client.query(`SELECT ${take}($1, $2) AS ok`, [SPACE, lock]);
    if (taken.rows[0]?.ok !== true) {
      const holder = await client.query(
        `SELECT application_name AS name FROM pg_locks JOIN pg_stat_activity USING (pid)
         WHERE locktype = 'advisory' AND classid = $1::bigint AND objid = $2::bigint AND granted`,
        [SPACE, lock],
      );
      const process = /process (\d+)/.exec(String(holder.rows[0]?.name))?.[1];
      const pid = process === undefined ? undefined : Number(process);
      throw new LockRefused(refusal(pid), pid);
    }
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
  return { lost, release: () => client.end().catch(() => undefined) };
}

/**
 * Takes the lock that only one server of an embedded database holds.
 *
 * @param name what to call the thing that is held, for people
 * @throws LockRefused when another process holds it; else the driver's error
 */
export function holdServerLock(url: string, name: string): Promise<ServerLock> {
  return hold(url, {
    lock: SERVER,
    isShared: false,
    connect: (client) => client.connect(),
    refusal: (holder) =>
      `Gatehouse already runs on ${name}${holder ? ` (process ${holder})` : ""}. Stop it first, or set DATA_DIR and PORT to run another.`,
  });
}

/** That this process seals with the database's SECRET_KEY. @throws LockRefused while the key is being replaced */
export function holdSealing(url: string): Promise<ServerLock> {
  return hold(url, {
    lock: SEALING,
    isShared: true,
    connect: connectTo,
    refusal: () =>
      "SECRET_KEY is being replaced on this database. Start again when that is done, with the new one.",
  });
}

/** That nobody seals with the database's SECRET_KEY while it is replaced. @throws LockRefused when a server runs */
export function holdSealingAlone(url: string): Promise<ServerLock> {
  return hold(url, {
    lock: SEALING,
    isShared: false,
    connect: connectTo,
    refusal: () =>
      "Gatehouse runs on this database. Stop every server of it first: they would go on sealing with the old key. Nothing was changed.",
  });
}
