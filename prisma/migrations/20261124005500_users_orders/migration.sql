-- The orders of the list at a million accounts; none of it Prisma's schema can say.
-- Who never logged in stands last by a value of their own, so that a place in that order is one comparison.
DROP INDEX "users_last_login_idx";
CREATE INDEX "users_last_login_idx" ON "users" (COALESCE("last_login_at", '-infinity'::timestamptz) DESC, "id" DESC);
-- The invited and the disabled are few and not spread evenly: who is invited has never logged in. Walking everybody in
-- order until fifty of them have turned up can mean walking everybody.
CREATE INDEX "users_not_active_newest_idx" ON "users" ("state", "created_at" DESC, "id" DESC) WHERE "state" <> 'ACTIVE';
CREATE INDEX "users_not_active_last_login_idx"
  ON "users" ("state", COALESCE("last_login_at", '-infinity'::timestamptz) DESC, "id" DESC) WHERE "state" <> 'ACTIVE';
-- A lock that is over stays in its row until the next login: only the end tells the few that hold from the many that did.
CREATE INDEX "users_locked_until_idx" ON "users" (COALESCE("locked_until", 'infinity'::timestamptz))
  WHERE "locked_at" IS NOT NULL;
-- A blank before all of it, so that one or two letters can be looked for where a word begins.
DROP INDEX "users_search_idx";
CREATE INDEX "users_search_idx" ON "users"
  USING GIN ((' ' || "email_key" || ' ' || lower("first_name") || ' ' || lower("last_name")) gin_trgm_ops);
