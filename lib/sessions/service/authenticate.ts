import "server-only";
import type { Origin, Person } from "@/lib/core/actor";
import { driver } from "@/lib/core/db";
import { isSessionOf } from "@/lib/core/liveness/store";
import { verifyAccessToken } from "@/lib/tokens/jwt";
import type { SessionKind } from "@/prisma/generated/enums";
import { recognise, toPerson } from "../recognition";

/**
 * Returns the person that an access token authenticates; null when it is not or no longer valid, or of another kind.
 */
export async function authenticate(
  token: string,
  kind: SessionKind,
  origin: Origin,
  now = new Date(),
): Promise<Person | null> {
  const recognised = await recognise(token, [kind], verifyAccessToken, now);
  return recognised.state === "live" ? toPerson(recognised.row, origin) : null;
}

/** Returns whether a person who was authenticated a while ago still would be, and with the same authority. */
export async function isStillLive(person: Person, now = new Date()): Promise<boolean> {
  return isSessionOf(driver(), person, now);
}
