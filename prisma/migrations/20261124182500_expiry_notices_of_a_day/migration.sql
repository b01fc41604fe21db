-- What was noted of a password does not tell which day was named; at worst somebody is told once more.
DELETE FROM "expiry_notices";
ALTER TABLE "expiry_notices" RENAME COLUMN "password_set_at" TO "expires_at";
