-- Links that unlock an account are deleted soon after they expire, too.
DROP INDEX "account_links_grants_idx";
CREATE INDEX "account_links_short_lived_idx" ON "account_links" ("expires_at") WHERE "purpose" IN ('PASSWORD_EXPIRED', 'UNLOCK');
