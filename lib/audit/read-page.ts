import "server-only";
import { decodeCursor, pageOf } from "@/lib/core/cursor/rules";
import { db } from "@/lib/core/db";
import { spanOf } from "./rules";
import type { AuditEntry, AuditQuery } from "./schema";
import { findAuditEntries } from "./store";

export type AuditPage = { entries: AuditEntry[]; nextCursor: string | null };

/** Reads up to `size` of the events that a query selects, newest first, from its cursor on. */
export async function readAuditPage(query: AuditQuery, size: number): Promise<AuditPage> {
  const { kind, person, address, after } = query;
  const filter = { kind, person, address, ...spanOf(query), after: decodeCursor(after) };
  const found = await findAuditEntries(db(), filter, size + 1);
  const { page, nextCursor } = pageOf(found, size, ({ at, id }) => ({ at, id }));
  return { entries: page, nextCursor };
}
