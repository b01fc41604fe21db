import pg from "pg";
import { StartupError } from "./startup-error";

/** Any two numbers that nobody else uses: PostgreSQL's advisory locks have no names. */
const LOCK = [0x6761_7465, 1] as const;

/** That this process is the one server of a data folder, for as long as a connection of its own lives. */
export type ServerLock = Readonly<{
  /** Resolves, with the reason, when the connection breaks and the lock with it. */
  lost: Promise<unknown>;
  release: () => Promise<void>;
}>;

/**
 * Takes the lock that only one server of a database holds. A killed process loses it at once, because the kernel
 * closes its connections.
 *
 * @param name what to call the thing that is held, for people
 * @throws StartupError when another process holds it; else the driver's error
 */
export async function holdServerLock(url: string, name: string): Promise<ServerLock> {
  const client = new pg.Client({
    connectionString: url,
    application_name: `gatehouse server, process ${process.pid}`,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  const lost = new Promise<unknown>((resolve) => {
    client.on("error", resolve);
    client.on("end", () => resolve(new Error("The connection was closed.")));
  });
  await client.connect();
  try {
    const taken = await client.query("SELECT pg_try_advisory_lock($1, $2) AS ok", [...LOCK]);
    if (taken.rows[0]?.ok !== true) {
      const holder = await client.query(
        `SELECT application_name AS name FROM pg_locks JOIN pg_stat_activity USING (pid)
         WHERE locktype = 'advisory' AND classid = $1::bigint AND objid = $2::bigint AND granted`,
        [...LOCK],
      );
      const process = /process \d+/.exec(String(holder.rows[0]?.name))?.[0];
      throw new StartupError(
        `Gatehouse already runs on ${name}${process ? ` (${process})` : ""}. Stop it first, or set DATA_DIR and PORT to run another.`,
      );
    }
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
  return { lost, release: () => client.end().catch(() => undefined) };
}
