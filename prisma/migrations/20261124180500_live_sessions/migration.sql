-- The list of live sessions, newest first, at a million of them: all, of one kind, and of one person. Prisma's schema cannot
-- say that an index is over a part of the rows. What is in use is not ordered by its last use, so that noting a use
-- touches no index.
CREATE INDEX "sessions_live_idx" ON "sessions" ("created_at" DESC, "id" DESC) WHERE "ended_at" IS NULL;
CREATE INDEX "sessions_live_kind_idx" ON "sessions" ("kind", "created_at" DESC, "id" DESC) WHERE "ended_at" IS NULL;
CREATE INDEX "sessions_live_person_idx" ON "sessions" ("user_id", "created_at" DESC, "id" DESC) WHERE "ended_at" IS NULL;
