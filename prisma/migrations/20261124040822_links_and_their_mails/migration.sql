-- AlterTable
ALTER TABLE "account_links" ADD COLUMN     "is_anonymous" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "outbox_messages" ADD COLUMN     "link_id" UUID,
ADD COLUMN     "useful_until" TIMESTAMPTZ(3);

-- CreateIndex
CREATE INDEX "outbox_messages_link_id_idx" ON "outbox_messages"("link_id");

-- What is to be forgotten is looked for among what is still kept.
CREATE INDEX "outbox_messages_useful_until_idx" ON "outbox_messages" ("useful_until") WHERE "sealed_payload" IS NOT NULL;
