-- AlterTable
ALTER TABLE "users" ADD COLUMN     "attempts_epoch" INTEGER NOT NULL DEFAULT 0;
