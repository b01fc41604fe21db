import { inject } from "vitest";
import { verbsEnv } from "./environment";
import { createDatabase } from "./make-database";
import "./patient-hashes";

// Runs before each test file: the database of its process, which earlier files have used, and the environment of a
// running server, which is what it was for these.
const ENV = Symbol.for("gatehouse.test-environment");
const here = globalThis as { [ENV]?: Promise<Record<string, string>> };
here[ENV] ??= createDatabase(inject("testServer")).then(verbsEnv);
const env = await here[ENV];
for (const name of Object.keys(process.env)) {
  if (!(name in env)) delete process.env[name];
}
Object.assign(process.env, env);
