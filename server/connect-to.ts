import type pg from "pg";
import { StartupError } from "./startup-error";

/** Connects to the operator's database. @throws StartupError that names the database, but neither user nor password */
export async function connectTo(client: pg.Client): Promise<void> {
  try {
    await client.connect();
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    const place = `The database ${client.database} at ${client.host}:${client.port}`;
    const isRefused = code === "28P01" || code === "28000";
    const problem = isRefused
      ? "does not accept the user and password of DATABASE_URL"
      : `cannot be reached (${code ?? message})`;
    throw new StartupError(`${place} ${problem}.`, { cause: error });
  }
}
