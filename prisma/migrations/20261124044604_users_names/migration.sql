-- CreateIndex
CREATE INDEX "users_first_name_id_idx" ON "users"("first_name", "id");

-- CreateIndex
CREATE INDEX "users_last_name_id_idx" ON "users"("last_name", "id");
