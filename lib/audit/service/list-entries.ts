import "server-only";
import { type Actor, requireAdministrator } from "@/lib/core/actor";
import { type AuditPage, readAuditPage } from "../read-page";
import { AUDIT_PAGE_SIZE, auditQuerySchema } from "../schema";

/** Returns a page of events, newest first. @throws Refusal for anyone but a system administrator */
export async function listAuditEntries(actor: Actor, input: unknown): Promise<AuditPage> {
  requireAdministrator(actor);
  return readAuditPage(auditQuerySchema.parse(input), AUDIT_PAGE_SIZE);
}
