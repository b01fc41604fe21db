import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What runs without a database although it lies in `tests/`. */
const withoutDatabase = [
  "tests/architecture.test.ts",
  "tests/background-work.test.ts",
  "tests/build-sources.test.ts",
  "tests/dependencies.test.ts",
  "tests/interrupted-run.test.ts",
  "tests/older-node.test.ts",
  "tests/prepare-lock.test.ts",
  "tests/supervise.test.ts",
  "tests/test-reports.test.ts",
];

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
      {
        extends: true,
        test: {
          name: "unit",
          globalSetup: "tests/support/without-database/global-setup.ts",
          // Some read the whole tree, or try thousands of values; a machine with other work takes its time.
          testTimeout: 30_000,
          include: ["{lib,components,app,server}/**/*.test.{ts,tsx}", ...withoutDatabase],
        },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: ["tests/**/*.test.ts"],
          exclude: withoutDatabase,
          globalSetup: "tests/support/global-setup.ts",
          setupFiles: "tests/support/setup.ts",
          pool: "forks",
          // Each file has its own database, and waits for it half of the time.
          maxWorkers: 2,
          // Hundreds of logins at once take their time where others are at work; it only ends what hangs.
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
