import "server-only";
import { db } from "@/lib/core/db";
import { digestOf } from "@/lib/core/secrets";
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

/**
 * Returns the address of the person who may replace an expired password by a grant; null when the grant does not work.
 * It is not masked, because the person has just logged in with it.
 */
export async function grantOwner(secret: string, now = new Date()): Promise<{ email: string } | null> {
  const grant = await findWorkingLink(db(), "PASSWORD_EXPIRED", secret, now);
  return grant && { email: grant.user.email };
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
