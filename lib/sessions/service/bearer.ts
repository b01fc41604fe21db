import "server-only";
import type { Origin, Person } from "@/lib/core/actor";
import type { Failure, Success } from "@/lib/core/result";
import { verifyAccessToken } from "@/lib/tokens/jwt";
import { noteUse, recognise, toPerson } from "../recognition";
import type { SessionRow } from "../store";

/** The kinds of session whose tokens are sent as bearer tokens. */
export const BEARER_KINDS = ["REST", "MOBILE"] as const;

/** Why a token is refused: "token-expired" if it is one of ours but no longer valid, else "unauthenticated". */
export type TokenRefusal = Failure<"unauthenticated"> | Failure<"token-expired">;

/** The account of a session, as it was when the token was checked. */
export type BearerAccount = Pick<
  SessionRow,
  "userId" | "email" | "firstName" | "lastName" | "authority" | "createdAt"
>;

/** Authenticates a program's access token. A browser's token is refused as "unauthenticated". */
export async function authenticateBearer(
  token: string,
  origin: Origin,
  now = new Date(),
): Promise<Success<{ person: Person; account: BearerAccount }> | TokenRefusal> {
  const recognised = await recognise(token, BEARER_KINDS, verifyAccessToken, now);
  if (recognised.state === "unknown") return { ok: false, code: "unauthenticated" };
  if (recognised.state !== "live") return { ok: false, code: "token-expired" };
  await noteUse(recognised.row, now);
  return { ok: true, person: toPerson(recognised.row, origin), account: recognised.row };
}
