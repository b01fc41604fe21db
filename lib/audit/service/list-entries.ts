import "server-only";
import { type Actor, requireAdministrator } from "@/lib/core/actor";
import { createGates } from "@/lib/core/gates";
import { type AuditPage, readAuditPage } from "../read-page";
import { AUDIT_PAGE_SIZE, auditQuerySchema } from "../schema";

const pass = createGates("audit-pages", {
  /**
   * How many pages are read at a time for one administrator. No index finds one or two letters, so such a search may
   * read every event: a hundred at once would hold all connections and all of the database's CPU time for long.
   */
  atOnce: 2,
  waitingAtOne: 64,
  waitingAtAll: 1_024,
  maxWaitMs: 20_000,
});

/**
 * Returns a page of events, newest first.
 * @throws Refusal for anyone but a system administrator, and "overloaded" when too many pages of this one wait
 */
export async function listAuditEntries(actor: Actor, input: unknown): Promise<AuditPage> {
  const { userId } = requireAdministrator(actor);
  const query = auditQuerySchema.parse(input);
  return pass(userId, () => readAuditPage(query, AUDIT_PAGE_SIZE));
}
