-- The mail about a lock has a link with which its reader gets in again, too. It is no mail of that link: it tells of the
-- lock, whatever becomes of the link. It comes after the links that their readers asked for, because an attacker causes any
-- number of locks.
DROP INDEX "outbox_messages_turn_idx";
CREATE INDEX "outbox_messages_turn_idx" ON "outbox_messages" (
  (CASE WHEN "kind" = 'account-locked-owner' THEN 1 WHEN "link_id" IS NULL THEN 3 WHEN "kind" = 'activation' THEN 2 ELSE 0 END),
  "due_at"
) WHERE "state" = 'QUEUED';
