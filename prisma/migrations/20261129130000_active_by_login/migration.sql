-- The active by their oldest login: whoever never logged in comes first, and nearly all of those are invited.
CREATE INDEX "users_active_last_login_idx"
  ON "users" (COALESCE("last_login_at", '-infinity'::timestamptz) DESC, "id" DESC) WHERE "state" = 'ACTIVE';
