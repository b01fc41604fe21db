-- AlterTable
ALTER TABLE "sessions" ADD COLUMN     "refresh_jti" UUID,
ADD COLUMN     "spent_refresh" JSONB NOT NULL DEFAULT '{}';
