import path from "node:path";
import type { TestProject } from "vitest/node";
import { migrate } from "@/server/migrations";
import { cleanOwnEnv } from "./environment";
import { createEmptyDatabase, dropTemplate, type TestServer } from "./make-database";
import { startTestPostgres } from "./postgres";
import { removeCopiesAtExit } from "./transformed-copies";

declare module "vitest" {
  interface ProvidedContext {
    testServer: TestServer;
  }
}

type Run = { server: TestServer; end: () => Promise<void> };

async function startRun(): Promise<Run> {
  const postgres = await startTestPostgres();
  try {
    const templateUrl = await createEmptyDatabase(postgres.url);
    await migrate(templateUrl, path.resolve("prisma/migrations"));
    const server = { url: postgres.url, template: new URL(templateUrl).pathname.slice(1) };
    let ended: Promise<void> | undefined;
    return {
      server,
      end() {
        ended ??= dropTemplate(server).then(postgres.stop);
        return ended;
      },
    };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

// This file is loaded for each of vitest's projects.
const RUN = Symbol.for("gatehouse.test-run");
const shared = globalThis as { [RUN]?: Promise<Run> };

/** One PostgreSQL for the run, and in it, migrated once, the template of the databases of the test processes. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  cleanOwnEnv();
  removeCopiesAtExit(project);
  shared[RUN] ??= startRun();
  const { server, end } = await shared[RUN];
  project.provide("testServer", server);
  return end;
}
