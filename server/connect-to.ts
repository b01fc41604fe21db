import type pg from "pg";
import { StartupError } from "./startup-error";

const PROBLEMS: Readonly<Record<string, string>> = {
  "28P01": "does not accept the user and password of DATABASE_URL",
  "28000": "does not accept the user and password of DATABASE_URL",
  "3D000": "does not exist. Create it, or correct DATABASE_URL",
};

/** Connects to the operator's database. @throws StartupError that names the database, but neither user nor password */
export async function connectTo(client: pg.Client): Promise<void> {
  try {
    await client.connect();
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    const place = `The database ${client.database} at ${client.host}:${client.port}`;
    const problem = PROBLEMS[code ?? ""] ?? `cannot be reached (${code ?? message})`;
    throw new StartupError(`${place} ${problem}.`, { cause: error });
  }
}
