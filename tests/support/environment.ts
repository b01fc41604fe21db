import { randomBytes } from "node:crypto";
import { envNames } from "@/lib/core/env";

/**
 * What tests must not see: what a person may have set for their own Gatehouse, or for their own PostgreSQL, whose
 * variables our driver reads too; and what Playwright sets for its workers, of which, beside NO_COLOR, newer versions of
 * Node complain.
 */
const HIDDEN: ReadonlySet<string> = new Set([...envNames, "FORCE_COLOR"]);
const isHidden = (name: string) => HIDDEN.has(name) || /^PG[A-Z]/.test(name);

/** This process's environment with nothing of a Gatehouse in it but what is given. */
export function cleanEnv(given: Readonly<Record<string, string>>): Record<string, string> {
  const own = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || isHidden(name) ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(own), ...given };
}

/** Takes what tests must not see out of this process's environment, and so out of that of all that it then starts. */
export function cleanOwnEnv(): void {
  for (const name of Object.keys(process.env)) if (isHidden(name)) delete process.env[name];
}

/** The environment of a running server, for what runs its verbs without being one. */
export function verbsEnv(databaseUrl: string): Record<string, string> {
  return cleanEnv({
    DATABASE_URL: databaseUrl,
    BASE_URL: "http://localhost:3000",
    SECRET_KEY: randomBytes(32).toString("base64"),
    // A name of the tests' own: LOG_LEVEL is in many a shell for other programs, with a level that we do not know.
    LOG_LEVEL: process.env.TEST_LOG_LEVEL || "silent",
  });
}
