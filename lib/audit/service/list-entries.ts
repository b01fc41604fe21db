import "server-only";
import { type Actor, requireAdministrator } from "@/lib/core/actor";
import { readListInTurn } from "@/lib/core/list-turns";
import { type AuditPage, readAuditPage } from "../read-page";
import { AUDIT_PAGE_SIZE, auditQuerySchema } from "../schema";

/**
 * Returns a page of events, newest first.
 * @throws Refusal for anyone but a system administrator, and as `readListInTurn` does
 */
export async function listAuditEntries(actor: Actor, input: unknown): Promise<AuditPage> {
  const administrator = requireAdministrator(actor);
  const query = auditQuerySchema.parse(input);
  return readListInTurn(administrator, () => readAuditPage(query, AUDIT_PAGE_SIZE));
}
