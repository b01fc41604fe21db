import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import type { InlineConfig } from "vitest/node";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What runs without a database although it lies in `tests/`. */
const withoutDatabase = [
  "tests/architecture.test.ts",
  "tests/background-work.test.ts",
  "tests/build-sources.test.ts",
  "tests/dependencies.test.ts",
  "tests/interrupted-run.test.ts",
  "tests/log-events.test.ts",
  "tests/older-node.test.ts",
  "tests/prepare-lock.test.ts",
  "tests/supervise.test.ts",
  "tests/test-reports.test.ts",
];

/**
 * What does to its process what later files there would suffer from, or looks at what its connections have kept, and so
 * has one of its own.
 */
const NEEDS_ITS_OWN =
  /\bvi\.mock\(|\bvi\.resetModules\(|\bcloseDatabase\(|\bprocess\.env\.\w+ = |\bkeptStatements\(/;

const findTests = (...folders: string[]) =>
  folders.flatMap((folder) =>
    readdirSync(here(folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.test\.tsx?$/.test(name))
      .map((name) => `${folder}/${name}`),
  );

/**
 * Two projects: the tests that run one after the other in the same processes, because to start one and warm it up takes
 * longer than most files do, and those that need one of their own.
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
      // Outside of Next the package throws; what it guards against cannot happen here.
      "server-only": here("tests/support/empty.ts"),
    },
  },
  test: {
    // Whatever a person's shell says of their own programs.
    env: { NODE_ENV: "test" },
    // A machine with other work takes its time; whatever is looked for passes by quickly on one without.
    expect: { poll: { timeout: 10_000, interval: 5 } },
    // next-auth imports "next/server" without an extension, which only a bundler resolves.
    server: { deps: { inline: ["next-auth"] } },
    projects: [
      ...projectsOf("unit", [...findTests("lib", "components", "app", "server"), ...withoutDatabase], {
        globalSetup: "tests/support/without-database/global-setup.ts",
        pool: "forks",
        // Nothing else runs meanwhile; vitest itself would leave one core out.
        maxWorkers: "100%",
        // Some read the whole tree, or try thousands of values; a machine with other work takes its time.
        testTimeout: 30_000,
      }),
      ...projectsOf(
        "integration",
        findTests("tests").filter((path) => !withoutDatabase.includes(path)),
        {
          globalSetup: "tests/support/global-setup.ts",
          setupFiles: "tests/support/setup.ts",
          pool: "forks",
          // Prisma's queries are compiled by WebAssembly; to optimise it in every process takes longer than that lives.
          execArgv: ["--liftoff-only"],
          // Each process has its own database, and waits for it half of the time.
          maxWorkers: 2,
          // After the unit tests, where both are asked for: vitest wants as many workers for all that it runs together.
          sequence: { groupOrder: 1 },
          // Hundreds of logins at once take their time where others are at work; it only ends what hangs.
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      ),
    ],
  },
});
