-- What was tried before is tried for five days more.
ALTER TABLE "outbox_messages" ADD COLUMN "tried_since" TIMESTAMPTZ(3);
