-- The mail about a lock has a link with which its reader gets in again, too. It is no mail of that link: it tells of the
-- lock, whatever becomes of the link.
DROP INDEX "outbox_messages_turn_idx";
CREATE INDEX "outbox_messages_turn_idx" ON "outbox_messages" (
  (CASE WHEN "kind" = 'account-locked-owner' THEN 0 WHEN "link_id" IS NULL THEN 2 WHEN "kind" = 'activation' THEN 1 ELSE 0 END),
  "due_at"
) WHERE "state" = 'QUEUED';
