-- The links to unlock an account come after those that their readers asked for: an attacker causes any number of locks.
DROP INDEX "outbox_messages_turn_idx";
CREATE INDEX "outbox_messages_turn_idx" ON "outbox_messages" (
  (CASE WHEN "kind" = 'account-locked-owner' THEN 1 WHEN "link_id" IS NULL THEN 3 WHEN "kind" = 'activation' THEN 2 ELSE 0 END),
  "due_at"
) WHERE "state" = 'QUEUED';
