import { readFile } from "node:fs/promises";
import path from "node:path";
import { parseEnv } from "node:util";
import { envNames } from "@/lib/core/env";

/**
 * Returns a hint if Gatehouse's folder has a `.env` with settings of ours that the environment lacks: whoever wrote it
 * expects that it is read. Neither the server nor a rescue command reads it.
 *
 * @param script how the operator would start this program, from Gatehouse's folder
 */
export async function unreadEnvFile(script: string, folder = "."): Promise<string | null> {
  const text = await readFile(path.join(folder, ".env"), "utf8").catch(() => "");
  const given = parseEnv(text);
  const unread = envNames.filter((name) => given[name] && !process.env[name]);
  if (unread.length === 0) return null;
  return `The file .env has ${unread.join(", ")}, but is not read. To start with it: node --env-file=.env ${script}`;
}
