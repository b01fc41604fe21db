import { z } from "zod";
import { MAX_EMAIL_LENGTH } from "./email/rules";
import { emailSchema } from "./email/schema";
import { isDecodable } from "./percent-encoding";

/** Thrown for an invalid environment. `problems` has a line for each invalid value, but no value that may be secret. */
export class EnvError extends Error {
  override readonly name = "EnvError";
  /** The message is for the person at the terminal, who needs no stack (server/startup-error.ts). */
  readonly hasUserMessage = true;

  constructor(readonly problems: readonly string[]) {
    super(`The environment is not valid:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
  }
}

const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;
const MIN_SECRET_KEY_BYTES = 32;
const MAX_PROXIES = 10;

function isUrl(text: string, protocols: readonly string[]): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url !== null && protocols.includes(url.protocol) && url.hostname !== "";
}

function isOrigin(text: string): boolean {
  if (!isUrl(text, ["http:", "https:"])) return false;
  const { pathname, search, hash, username, password } = new URL(text);
  return pathname === "/" && `${search}${hash}${username}${password}` === "";
}

/**
 * Whether a URL is one of a mail server that can be used. An invalid percent-escape in user or password would otherwise
 * show only when the first mail is sent; a parameter that we do not know, such as `requireTLS`, would never show, and
 * mail could be sent in clear.
 */
function isMailServerUrl(text: string): boolean {
  if (!isUrl(text, ["smtp:", "smtps:"])) return false;
  const { username, password, searchParams } = new URL(text);
  const isReadable = isDecodable(username) && isDecodable(password);
  return isReadable && ["", "tls=starttls", "tls=none"].includes(searchParams.toString());
}

/**
 * Whether a database URL can be used. PostgreSQL's may omit the host and name a socket's directory in a `host`
 * parameter, but `new URL` accepts no user without a host. An unescaped `/`, `?` or `#` in the password ends the host
 * early, and an error message could then show the rest of the password as the database's name.
 */
function isDatabaseUrl(text: string): boolean {
  const filled = text.replace("@/", "@localhost/");
  if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(filled)) return false;
  const { username, hostname, pathname, search, hash } = new URL(filled);
  const isCutInSearch = hostname !== "" && username === "" && search.includes("@");
  return hash === "" && !pathname.includes("@") && !isCutInSearch;
}

function decodeKey(text: string): Buffer | null {
  if (/^(?:[0-9a-f]{2})+$/i.test(text)) return Buffer.from(text, "hex");
  if (/^[A-Za-z0-9+/]+={0,2}$/.test(text) || /^[A-Za-z0-9_-]+={0,2}$/.test(text)) {
    return Buffer.from(text, "base64");
  }
  return null;
}

/** Whether a database URL names another schema than `public`, as Prisma's may: the driver ignores that. */
const namesOtherSchema = (text: string) => /[?&]schema=(?!public(?:&|$))/.test(text);

/** Whether a database URL names several servers, of which `psql` would choose one: the driver cannot. */
const namesSeveralHosts = (text: string) =>
  /^\w+:\/\/[^/?#]*@[^/?#@]*,/.test(text) || /[?&]host=[^&]*(?:,|%2C)/i.test(text);

/**
 * Whether a database URL has a parameter about TLS, but none that the driver heeds: `sslMode`, or Prisma's `sslaccept`.
 * The driver ignores it, and would connect without TLS.
 */
const asksInVainForTls = (text: string) =>
  /[?&](?:ssl|tls)/i.test(text) && !/[?&]ssl(?:mode|rootcert|cert|key)?=[^&]/.test(text);

/**
 * The modes of TLS that today's driver takes for `verify-full`. It warns of them at every start, because its next major
 * version will check less, as `psql` does: `verify-full` itself keeps the check.
 */
const checkedTls = /(?<=[?&]sslmode=)(?:prefer|require|verify-ca)(?=&|$)/;

/** Names the mode of TLS that is meant; with `uselibpqcompat` the operator means that of `psql`. */
const withCheckedTls = (text: string) =>
  text.includes("uselibpqcompat=true") ? text : text.replace(checkedTls, "verify-full");

const secretKey = z.string().transform((text, context) => {
  const key = decodeKey(text);
  if (key !== null && key.length >= MIN_SECRET_KEY_BYTES) return key;
  context.addIssue({
    code: "custom",
    message: `must be at least ${MIN_SECRET_KEY_BYTES} random bytes as Base64 or hex; make one with: openssl rand -base64 32`,
  });
  return z.NEVER;
});

const port = "must be a whole number from 1 to 65535";
const trustProxy = `must be the number of proxies in front of Gatehouse (0 to ${MAX_PROXIES}), or true (one) or false (none)`;

const envSchema = z.object({
  /** The port that the server listens on. */
  PORT: z
    .string()
    .regex(/^[0-9]{1,5}$/, port)
    .transform(Number)
    .pipe(z.number().min(1, port).max(65_535, port))
    .default(3000),
  /** The address that the server listens on. Loopback by default, so that nothing is published by accident. */
  HOST: z
    .string()
    .regex(
      /^(?:[A-Za-z0-9.-]{1,253}|[0-9A-Fa-f:.]{2,45})$/,
      "must be an IP address or a host name, such as 127.0.0.1 or 0.0.0.0",
    )
    .default("127.0.0.1"),
  /** The origin that people type, without a path. Links are built from it, and the Host header is compared with it. */
  BASE_URL: z
    .string()
    .refine(
      isOrigin,
      "must be http:// or https:// and a host, without a path, such as https://id.example.com",
    )
    .transform((text) => new URL(text).origin)
    .optional(),
  /**
   * Where the embedded database and its secrets live; relative to the product's folder. Docker keeps the quotes of a value
   * in an --env-file: the data would be in another folder than the volume, and lost with the container.
   */
  DATA_DIR: z
    .string()
    .refine((text) => !/\0|^['"]/.test(text), "must be a folder, without quotes around it")
    .default(".data"),
  /** A PostgreSQL of your own, in place of the embedded one. */
  DATABASE_URL: z
    .string()
    .refine((text) => !namesSeveralHosts(text), {
      error: "must name one host: of a primary and its standbys, an address that always leads to the primary",
      abort: true,
    })
    .refine(
      isDatabaseUrl,
      "must be postgresql://user:password@host:port/database, with everything but letters and digits in user and password percent-encoded",
    )
    .refine((text) => !namesOtherSchema(text), "must not name a schema: the tables are in public")
    .refine(
      (text) => !asksInVainForTls(text),
      "must ask for TLS with ?sslmode=verify-full, or with &sslmode=verify-full after another parameter",
    )
    .transform(withCheckedTls)
    .optional(),
  /** The key that seals secrets at rest, decoded. */
  SECRET_KEY: secretKey.optional(),
  /** The new key for the rescue command that replaces SECRET_KEY, decoded. */
  NEW_SECRET_KEY: secretKey.optional(),
  ADMIN_EMAIL: z
    .string()
    .refine(
      (text) => emailSchema.safeParse(text).success,
      `must be an e-mail address of at most ${MAX_EMAIL_LENGTH} characters`,
    )
    .optional(),
  ADMIN_PASSWORD: z.string().optional(),
  SMTP_URL: z
    .string()
    .refine(
      isMailServerUrl,
      "must be smtp://user:password@host:port or smtps://user:password@host:port, with %25 for a % in user or password, and optionally ?tls=starttls or ?tls=none at the end",
    )
    .optional(),
  MAIL_FROM: z
    .string()
    .max(500, "must be at most 500 characters")
    .regex(
      /^(?:[^\s<>@,;]+@[^\s<>@,;]+|[^<>\p{Cc}]* <[^\s<>@,;]+@[^\s<>@,;]+>)$/u,
      "must be one address, such as gatehouse@example.com or Gatehouse <gatehouse@example.com>",
    )
    .optional(),
  /** The number of trusted proxies in front, whose `X-Forwarded-*` headers are believed. */
  TRUST_PROXY: z
    .string()
    .regex(/^(?:true|false|[0-9]{1,2})$/, trustProxy)
    .transform((text) => (text === "true" ? 1 : text === "false" ? 0 : Number(text)))
    .pipe(z.number().max(MAX_PROXIES, trustProxy))
    .default(0),
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(", ")}`).default("info"),
});

/** The names of all environment variables that configure the product. */
export const envNames: readonly string[] = Object.keys(envSchema.shape);

/** The environment as it was given; without `DATABASE_URL`, the embedded database is used. */
export type GivenEnv = Readonly<Omit<z.infer<typeof envSchema>, "BASE_URL"> & { BASE_URL: string }>;

/** The environment of a running server, in which the database's URL and the sealing key are known. */
export type Env = GivenEnv & Readonly<{ DATABASE_URL: string; SECRET_KEY: Buffer }>;

/**
 * Reads the environment from `source`. Values are trimmed; an empty value counts as unset. ADMIN_PASSWORD loses only a
 * line break at its end, as a secret from a file often has: no browser would send it.
 *
 * @throws EnvError that names every invalid variable, and contains no secret
 */
export function parseEnv(source: Readonly<Record<string, string | undefined>>): GivenEnv {
  const given = Object.fromEntries(
    envNames.flatMap((name) => {
      const text = source[name] ?? "";
      const value = text.trim();
      return value ? [[name, name === "ADMIN_PASSWORD" ? text.replace(/[\r\n]+$/, "") : value]] : [];
    }),
  );
  const result = envSchema.safeParse(given);
  const problems = result.success
    ? []
    : result.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}.`);
  if (given.DATABASE_URL && !given.SECRET_KEY) {
    problems.push("SECRET_KEY must be set when DATABASE_URL is: 32 random bytes as Base64 or hex.");
  }
  if (given.ADMIN_PASSWORD && !given.ADMIN_EMAIL) {
    problems.push("ADMIN_EMAIL must be set when ADMIN_PASSWORD is.");
  }
  if (!result.success || problems.length > 0) throw new EnvError(problems);
  const { data } = result;
  return Object.freeze({ ...data, BASE_URL: data.BASE_URL ?? `http://localhost:${data.PORT}` });
}

let current: Env | undefined;

/**
 * The process's environment, parsed once. With the embedded database, the server sets `DATABASE_URL` and `SECRET_KEY`
 * in `process.env` before the first call.
 *
 * @throws EnvError
 */
export function env(): Env {
  current ??= settled(parseEnv(process.env));
  return current;
}

function settled(given: GivenEnv): Env {
  const { DATABASE_URL, SECRET_KEY } = given;
  if (DATABASE_URL === undefined || SECRET_KEY === undefined) {
    throw new EnvError(["DATABASE_URL and SECRET_KEY must be set outside of `npm start`."]);
  }
  return Object.freeze({ ...given, DATABASE_URL, SECRET_KEY });
}
