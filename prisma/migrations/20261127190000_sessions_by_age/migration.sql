-- All sessions, so that those that have been over for long are found without reading the table. Not by their end, because a
-- renewal, which changes it, would then write to every index of the table.
-- CreateIndex
CREATE INDEX "sessions_created_at_id_idx" ON "sessions"("created_at" DESC, "id" DESC);
