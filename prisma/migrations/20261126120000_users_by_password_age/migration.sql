-- Whose password expires soon is gone through in this order, in portions.
-- CreateIndex
CREATE INDEX "users_password_set_at_id_idx" ON "users"("password_set_at", "id");
