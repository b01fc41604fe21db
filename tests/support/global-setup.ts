import path from "node:path";
import type { TestProject } from "vitest/node";
import { migrate } from "@/server/migrations";
import { cleanOwnEnv } from "./environment";
import { createEmptyDatabase, dropDatabase, type TestServer } from "./make-database";
import { startTestPostgres } from "./postgres";
import { removeCopiesAtExit } from "./transformed-copies";

declare module "vitest" {
  interface ProvidedContext {
    testServer: TestServer;
  }
}

/** One PostgreSQL for the run, and in it, migrated once, the template of the test files' databases. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  cleanOwnEnv();
  removeCopiesAtExit(project);
  const postgres = await startTestPostgres();
  try {
    const templateUrl = await createEmptyDatabase(postgres.url);
    await migrate(templateUrl, path.resolve("prisma/migrations"));
    project.provide("testServer", { url: postgres.url, template: new URL(templateUrl).pathname.slice(1) });
    return async () => {
      await dropDatabase(postgres.url, templateUrl);
      await postgres.stop();
    };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}
