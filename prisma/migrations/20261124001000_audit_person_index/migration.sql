-- The audit is searched by any part of an address. The extension is a trusted one: whoever owns the database may add it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- DropIndex
DROP INDEX "audit_events_actor_email_at_idx";

-- DropIndex
DROP INDEX "audit_events_subject_email_at_idx";

-- CreateIndex
CREATE INDEX "audit_events_person_idx" ON "audit_events" USING GIN ("actor_email" gin_trgm_ops, "subject_email" gin_trgm_ops);
