import pino from "pino";
import { parseEnv } from "./env";

/** Names under which secrets travel. Nobody should log them; should somebody, this is the last wall. */
const SECRET_NAMES = [
  "password",
  "currentPassword",
  "newPassword",
  "passwordHash",
  "token",
  "accessToken",
  "refreshToken",
  "resetToken",
  "secret",
  "signingKey",
  "sealedKey",
  "sealedPayload",
  "cookie",
  "authorization",
  "SECRET_KEY",
  "ADMIN_PASSWORD",
  "DATABASE_URL",
  "SMTP_URL",
];

let logger: pino.Logger | undefined;

/** The process's logger: one JSON line on stdout for each event, `{"level":"info","time":"…","event":"…",…}`. */
export function log(): pino.Logger {
  logger ??= pino({
    level: parseEnv(process.env).LOG_LEVEL,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: SECRET_NAMES.flatMap((name) => [name, `*.${name}`]), censor: "[secret]" },
  });
  return logger;
}
