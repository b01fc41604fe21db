import { randomBytes } from "node:crypto";

/** What a person may have set for their own Gatehouse, and tests must not see. */
const PRODUCT_NAMES = [
  "PORT",
  "HOST",
  "BASE_URL",
  "DATA_DIR",
  "DATABASE_URL",
  "SECRET_KEY",
  "ADMIN_EMAIL",
  "ADMIN_PASSWORD",
  "SMTP_URL",
  "MAIL_FROM",
  "TRUST_PROXY",
];

/** This process's environment with nothing of a real Gatehouse in it but what is given. */
export function productEnv(given: Record<string, string>): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !PRODUCT_NAMES.includes(name));
  return {
    ...Object.fromEntries(own),
    NODE_ENV: "test",
    BASE_URL: "http://localhost:3000",
    SECRET_KEY: randomBytes(32).toString("base64"),
    LOG_LEVEL: process.env.LOG_LEVEL || "silent",
    ...given,
  };
}
