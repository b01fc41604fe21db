-- CreateTable
CREATE TABLE "reset_requests" (
    "id" UUID NOT NULL,
    "email_key" TEXT NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "address" TEXT NOT NULL,
    "user_agent" TEXT NOT NULL,
    "request_id" TEXT NOT NULL,

    CONSTRAINT "reset_requests_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "reset_requests_requested_at_id_idx" ON "reset_requests"("requested_at", "id");

-- CreateIndex
CREATE INDEX "reset_requests_email_key_idx" ON "reset_requests"("email_key");
