-- CreateEnum
CREATE TYPE "OutboxState" AS ENUM ('QUEUED', 'SENT', 'FAILED');

-- DropIndex
DROP INDEX "outbox_messages_created_at_idx";

-- AlterTable
ALTER TABLE "outbox_messages" ADD COLUMN     "attempts" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "claimed_until" TIMESTAMPTZ(3),
ADD COLUMN     "due_at" TIMESTAMPTZ(3),
ADD COLUMN     "last_answer" TEXT,
ADD COLUMN     "last_attempt_at" TIMESTAMPTZ(3),
ADD COLUMN     "message_id" TEXT,
ADD COLUMN     "sent_at" TIMESTAMPTZ(3),
ADD COLUMN     "state" "OutboxState" NOT NULL DEFAULT 'QUEUED',
ALTER COLUMN "sealed_payload" DROP NOT NULL;

-- What waits already is due at once.
UPDATE "outbox_messages" SET "due_at" = "created_at", "message_id" = '<' || "id" || '@gatehouse>';
ALTER TABLE "outbox_messages" ALTER COLUMN "due_at" SET NOT NULL,
ALTER COLUMN "message_id" SET NOT NULL;

-- CreateTable
CREATE TABLE "expiry_notices" (
    "user_id" UUID NOT NULL,
    "password_set_at" TIMESTAMPTZ(3) NOT NULL,
    "days" SMALLINT NOT NULL,
    "sent_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "expiry_notices_pkey" PRIMARY KEY ("user_id","password_set_at","days")
);

-- CreateIndex
CREATE INDEX "outbox_messages_created_at_id_idx" ON "outbox_messages"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "outbox_messages_state_created_at_id_idx" ON "outbox_messages"("state", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "outbox_messages_state_due_at_idx" ON "outbox_messages"("state", "due_at");

-- CreateIndex
CREATE INDEX "outbox_messages_user_id_created_at_idx" ON "outbox_messages"("user_id", "created_at" DESC);

-- AddForeignKey
ALTER TABLE "expiry_notices" ADD CONSTRAINT "expiry_notices_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
