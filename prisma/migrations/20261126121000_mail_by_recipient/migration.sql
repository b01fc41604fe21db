-- Mails are searched by any part of an address.
-- CreateIndex
CREATE INDEX "outbox_messages_recipient_idx" ON "outbox_messages" USING GIN ("recipient" gin_trgm_ops);
