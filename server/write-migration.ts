import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { migrate } from "./migrations";
import { StartupError } from "./startup-error";
import { startThrowawayDatabase } from "./throwaway-database";

const FOLDER = "prisma/migrations";
const SCHEMA = "prisma/schema.prisma";

/**
 * Returns the SQL from the shape that the migrations produce to that of schema.prisma; null if there is no difference.
 *
 * @throws Prisma's own error for an invalid schema
 */
async function pendingSql(): Promise<string | null> {
  const files = [{ path: SCHEMA, content: await readFile(SCHEMA, "utf8") }];
  const database = await startThrowawayDatabase();
  try {
    await migrate(database.url);
    const { openSchemaEngine } = await import("../prisma/engine/schema-engine.mjs");
    const { engine, close } = await openSchemaEngine(database.url);
    try {
      const { exitCode, stdout } = await engine.diff({
        from: { tag: "schemaDatasource", files, configDir: "prisma" },
        to: { tag: "schemaDatamodel", files },
        script: true,
        exitCode: true,
        filters: { externalTables: [], externalEnums: [] },
      });
      return exitCode === 0 ? null : (stdout ?? "");
    } finally {
      await close();
    }
  } finally {
    await database.stop();
  }
}

/**
 * Writes the next migration.
 *
 * @param name what it does, as in `add_mail_templates`
 * @returns the file, or null if there was nothing to write
 */
export async function writeMigration(name: string, now = new Date()): Promise<string | null> {
  if (!/^[a-z][a-z0-9_]{1,60}$/.test(name)) {
    throw new StartupError("Say what the migration does: npm run db:migration -- add_mail_templates");
  }
  const sql = await pendingSql();
  if (sql === null) return null;
  const stamp = now.toISOString().replace(/\D/g, "").slice(0, 14);
  const file = path.join(FOLDER, `${stamp}_${name}`, "migration.sql");
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, sql);
  return file;
}
