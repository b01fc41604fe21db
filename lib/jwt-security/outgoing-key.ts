import "server-only";
import type { Db } from "@/lib/core/db";
import { findLastRenewableUntil } from "@/lib/sessions/renewal/store";
import { findSupersededJwtSettings, type StoredPanel } from "@/lib/settings/store";
import type { SigningKeyRow } from "@/lib/tokens/store";
import { lastTokenEnd } from "./rules";

/** Returns until when the current key must verify, if it stops signing now. */
export async function findLastTokenEnd(
  tx: Db,
  key: SigningKeyRow,
  { values }: StoredPanel<"jwt">,
  now: Date,
): Promise<Date> {
  const [lastRenewableUntil, superseded] = await Promise.all([
    findLastRenewableUntil(tx, key.kid, now),
    findSupersededJwtSettings(tx, key.activatedAt ?? key.createdAt),
  ]);
  return lastTokenEnd({
    now,
    refreshTokenExpTime: values.refreshTokenExpTime,
    lastRenewableUntil,
    superseded: superseded.map((then) => ({ until: then.until, ...then.values })),
    earlierUntil: key.earlierUntil,
  });
}
