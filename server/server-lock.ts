import type pg from "pg";
import { END_WITH_CLIENT } from "@/lib/core/connection-settings";
import { clientFor, connectTo, requireLockOn } from "./connect-to";
import { StartupError } from "./startup-error";

/** Another process holds the lock. */
export class LockRefused extends StartupError {
  /** @param holder the holder's process id, where the database knows it */
  constructor(
    message: string,
    readonly holder?: number,
  ) {
    super(message);
  }
}

/** An arbitrary number that nobody else uses: PostgreSQL's advisory locks have no names. */
const SPACE = 0x6761_7465;

/** Held by the one process that serves an embedded database. */
const SERVER = 1;
/** Held while migrating, around the engine's own lock: of many starts one migrates, the others wait and check again. */
export const MIGRATION_LOCK = [SPACE, 2] as const;
/** Shared by all servers that seal with a database's SECRET_KEY; exclusive for the command that replaces the key. */
const SEALING = 3;

/** How long the connection of a lock waits for an answer, in milliseconds. */
const ANSWER_MS = 10_000;
/**
 * How often a holder of the lock on SECRET_KEY asks for an answer, in milliseconds. When a database's address moves to
 * another server, a connection to the old one may stay open and silent. Until its holder closes it, nobody has the lock
 * on the new server, and the key could be replaced there.
 */
const CHECK_MS = 12_000;

/** A lock that is held for as long as its own connection lives. */
export type HeldLock = Readonly<{
  /** Resolves, with the reason, when the connection breaks and the lock with it. */
  lost: Promise<unknown>;
  /** Rejects if the connection is broken: then somebody else may have the lock. */
  requireHeld: () => Promise<unknown>;
  release: () => Promise<void>;
}>;

type LockRequest = {
  lock: number;
  isShared: boolean;
  connect: (client: pg.Client) => Promise<unknown>;
  refusal: (holder: number | undefined) => string;
};

/** Closes a connection that is not answered any more; whoever waits for its end then knows that the lock is lost. */
function closeWhenSilent(client: pg.Client, lost: Promise<unknown>): void {
  const checks = setInterval(() => {
    client.query("SELECT 1").catch(() => client.end());
  }, CHECK_MS).unref();
  void lost.then(() => clearInterval(checks));
}

/** Finds a process that holds a lock, and its id if the database knows it; null if none does. */
async function holderOf(client: pg.Client, lock: number): Promise<{ pid?: number } | null> {
  const { rows } = await client.query<{ name: string | null }>(
    `SELECT application_name AS name FROM pg_locks JOIN pg_stat_activity USING (pid)
     WHERE datname = current_database() AND locktype = 'advisory' AND classid = $1::bigint AND objid = $2::bigint AND granted`,
    [SPACE, lock],
  );
  if (rows[0] === undefined) return null;
  const pid = /process (\d+)/.exec(String(rows[0].name))?.[1];
  return pid === undefined ? {} : { pid: Number(pid) };
}

/**
 * Takes a lock. A killed process loses it at once, because the kernel closes its connections; one whose host lost power,
 * within two minutes.
 *
 * @throws LockRefused when another process holds it
 */
async function acquireLock(
  url: string,
  { lock, isShared, connect, refusal }: LockRequest,
): Promise<HeldLock> {
  const client = clientFor(url, {
    application_name: `gatehouse server, process ${process.pid}`,
    query_timeout: ANSWER_MS,
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
      const pid = (await holderOf(client, lock))?.pid;
      throw new LockRefused(refusal(pid), pid);
    }
    await requireLockOn(client);
    await client.query(END_WITH_CLIENT);
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
  if (lock === SEALING) closeWhenSilent(client, lost);
  return {
    lost,
    requireHeld: () => client.query("SELECT 1"),
    release: () => client.end().catch(() => undefined),
  };
}

const alreadyRunning = (name: string, holder: number | undefined) =>
  `Gatehouse is already running on ${name}${holder ? ` (process ${holder})` : ""}. Stop it first, or set DATA_DIR and PORT to run another.`;

/**
 * Takes the lock that only one server of an embedded database holds.
 *
 * @param name how to call the database in the refusal
 * @throws LockRefused when another process holds it; otherwise the driver's error
 */
export function acquireServerLock(url: string, name: string): Promise<HeldLock> {
  return acquireLock(url, {
    lock: SERVER,
    isShared: false,
    connect: (client) => client.connect(),
    refusal: (holder) => alreadyRunning(name, holder),
  });
}

/**
 * Refuses if a server has that lock, without taking it from one that is just starting. If the database does not answer,
 * as while it shuts down, nothing is refused.
 *
 * @param name how to call the database in the refusal
 * @throws LockRefused
 */
export async function requireNoServer(url: string, name: string): Promise<void> {
  const client = clientFor(url, { query_timeout: ANSWER_MS });
  client.on("error", () => undefined);
  const holder = await client
    .connect()
    .then(() => holderOf(client, SERVER))
    .catch(() => null);
  await client.end().catch(() => undefined);
  if (holder !== null) throw new LockRefused(alreadyRunning(name, holder.pid), holder.pid);
}

/** Takes the shared lock on the database's SECRET_KEY. @throws LockRefused while the key is being replaced */
export function acquireSharedSealingLock(url: string): Promise<HeldLock> {
  return acquireLock(url, {
    lock: SEALING,
    isShared: true,
    connect: connectTo,
    refusal: () =>
      "SECRET_KEY is being replaced on this database. When that is done, start again with the new key.",
  });
}

/** Takes the exclusive lock for replacing the database's SECRET_KEY. @throws LockRefused while a server runs */
export function acquireExclusiveSealingLock(url: string): Promise<HeldLock> {
  return acquireLock(url, {
    lock: SEALING,
    isShared: false,
    connect: connectTo,
    refusal: () =>
      "Gatehouse is running on this database. Stop all of its servers first: they would keep encrypting with the old key. Nothing was changed.",
  });
}
