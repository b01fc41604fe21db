import "server-only";
import { type Actor, requireAdministrator } from "@/lib/core/actor";
import { decodeCursor, pageOf } from "@/lib/core/cursor/rules";
import { db } from "@/lib/core/db";
import { spanOf } from "../rules";
import { AUDIT_PAGE_SIZE, type AuditEntry, auditQuerySchema } from "../schema";
import { findAuditEntries } from "../store";

export type AuditPage = { entries: AuditEntry[]; nextCursor: string | null };

/** Returns a page of events, newest first. @throws Refusal for anyone but a system administrator */
export async function listAuditEntries(actor: Actor, input: unknown): Promise<AuditPage> {
  requireAdministrator(actor);
  const query = auditQuerySchema.parse(input);
  const found = await findAuditEntries(
    db(),
    {
      kind: query.kind,
      person: query.person,
      ...spanOf(query),
      after: query.after ? decodeCursor(query.after) : undefined,
    },
    AUDIT_PAGE_SIZE + 1,
  );
  const { page, nextCursor } = pageOf(found, AUDIT_PAGE_SIZE, ({ at, id }) => ({ at, id }));
  return { entries: page, nextCursor };
}
