import type { TestProject } from "vitest/node";
import { createTemplate, dropDatabase, type TestServer } from "./database";
import { startTestPostgres, urlOfDatabase } from "./postgres";

declare module "vitest" {
  interface ProvidedContext {
    testServer: TestServer;
  }
}

/** One PostgreSQL for the run, and in it the template of the test files' databases. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const postgres = await startTestPostgres();
  try {
    const server = await createTemplate(postgres.url);
    project.provide("testServer", server);
    return async () => {
      await dropDatabase(server.url, urlOfDatabase(server.url, server.template));
      await postgres.stop();
    };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}
