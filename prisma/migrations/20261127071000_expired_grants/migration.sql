-- Links to replace an expired password are deleted soon after they expire.
-- CreateIndex
CREATE INDEX "account_links_grants_idx" ON "account_links" ("expires_at") WHERE "purpose" = 'PASSWORD_EXPIRED';
