import { defineConfig } from "@playwright/test";
import { findChromium } from "./scripts/chromium.js";
import { cleanOwnEnv } from "./tests/support/environment";

cleanOwnEnv();

// Searched once: the workers load this file too, and inherit the variable.
process.env.CHROMIUM_PATH ||= findChromium() ?? "";

/** Measures how requests affect one another, and so needs the machine for itself. */
const ALONE = "**/overload.spec.ts";

/** Keeps the browser from connecting to anything but the product. */
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
  // A test that passes only on a retry counts as failed.
  retries: 0,
  // Each worker has its own server and database.
  workers: 2,
  projects: [
    { name: "scenarios", testIgnore: ALONE },
    { name: "alone", testMatch: ALONE, workers: 1, dependencies: ["scenarios"] },
  ],
  forbidOnly: true,
  // Generous, because the machine may be busy: it only ends a test that hangs.
  timeout: 120_000,
  expect: { timeout: 10_000 },
  reporter: "list",
  use: {
    browserName: "chromium",
    locale: "en-US",
    timezoneId: "UTC",
    // Smooth scrolling to the focused element would move a button away between mouse down and mouse up.
    contextOptions: { reducedMotion: "reduce" },
    // Traces take a sixth of the time, and few tests fail: `npm test -- e2e e2e/login.spec.ts --trace on` records them.
    trace: "off",
    screenshot: "only-on-failure",
    launchOptions: {
      ...(process.env.CHROMIUM_PATH && { executablePath: process.env.CHROMIUM_PATH }),
      args: QUIET,
      // Does not work for root, or in most containers; the tests visit the product's own pages only.
      chromiumSandbox: false,
    },
  },
});
