-- Whether a search walks an order until it has met enough matches, or gathers them all and sorts, hangs on how many there
-- are; taken from a hundred samples, "one in a hundred" may be fifty of a million. None of this Prisma's schema can say.
ALTER INDEX "users_search_idx" ALTER COLUMN 1 SET STATISTICS 1000;
ANALYZE "users";
-- The locked, who are few, in the other two orders of the list.
CREATE INDEX "users_locked_newest_idx" ON "users" ("created_at" DESC, "id" DESC) WHERE "locked_at" IS NOT NULL;
CREATE INDEX "users_locked_last_login_idx"
  ON "users" (COALESCE("last_login_at", '-infinity'::timestamptz) DESC, "id" DESC) WHERE "locked_at" IS NOT NULL;
