import type { Part } from "@/app/(console)/audit/audit-parts";

/** The text of a sentence, without markup. */
export function plainText(parts: Part[]): string {
  return parts.map((part) => (typeof part === "string" ? part : Object.values(part).join(""))).join("");
}
