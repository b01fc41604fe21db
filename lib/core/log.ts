import pino from "pino";
import { parseEnv } from "./env";
import { logOutput } from "./log-output";
import { onePerProcess } from "./one-per-process";

/**
 * All that a line may say besides its level and time, under the same name and with the same type in all events. A secret
 * has no name here, so that the compiler refuses it.
 */
export type LogLine = Readonly<{
  event: string;
  /** The request to which the event belongs. */
  requestId?: string | undefined;
  method?: string | undefined;
  /** Its path, without what is secret in it (server/logged-path.ts). */
  path?: string;
  /** The file-system route, such as `/users/[id]`, and what kind of code it ran. */
  routePath?: string;
  routeType?: string;
  status?: number;
  /** How long it took, in milliseconds. */
  ms?: number;
  /** The client's network address. */
  address?: string | undefined;
  /** The client has gone before the answer ended. */
  aborted?: true;
  /** Why the front rejected it, and the host and origin that it named. */
  refused?: Readonly<{ reason: string; host?: string; origin?: string }>;
  /** What somebody without the right asked for. */
  asked?: string;
  userId?: string | undefined;
  /** What failed. Of an error, and of its causes, only name, message, code and stack are written. */
  err?: unknown;
  code?: string | undefined;
  /** The number under which Next shows an error to the person. */
  digest?: string | undefined;
  reason?: string;
  /** What a library wrote to the console. */
  text?: string;
  /** The names of background work, and of a step of the shutdown. */
  work?: string;
  step?: string;
  /** The id of a mail, and its kind. */
  mail?: string;
  kind?: string;
  /** A panel, and those of its fields that are damaged. */
  panel?: string;
  fields?: readonly string[];
  /** The migrations that were applied. */
  applied?: readonly string[];
  /** How many accounts, seconds, or connections. */
  accounts?: number;
  seconds?: number;
  most?: number;
  /** How many proxies are trusted, and how many a request names. */
  trusted?: number;
  reported?: number;
  /** Where the server listens, and where people find it. */
  host?: string;
  port?: number;
  baseUrl?: string;
}>;

/** The process's logger. */
export type Log = Readonly<
  Record<"fatal" | "error" | "warn" | "info" | "debug" | "trace", (line: LogLine) => void>
>;

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
export function log(): Log {
  return held.get(open);
}
