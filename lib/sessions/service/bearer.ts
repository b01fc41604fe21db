import "server-only";
import type { Origin, Person } from "@/lib/core/actor";
import type { Failure, Success } from "@/lib/core/result";
import { verifyAccessToken } from "@/lib/tokens/jwt";
import { recognise } from "../recognition";
import { noteUse, toPerson } from "../service";
import type { SessionRow } from "../store";

/** The kinds of session whose tokens programs bring. */
export const BEARER_KINDS = ["REST", "MOBILE"] as const;

/** Why a token opens nothing: it is not one of ours, or it was. */
export type TokenRefusal = Failure<"unauthenticated"> | Failure<"token-expired">;

/** The account behind a session, as it stood when the token was checked. */
export type BearerAccount = Pick<
  SessionRow,
  "userId" | "email" | "firstName" | "lastName" | "authority" | "createdAt"
>;

/** Who a program's access token speaks for. A browser's token is not one. */
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
