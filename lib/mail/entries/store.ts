import "server-only";
import type { Cursor } from "@/lib/core/cursor/rules";
import type { Db } from "@/lib/core/db";
import { likeLiteral } from "@/lib/core/text-search/rules";
import type { Prisma } from "@/prisma/generated/client";
import type { MailKind, OutboxEntry, OutboxState } from "../schema";

const entry = {
  id: true,
  kind: true,
  recipient: true,
  state: true,
  attempts: true,
  lastAnswer: true,
  createdAt: true,
  lastAttemptAt: true,
  sentAt: true,
  dueAt: true,
  sealedPayload: true,
} as const;

type Row = Omit<OutboxEntry, "kind" | "dueAt" | "canResend"> & {
  kind: string;
  dueAt: Date;
  sealedPayload: string | null;
};

const toEntry = ({ sealedPayload, ...row }: Row): OutboxEntry => ({
  ...row,
  kind: row.kind as MailKind,
  dueAt: row.state === "QUEUED" ? row.dueAt : null,
  canResend: sealedPayload !== null,
});

/** One message as it is shown. */
export async function findOutboxEntry(db: Db, id: string): Promise<OutboxEntry | null> {
  const row = await db.outboxMessage.findUnique({ where: { id }, select: entry });
  return row && toEntry(row);
}

export type OutboxFilter = {
  state?: OutboxState | undefined;
  recipient?: string | undefined;
  userId?: string | undefined;
  after?: Cursor | undefined;
};

/** Up to `limit` messages, newest first. */
export async function findOutboxEntries(db: Db, filter: OutboxFilter, limit: number): Promise<OutboxEntry[]> {
  const all: Prisma.OutboxMessageWhereInput[] = [];
  if (filter.state) all.push({ state: filter.state });
  if (filter.userId) all.push({ userId: filter.userId });
  if (filter.recipient) {
    all.push({ recipient: { contains: likeLiteral(filter.recipient), mode: "insensitive" } });
  }
  if (filter.after) {
    const { at, id } = filter.after;
    all.push({ createdAt: { lte: at } }, { OR: [{ createdAt: { lt: at } }, { id: { lt: id } }] });
  }
  const rows = await db.outboxMessage.findMany({
    where: { AND: all },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: limit,
    select: entry,
  });
  return rows.map(toEntry);
}

/** How many messages wait. */
export async function countQueuedMessages(db: Db): Promise<number> {
  return db.outboxMessage.count({ where: { state: "QUEUED" } });
}
