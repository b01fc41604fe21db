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

// Vitest loads this file once for each project; the symbol lets them share one run.
const RUN = Symbol.for("gatehouse.test-run");
const shared = globalThis as { [RUN]?: Promise<Run> };

/** Starts the run's PostgreSQL, and makes a migrated template, from which each test process copies its database. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  cleanOwnEnv();
  removeCopiesAtExit(project);
  shared[RUN] ??= startRun();
  const { server, end } = await shared[RUN];
  project.provide("testServer", server);
  return end;
}
