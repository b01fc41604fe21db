import type { Part } from "@/app/(console)/audit/audit-parts";

/** A sentence without its mark-up. */
export function plainText(parts: Part[]): string {
  return parts.map((part) => (typeof part === "string" ? part : Object.values(part).join(""))).join("");
}
