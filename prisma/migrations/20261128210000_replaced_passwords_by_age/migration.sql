-- Replaced passwords that the reuse rule no longer needs are found without reading all others.
-- CreateIndex
CREATE INDEX "password_history_replaced_at_idx" ON "password_history"("replaced_at");
