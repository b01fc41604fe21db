-- The last events of one kind about one account. Whom somebody tries passwords on has a million of another kind, and of the
-- kind that is looked for perhaps none: with any other index all of them are walked through. Over an expression, which
-- Prisma's schema cannot say, so that PostgreSQL has this order from no index but this one, and walks no other.
DROP INDEX "audit_events_subject_idx";
CREATE INDEX "audit_events_subject_idx" ON "audit_events" ("subject_id", "kind", ("at" AT TIME ZONE 'UTC') DESC, "id" DESC);
