import pino from "pino";
import { parseEnv } from "./env";
import { logOutput } from "./log-output";
import { onePerProcess } from "./one-per-process";

/** Property names under which secrets travel. The code should never log them; redaction is the last safeguard. */
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
  "NEW_SECRET_KEY",
  "ADMIN_PASSWORD",
  "DATABASE_URL",
  "SMTP_URL",
];

const STDOUT = 1;

type LoggedError = {
  name: string;
  message: string;
  code?: unknown;
  stack?: string | undefined;
  cause?: LoggedError;
};

/** Reduces an error to properties that are known to be harmless: a driver's error may contain addresses and values. */
function describeError(error: unknown): LoggedError {
  if (!(error instanceof Error)) return { name: typeof error, message: String(error) };
  const { name, message, stack, cause } = error;
  const code = (error as { code?: unknown }).code;
  return { name, message, code, stack, ...(cause instanceof Error && { cause: describeError(cause) }) };
}

/**
 * Characters that JSON allows in a text, but that some readers take for the end of a line, that terminals obey, or that
 * reorder their neighbours. Escaped, they read back as the same text.
 */
const UNSAFE = /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;
const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

function open(): pino.Logger {
  const output = logOutput(STDOUT);
  process.on("exit", output.flushSync);
  return pino(
    {
      level: parseEnv({ LOG_LEVEL: process.env.LOG_LEVEL }).LOG_LEVEL,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
      redact: { paths: SECRET_NAMES.flatMap((name) => [name, `*.${name}`]), censor: "[secret]" },
      hooks: { streamWrite: (line) => line.replace(UNSAFE, escaped) },
    },
    output,
  );
}

// If each bundle had its own, one's lines could end up within another's when a pipe's reader is slow and takes half a line.
const held = onePerProcess<pino.Logger>("log");

/** The process's logger: one JSON line on stdout for each event, `{"level":"info","time":"…","event":"…",…}`. */
export function log(): pino.Logger {
  return held.get(open);
}
