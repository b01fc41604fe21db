import type { AuditEntry } from "@/lib/audit/schema";
import { type Part, say } from "./audit-parts";

type ProfileFacts = Pick<AuditEntry, "actorEmail" | "subjectEmail" | "details">;

/** Returns the old and the new address; null if the address did not change. */
function addressChange({ details }: ProfileFacts): { from: string; to: string } | null {
  const { email } = details;
  if (typeof email !== "object" || email === null) return null;
  const { from, to } = email;
  return typeof from === "string" && typeof to === "string" ? { from, to } : null;
}

/** Says who changed whose name or address. */
export function profileChanged(facts: ProfileFacts, actor: Part): Part[] {
  const { actorEmail, subjectEmail } = facts;
  const change = addressChange(facts);
  if (change)
    return say`${actor} changed the address of ${{ person: change.from }} to ${{ person: change.to }}`;
  if (actorEmail === subjectEmail || subjectEmail === "")
    return say`${actor} changed the name on the account`;
  return say`${actor} changed the name of ${{ person: subjectEmail }}`;
}
