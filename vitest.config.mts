import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import type { InlineConfig } from "vitest/node";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Tests that need no database although they are in `tests/`. */
const withoutDatabase = [
  "tests/architecture.test.ts",
  "tests/background-work.test.ts",
  "tests/build-sources.test.ts",
  "tests/dependencies.test.ts",
  "tests/documents.test.ts",
  "tests/helper-threads.test.ts",
  "tests/install.test.ts",
  "tests/interrupted-run.test.ts",
  "tests/log-events.test.ts",
  "tests/odd-folder.test.ts",
  "tests/odd-machine.test.ts",
  "tests/older-node.test.ts",
  "tests/prepare-lock.test.ts",
  "tests/request-errors.test.ts",
  "tests/start-arguments.test.ts",
  "tests/start-settings.test.ts",
  "tests/supervise.test.ts",
  "tests/test-reports.test.ts",
];

/**
 * Matches test files that need a process of their own, because they change it in a way that would break later files.
 */
const NEEDS_ITS_OWN = /\bvi\.mock\(|\bvi\.resetModules\(|\bprocess\.env\.\w+ = /;

const findTests = (...folders: string[]) =>
  folders.flatMap((folder) =>
    readdirSync(here(folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.test\.tsx?$/.test(name))
      .map((name) => `${folder}/${name}`),
  );

/**
 * Returns two projects: test files that run one after the other in shared processes, because starting and warming up a
 * process takes longer than most files do, and those that need a process of their own.
 */
function projectsOf(name: string, paths: readonly string[], options: InlineConfig) {
  const isApart = (path: string) => NEEDS_ITS_OWN.test(readFileSync(here(path), "utf8"));
  const inTurn = { name, include: paths.filter((path) => !isApart(path)), isolate: false };
  const apart = { name: `${name}-apart`, include: paths.filter(isApart), isolate: true };
  return [inTurn, apart].map((part) => ({ extends: true as const, test: { ...options, ...part } }));
}

export default defineConfig({
  resolve: {
    alias: {
      "@": here("."),
      // Outside of Next the package throws; nothing here reaches a browser.
      "server-only": here("tests/support/server-only.ts"),
    },
  },
  test: {
    pool: "forks",
    // Generous, because some tests read the whole tree, try thousands of values or log in hundreds of times at once, and
    // the machine may be busy: it only ends a test that hangs.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // Overrides the NODE_ENV of the developer's shell.
    env: { NODE_ENV: "test" },
    expect: {
      // A test without one could not fail.
      requireAssertions: true,
      // A long timeout for a busy machine, and a short interval to see states that pass quickly on an idle one.
      poll: { timeout: 10_000, interval: 5 },
    },
    // next-auth imports "next/server" without an extension, which only a bundler resolves.
    server: { deps: { inline: ["next-auth"] } },
    projects: [
      ...projectsOf("unit", [...findTests("lib", "components", "app", "server"), ...withoutDatabase], {
        globalSetup: "tests/support/without-database/global-setup.ts",
        // Nothing else runs meanwhile; by default vitest would leave one core idle.
        maxWorkers: "100%",
      }),
      ...projectsOf(
        "integration",
        findTests("tests").filter((path) => !withoutDatabase.includes(path)),
        {
          globalSetup: "tests/support/global-setup.ts",
          setupFiles: "tests/support/setup.ts",
          // WebAssembly compiles Prisma's queries; optimising it in each process takes longer than it ever saves.
          execArgv: ["--liftoff-only"],
          // Each process has its own database, and waits for it or for a clock a third of the time: with two, a third of
          // two cores would be idle.
          maxWorkers: 3,
          // Runs after the unit tests if both are requested: projects in one group must have the same `maxWorkers`.
          sequence: { groupOrder: 1 },
        },
      ),
    ],
  },
});
