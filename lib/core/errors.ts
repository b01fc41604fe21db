/** Why a verb refused to begin. Thrown, because no caller continues after it; the edge finds the words. */
export type RefusalCode = "unauthenticated" | "forbidden" | "cross-origin" | "overloaded";

export class Refusal extends Error {
  override readonly name = "Refusal";
  constructor(
    readonly code: RefusalCode,
    readonly retryAfterSeconds?: number,
  ) {
    super(code);
  }
}

const DATABASE_AWAY =
  /^(?:P1001|P1002|P1008|P1017|P2024|P2028|ECONN\w+|ETIMEDOUT|ENOTFOUND|EPIPE|57P0\d|53\d\d\d|08\d\d\d|57014)$/;

/** The driver's words, and Prisma's for a raw query, of which it tells no more than a text. */
const DATABASE_AWAY_WORDS =
  /Connection terminated|Query read timeout|timeout exceeded when trying to connect|Can't reach database server|Server has closed the connection|Too many database connections|Operation has timed out/i;
const RAW_QUERY_CODE = /Raw query failed\. Code: `(\w+)`/;

/** Whether an error tells that the database cannot be reached, is restarting, or does not answer in time. */
export function isDatabaseAway(error: unknown): boolean {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; depth += 1) {
    const { code, originalCode } = at as Error & { code?: unknown; originalCode?: unknown };
    const codes = [code, originalCode, RAW_QUERY_CODE.exec(at.message)?.[1]];
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
