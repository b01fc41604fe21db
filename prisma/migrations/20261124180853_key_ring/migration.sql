-- AlterTable
ALTER TABLE "signing_keys" ADD COLUMN     "activated_at" TIMESTAMPTZ(3),
ADD COLUMN     "earlier_until" TIMESTAMPTZ(3),
ADD COLUMN     "retired_by" TEXT;

-- What is known of the keys that are there. A renamed issuer's entry is as old as its key, and says nothing of itself.
UPDATE "signing_keys" AS k SET "activated_at" = k."created_at"
WHERE NOT EXISTS (SELECT FROM "signing_keys" AS o WHERE o."fingerprint" = k."fingerprint" AND o."kid" <> k."kid");

-- Whoever signs everyone out does it with a save, and all keys end in that instant.
UPDATE "signing_keys" SET "retired_by" = 'sign-out'
WHERE "verify_until" IN (SELECT "saved_at" FROM "settings_revisions" WHERE "panel" = 'jwt');
