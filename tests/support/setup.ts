import { afterAll, inject } from "vitest";
import { verbsEnv } from "./environment";
import { createDatabase, dropDatabase } from "./make-database";
import "./patient-hashes";

// Runs before each test file, in its process: the file's own database, and the environment of a running server.
const server = inject("testServer");
const databaseUrl = await createDatabase(server);
const env = verbsEnv(databaseUrl);
for (const name of Object.keys(process.env)) {
  if (!(name in env)) delete process.env[name];
}
Object.assign(process.env, env);

afterAll(async () => {
  const { closeDatabase } = await import("@/lib/core/db");
  await closeDatabase();
  await dropDatabase(server.url, databaseUrl);
});
