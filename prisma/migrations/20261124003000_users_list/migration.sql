-- CreateIndex
CREATE INDEX "users_created_at_id_idx" ON "users"("created_at" DESC, "id" DESC);

-- The rest Prisma's schema cannot say: an order with its nulls last, an index over a part of the rows, and one over an
-- expression, for finding people by any part of an address or a name.
CREATE INDEX "users_last_login_idx" ON "users" ("last_login_at" DESC NULLS LAST, "id" DESC);
CREATE INDEX "users_locked_idx" ON "users" ("email_key") WHERE "locked_at" IS NOT NULL;
CREATE INDEX "users_not_active_idx" ON "users" ("state", "email_key") WHERE "state" <> 'ACTIVE';
CREATE INDEX "users_search_idx" ON "users"
  USING GIN (("email_key" || ' ' || lower("first_name") || ' ' || lower("last_name")) gin_trgm_ops);
CREATE INDEX "audit_events_subject_idx" ON "audit_events" ("subject_id", "at" DESC, "id" DESC);
