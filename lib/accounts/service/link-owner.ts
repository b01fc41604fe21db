import "server-only";
import { db } from "@/lib/core/db";
import type { LinkPurpose } from "@/prisma/generated/enums";
import { findWorkingLink } from "../links";
import { maskEmail } from "../rules";

/** Whose link it is, in a form that only the owner can complete; null when the link does not, or no longer, work. */
export async function linkOwner(
  purpose: LinkPurpose,
  secret: string,
  now = new Date(),
): Promise<{ maskedEmail: string } | null> {
  const link = await findWorkingLink(db(), purpose, secret, now);
  return link && { maskedEmail: maskEmail(link.user.email) };
}
