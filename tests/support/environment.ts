import { randomBytes } from "node:crypto";

/** What a person may have set for their own Gatehouse, and tests must not see. */
const PRODUCT_NAMES = new Set([
  "PORT",
  "HOST",
  "BASE_URL",
  "DATA_DIR",
  "DATABASE_URL",
  "SECRET_KEY",
  "NEW_SECRET_KEY",
  "ADMIN_EMAIL",
  "ADMIN_PASSWORD",
  "SMTP_URL",
  "MAIL_FROM",
  "TRUST_PROXY",
  "LOG_LEVEL",
]);

/** This process's environment with nothing of a Gatehouse in it but what is given. */
export function cleanEnv(given: Readonly<Record<string, string>>): Record<string, string> {
  const own = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || PRODUCT_NAMES.has(name) ? [] : [[name, value] as const],
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
