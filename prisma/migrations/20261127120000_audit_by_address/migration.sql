-- Events from a network address, newest first, or from addresses that begin with a text, in any collation. The kind comes
-- last, so that looking for one kind among a million events from an address reads the index only. Over an expression, as
-- the index of an account's events is, so that PostgreSQL has this order from no other index, and walks no other.
CREATE INDEX "audit_events_address_idx"
  ON "audit_events" ("address" text_pattern_ops, ("at" AT TIME ZONE 'UTC') DESC, "id" DESC, "kind");
