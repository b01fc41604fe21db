import { randomBytes } from "node:crypto";
import { envNames } from "@/lib/core/env";

/**
 * What tests must not see: what a person may have set for their own Gatehouse, and what Playwright sets for its workers,
 * of which, beside NO_COLOR, newer versions of Node complain.
 */
const HIDDEN: ReadonlySet<string> = new Set([...envNames, "FORCE_COLOR"]);

/** This process's environment with nothing of a Gatehouse in it but what is given. */
export function cleanEnv(given: Readonly<Record<string, string>>): Record<string, string> {
  const own = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || HIDDEN.has(name) ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(own), ...given };
}

/** The environment of a running server, for what runs its verbs without being one. */
export function verbsEnv(databaseUrl: string): Record<string, string> {
  return cleanEnv({
    DATABASE_URL: databaseUrl,
    BASE_URL: "http://localhost:3000",
    SECRET_KEY: randomBytes(32).toString("base64"),
    LOG_LEVEL: process.env.LOG_LEVEL || "silent",
  });
}
