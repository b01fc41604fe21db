import "server-only";
import { db } from "@/lib/core/db";
import { digestOf } from "@/lib/core/secrets";
import type { LinkPurpose } from "@/prisma/generated/enums";
import { findWorkingLink } from "../links";
import { maskEmail } from "../rules";
import { findLink } from "../store";

/** Whose link it is, in a form that only the owner can complete; null when the link does not, or no longer, work. */
export async function linkOwner(
  purpose: LinkPurpose,
  secret: string,
  now = new Date(),
): Promise<{ maskedEmail: string } | null> {
  const link = await findWorkingLink(db(), purpose, secret, now);
  return link && { maskedEmail: maskEmail(link.user.email) };
}

/** Whether a link works, has ended (used, expired or superseded), or never was one. Looking changes nothing. */
export async function describeLink(
  purpose: LinkPurpose,
  secret: string,
  now = new Date(),
): Promise<"works" | "expired" | "unknown"> {
  if (await findWorkingLink(db(), purpose, secret, now)) return "works";
  return (await findLink(db(), digestOf(secret), purpose)) ? "expired" : "unknown";
}
