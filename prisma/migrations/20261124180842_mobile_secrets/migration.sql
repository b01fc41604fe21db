-- CreateTable
CREATE TABLE "mobile_secrets" (
    "user_id" UUID NOT NULL,
    "digest" TEXT NOT NULL,
    "session_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "mobile_secrets_pkey" PRIMARY KEY ("user_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "mobile_secrets_digest_key" ON "mobile_secrets"("digest");

-- CreateIndex
CREATE INDEX "mobile_secrets_expires_at_idx" ON "mobile_secrets"("expires_at");

-- AddForeignKey
ALTER TABLE "mobile_secrets" ADD CONSTRAINT "mobile_secrets_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
