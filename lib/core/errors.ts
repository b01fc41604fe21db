/** Why a verb refused to begin. Thrown, because no caller continues after it; the edge finds the words. */
export type RefusalCode = "unauthenticated" | "forbidden" | "cross-origin" | "overloaded";

/** @param retryAfterSeconds how long the caller should wait before asking again, where that helps */
export class Refusal extends Error {
  override readonly name = "Refusal";
  constructor(
    readonly code: RefusalCode,
    readonly retryAfterSeconds?: number,
  ) {
    super(code);
  }
}

/** 25006: the server is read-only, as it is just after it has become a standby, or just before it becomes the primary. */
const DATABASE_AWAY =
  /^(?:25006|P1001|P1002|P1008|P1017|P2024|P2028|ECONN\w+|ETIMEDOUT|ENOTFOUND|EPIPE|57P0\d|53\d\d\d|08\d\d\d|57014)$/;

/** Messages of the driver and of Prisma. Where Prisma has no code of its own, PostgreSQL's stands only in its message. */
const DATABASE_AWAY_WORDS =
  /Connection terminated|Query read timeout|timeout exceeded when trying to connect|Can't reach database server|Server has closed the connection|Too many database connections|Operation has timed out/i;
const CODE_IN_WORDS = /(?:Raw query failed|Database error)\. Code: `(\w+)`/;

/** Whether an error tells that the database cannot be reached, is restarting, does not answer in time, or only reads. */
export function isDatabaseAway(error: unknown): boolean {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; depth += 1) {
    const { code, originalCode } = at as Error & { code?: unknown; originalCode?: unknown };
    const codes = [code, originalCode, CODE_IN_WORDS.exec(at.message)?.[1]];
    if (codes.some((c) => typeof c === "string" && DATABASE_AWAY.test(c))) return true;
    if (DATABASE_AWAY_WORDS.test(at.message)) return true;
    at = at.cause;
  }
  return false;
}

/** Whether a write was refused because a row with that key is there already. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && (error as Error & { code?: unknown }).code === "P2002";
}
