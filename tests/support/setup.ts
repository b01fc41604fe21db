import { inject } from "vitest";
import { verbsEnv } from "./environment";
import { createDatabase } from "./make-database";
import "./patient-hashes";

// Runs before each test file. The files of one process share a database, which the first of them creates; each file
// begins with the same environment, that of a running server.
const ENV = Symbol.for("gatehouse.test-environment");
const here = globalThis as { [ENV]?: Promise<Record<string, string>> };
here[ENV] ??= createDatabase(inject("testServer")).then(verbsEnv);
const env = await here[ENV];
for (const name of Object.keys(process.env)) {
  if (!(name in env)) delete process.env[name];
}
Object.assign(process.env, env);
