import { fileURLToPath } from "node:url";
import { defineConfig } from "prisma/config";

// The engine that needs no download, unless the variable is set. docs/decisions/0001-offline-schema-engine.md
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= fileURLToPath(new URL("prisma/engine/cli.mjs", import.meta.url));

export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
  datasource: { url: process.env.DATABASE_URL ?? "" },
});
