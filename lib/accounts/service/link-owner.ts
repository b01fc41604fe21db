import "server-only";
import { db } from "@/lib/core/db";
import { digestOf } from "@/lib/core/secrets";
import { expiryInForce } from "@/lib/password/expiry";
import { settingsInForce } from "@/lib/settings/service";
import type { LinkPurpose } from "@/prisma/generated/enums";
import { findWorkingLink } from "../links";
import { findLink } from "../links/store";
import { maskEmail } from "../rules";

/** Returns the masked address of a link's owner; null when the link does not work. */
export async function linkOwner(
  purpose: LinkPurpose,
  secret: string,
  now = new Date(),
): Promise<{ maskedEmail: string } | null> {
  const link = await findWorkingLink(db(), purpose, secret, now);
  return link && { maskedEmail: maskEmail(link.user.email) };
}

/** `periodDays`: the period that the password has outlived; null if the policy has been relaxed since the login. */
type GrantOwner = { userId: string; email: string; periodDays: number | null };

/**
 * Returns the person who may replace an expired password by a grant; null when the grant does not work. The address is
 * not masked, because the person has just logged in with it.
 */
export async function grantOwner(secret: string, now = new Date()): Promise<GrantOwner | null> {
  const grant = await findWorkingLink(db(), "PASSWORD_EXPIRED", secret, now);
  if (!grant) return null;
  const { password } = await settingsInForce();
  const expiresAt = expiryInForce(password, grant.user.passwordSetAt);
  const isOver = expiresAt !== null && now > expiresAt;
  return {
    userId: grant.user.id,
    email: grant.user.email,
    periodDays: isOver ? password.values.passwordExpirationPeriodDays : null,
  };
}

/**
 * Returns "works", "expired" for a link that has ended in any way (used, expired, superseded, or its account changed),
 * or "unknown" for one that was never issued. Does not use the link up.
 */
export async function describeLink(
  purpose: LinkPurpose,
  secret: string,
  now = new Date(),
): Promise<"works" | "expired" | "unknown"> {
  if (await findWorkingLink(db(), purpose, secret, now)) return "works";
  return (await findLink(db(), digestOf(secret), purpose)) ? "expired" : "unknown";
}
