/** Why a verb refused to begin. It is thrown, because no caller continues after it; pages and routes find the words. */
export type RefusalCode = "unauthenticated" | "forbidden" | "cross-origin" | "overloaded";

/** Thrown by a verb that refuses to begin. @param retryAfterSeconds how long to wait before a retry, if that helps */
export class Refusal extends Error {
  override readonly name = "Refusal";
  constructor(
    readonly code: RefusalCode,
    readonly retryAfterSeconds?: number,
  ) {
    super(code);
  }
}

/** Returns the refusal of work that would wait for too long; a few seconds later there may be room for it. */
export const overloaded = () => new Refusal("overloaded", 5);

/**
 * Codes of PostgreSQL, Prisma and Node. 25006: the server is read-only, because it has just become a standby, or is
 * just about to become the primary. 25P03: the transaction was idle for too long. 28xxx, 3D000: no connection is made,
 * because the user's password was changed, for example, or the database renamed. 42P01, P2021: the database is empty,
 * while a dump is being restored, for example. 08P01: what PgBouncer says while PostgreSQL restarts behind it.
 */
const DATABASE_AWAY =
  /^(?:25006|25P03|28\w{3}|3D000|42P01|P100[0138]|P101[017]|P2021|P2028|ECONN\w+|E(?:HOST|NET)\w+|ETIMEDOUT|ENOTFOUND|EAI_\w+|EPIPE|57P0\d|53\d\d\d|08\w{3}|57014)$/;

/** Node's codes for a server whose certificate has expired, for example, or comes from another authority. */
const UNTRUSTED = /^(?:(?:CERT|UNABLE_TO|ERR_TLS|ERR_SSL)_\w+|(?:DEPTH_ZERO_)?SELF_SIGNED_CERT\w*)$/;

/**
 * Messages of the driver, of Prisma and of its adapter. If Prisma has no code of its own, PostgreSQL's code is only in
 * the message. A socket's file is missing (ENOENT) while PostgreSQL restarts; the code alone could mean any file.
 */
const DATABASE_AWAY_WORDS =
  /connect ENOENT|is not currently accepting connections|permission denied for database|does not support SSL|Connection terminated|is not queryable|Query read timeout|timeout exceeded when trying to connect|Can't reach database server|Server has closed the connection|Too many database connections|Operation has timed out|^(?:ConnectionClosed|SocketTimeout|DatabaseNotReachable|TooManyConnections|TlsConnectionError)$/;
const CODE_IN_WORDS = /(?:Raw query failed|Database error)\. Code: `(\w+)`/;

/**
 * Codes of PostgreSQL and Prisma for a transaction that was undone in favour of another: a deadlock, or changes that
 * cannot both be made.
 */
const WRITE_CONFLICT = /^(?:40P01|40001|P2034)$/;

/**
 * Returns the codes and the message of an error and of its causes. A cause need not be an Error: that of an error of
 * Prisma's adapter, which a failed COMMIT throws, is an object with a code.
 */
function saidBy(error: unknown): { codes: string[]; words: string }[] {
  const said = [];
  for (let at: unknown = error; typeof at === "object" && at !== null && said.length < 5; ) {
    const { code, originalCode, message, cause } = at as Record<string, unknown>;
    const words = typeof message === "string" ? message : "";
    const codes = [code, originalCode, CODE_IN_WORDS.exec(words)?.[1]].filter((c) => typeof c === "string");
    said.push({ codes, words });
    at = cause;
  }
  return said;
}

/** Returns whether an error means an unreachable, restarting, slow, read-only or empty database: an answer may be lost. */
export function isDatabaseAway(error: unknown): boolean {
  return saidBy(error).some(
    ({ codes, words }) =>
      codes.some((code) => DATABASE_AWAY.test(code) || UNTRUSTED.test(code)) ||
      DATABASE_AWAY_WORDS.test(words),
  );
}

/**
 * Returns whether a request failed for a reason that passes by itself, so that the answer is to try again: the database
 * is away, or it has undone the transaction in favour of another.
 */
export function passesByItself(error: unknown): boolean {
  return (
    isDatabaseAway(error) ||
    saidBy(error).some(({ codes }) => codes.some((code) => WRITE_CONFLICT.test(code)))
  );
}

/** Returns the code of an error of Node, PostgreSQL or Prisma: "ENOENT", "42P01", "P2002"; undefined if it has none. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** Returns whether Prisma refused a write because a row with that key exists already. */
export function isUniqueViolation(error: unknown): boolean {
  return codeOf(error) === "P2002";
}
