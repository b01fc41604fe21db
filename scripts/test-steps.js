// The steps of `npm test`, in order. Each returns how many of its checks passed and failed, and what was printed.

const fs = require("node:fs");
const path = require("node:path");
const { findOrInstallChromium } = require("./chromium.js");
const { prepare } = require("./prepare.js");
const { errorText } = require("./run.js");
const { supervise } = require("./supervise.js");
const { readPlaywright, readVitest, settle } = require("./test-reports.js");

const BIOME = "node_modules/@biomejs/biome/bin/biome";
const NEXT = "node_modules/next/dist/bin/next";
const PLAYWRIGHT = "node_modules/@playwright/test/cli.js";
const TYPESCRIPT = "node_modules/typescript/bin/tsc";
const VITEST = "node_modules/vitest/vitest.mjs";
const VITEST_REPORTER = "./scripts/vitest-reporter.mjs";

/**
 * @typedef {{ deadline: number; isLive: boolean; reports: string; args: string[]; say: (line: string) => void }} Context
 * @typedef {{ passed: number; failed: number; output: string }} Outcome
 */

const node = (script, ...args) => [process.execPath, script, ...args];

/** Runs programs that count as one check; the first failure ends it. */
async function asOneCheck(commands, context) {
  for (const command of commands) {
    const { ok, output } = await supervise(command, context);
    if (!ok) return { passed: 0, failed: 1, output };
  }
  return { passed: 1, failed: 0, output: "" };
}

async function checkTypes(context) {
  // `npm run dev` leaves these behind, perhaps for pages that no longer exist.
  fs.rmSync(".next/dev/types", { recursive: true, force: true });
  return asOneCheck([node(NEXT, "typegen"), node(TYPESCRIPT, "--noEmit")], context);
}

async function runVitest(project, context) {
  const report = path.join(context.reports, `${project}.json`);
  const reporters = [
    `--reporter=${context.isLive ? "default" : "dot"}`,
    `--reporter=${VITEST_REPORTER}`,
    `--outputFile.json=${report}`,
  ];
  // `integration*` includes the project `integration-apart`.
  const command = node(VITEST, "run", "--project", `${project}*`, ...reporters, ...context.args);
  const { ok, output } = await supervise(command, context);
  return { ...settle(readVitest(report), ok), output };
}

async function buildConsole({ say }) {
  try {
    await prepare({ say });
    return { passed: 1, failed: 0, output: "" };
  } catch (error) {
    return { passed: 0, failed: 1, output: errorText(error) };
  }
}

async function runPlaywright(context) {
  const report = path.join(context.reports, "end-to-end.json");
  try {
    const env = {
      CHROMIUM_PATH: await findOrInstallChromium(context.say),
      PLAYWRIGHT_JSON_OUTPUT_FILE: report,
    };
    await prepare(context);
    // A named part runs by itself, without the project that it depends on.
    const part = context.args.length > 0 ? ["--no-deps", ...context.args] : [];
    const command = node(PLAYWRIGHT, "test", "--reporter=list,json", ...part);
    // On SIGTERM Playwright exits before its workers have removed their browsers' folders.
    const { ok, output } = await supervise(command, { ...context, env, endsAt: "SIGINT" });
    return { ...settle(readPlaywright(report), ok), output };
  } catch (error) {
    return { passed: 0, failed: 1, output: errorText(error) };
  }
}

/** @type {{ name: string; title: string; run: (context: Context) => Promise<Outcome> }[]} */
const steps = [
  {
    name: "lint",
    title: "Format and lint",
    run: (context) => asOneCheck([node(BIOME, "check", "--error-on-warnings")], context),
  },
  { name: "types", title: "Types", run: checkTypes },
  { name: "unit", title: "Unit and architecture", run: (context) => runVitest("unit", context) },
  {
    name: "integration",
    title: "Integration on PostgreSQL",
    run: (context) => runVitest("integration", context),
  },
  { name: "build", title: "Production build", run: buildConsole },
  { name: "e2e", title: "End to end in Chromium", run: runPlaywright },
];

module.exports = { steps };
