-- What waits to be mailed, in the order in which it is taken: links that somebody waits for, invitations, notices. Prisma's
-- schema cannot say that an index is over an expression, or over a part of the rows.
CREATE INDEX "outbox_messages_turn_idx" ON "outbox_messages"
  ((CASE WHEN "link_id" IS NULL THEN 2 WHEN "kind" = 'activation' THEN 1 ELSE 0 END), "due_at") WHERE "state" = 'QUEUED';
