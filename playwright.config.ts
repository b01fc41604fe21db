import { defineConfig } from "@playwright/test";
import { findChromium } from "./scripts/chromium.js";
import { cleanOwnEnv } from "./tests/support/environment";

cleanOwnEnv();

// Looked for once; the workers read this file too, and inherit the answer.
process.env.CHROMIUM_PATH ||= findChromium() ?? "";

/** What measures how requests stand beside one another, and so wants the machine for itself. */
const ALONE = "**/overload.spec.ts";

/** A browser that says nothing to anybody but the product. */
const QUIET = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  globalSetup: "./e2e/fixtures/global-setup.ts",
  // What passes only when repeated does not work.
  retries: 0,
  // Each has a product and a database of its own.
  workers: 2,
  projects: [
    { name: "scenarios", testIgnore: ALONE },
    { name: "alone", testMatch: ALONE, workers: 1, dependencies: ["scenarios"] },
  ],
  forbidOnly: true,
  // A machine with other work takes its time; it only ends what hangs.
  timeout: 120_000,
  expect: { timeout: 10_000 },
  reporter: "list",
  use: {
    browserName: "chromium",
    locale: "en-US",
    timezoneId: "UTC",
    // A page that glides to what has the focus moves the button away between the press and the release.
    contextOptions: { reducedMotion: "reduce" },
    // A sixth of the work, for the few that fail: `npm test -- e2e e2e/login.spec.ts --trace on` makes one of these.
    trace: "off",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH || undefined,
      args: QUIET,
      // Root cannot have it, nor most containers; only the product's own pages are visited.
      chromiumSandbox: false,
    },
  },
});
