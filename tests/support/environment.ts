import { randomBytes } from "node:crypto";
import { envNames } from "@/lib/core/env";

/**
 * Variables that tests must not see: those that a developer may have set for their own Gatehouse; FORCE_COLOR, which
 * Playwright sets for its workers, and about which newer versions of Node warn next to NO_COLOR; and NODE_USE_ENV_PROXY,
 * with which they ask HTTP_PROXY for this machine's servers too. `isHidden` adds PostgreSQL's variables, which our driver
 * reads too.
 */
const HIDDEN: ReadonlySet<string> = new Set([...envNames, "FORCE_COLOR", "NODE_USE_ENV_PROXY"]);
const isHidden = (name: string) => HIDDEN.has(name) || /^PG[A-Z]/.test(name);

/** This process's environment without the hidden variables, plus those given. */
export function cleanEnv(given: Readonly<Record<string, string>>): Record<string, string> {
  const own = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || isHidden(name) ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(own), ...given };
}

/** Removes the hidden variables from this process's environment, and so from that of all processes that it starts. */
export function cleanOwnEnv(): void {
  for (const name of Object.keys(process.env)) if (isHidden(name)) delete process.env[name];
}

/** The environment of a running server, for processes that run its verbs without being a server. */
export function verbsEnv(databaseUrl: string): Record<string, string> {
  return cleanEnv({
    DATABASE_URL: databaseUrl,
    BASE_URL: "http://localhost:3000",
    SECRET_KEY: randomBytes(32).toString("base64"),
    // Not LOG_LEVEL, which a developer's shell may set for other programs, to a level that we do not know.
    LOG_LEVEL: process.env.TEST_LOG_LEVEL || "silent",
  });
}
