-- The audit is searched by an address that an account got, too.
CREATE INDEX "audit_events_new_address_idx"
  ON "audit_events" USING GIN (("details" #>> '{email,to}') gin_trgm_ops) WHERE "kind" = 'profile-changed';
