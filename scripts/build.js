// Builds prisma/generated (the Prisma client), .next (the console) and build/server (what runs it) from the sources.
// Stores a digest of the sources for each, and builds only what has changed. Every version of Node builds the same: after
// an upgrade of Node, a server whose user may not write here starts with what there is.

const crypto = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { Failure, run } = require("./run.js");

const BUILD_FOLDER = path.resolve("build");
const SERVER_ENTRY = path.join(BUILD_FOLDER, "server", "main.mjs");
const ADMIN_ENTRY = path.join(BUILD_FOLDER, "server", "admin.mjs");

/** Each step: the file of its digest, its sources, and what must exist afterwards. */
const CLIENT = {
  stamp: path.join(BUILD_FOLDER, "client.digest"),
  sources: ["prisma/schema.prisma", "prisma.config.ts", "package-lock.json"],
  result: "prisma/generated/client.ts",
};
const SERVER = {
  stamp: path.join(BUILD_FOLDER, "server.digest"),
  sources: ["server", "lib", "prisma", "scripts/build.js", "tsconfig.json", "package-lock.json"],
  result: SERVER_ENTRY,
};
const CONSOLE = {
  stamp: path.join(BUILD_FOLDER, "console.digest"),
  sources: [
    "app",
    "components",
    "lib",
    "prisma/schema.prisma",
    "public",
    "proxy.ts",
    "instrumentation.ts",
    "next.config.js",
    "postcss.config.mjs",
    "tsconfig.json",
    "package-lock.json",
  ],
  result: ".next/BUILD_ID",
};

const IGNORED = /(?:^|\/)(?:generated|node_modules)$|\.test\.tsx?$/;

function* filesOf(source) {
  if (IGNORED.test(source)) return;
  const stat = fs.statSync(source, { throwIfNoEntry: false });
  if (stat?.isFile()) yield source;
  if (!stat?.isDirectory()) return;
  for (const name of fs.readdirSync(source).sort()) yield* filesOf(`${source}/${name}`);
}

function digestOf({ sources }) {
  const hash = crypto.createHash("sha256");
  for (const file of sources.flatMap((source) => [...filesOf(source)])) {
    hash.update(`\0${file}\0`).update(fs.readFileSync(file));
  }
  return hash.digest("hex");
}

function isUpToDate(step) {
  if (!fs.existsSync(step.result) || !fs.existsSync(step.stamp)) return false;
  return fs.readFileSync(step.stamp, "utf8") === digestOf(step);
}

/** Does a step's work if its sources have changed since, or its result is gone. */
async function buildIfStale(step, work) {
  if (isUpToDate(step)) return;
  // Computed before the work, so that a file edited meanwhile is built next time.
  const digest = digestOf(step);
  fs.rmSync(step.stamp, { force: true });
  await work(digest);
  fs.writeFileSync(step.stamp, digest);
}

/**
 * An esbuild plugin that empties the package `server-only`: it throws outside of Next, but no browser gets this code.
 * @type {import("esbuild").Plugin}
 */
const emptyServerOnly = {
  name: "server-only",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^server-only$/ }, () => ({ path: "server-only", namespace: "empty" }));
    onLoad({ filter: /.*/, namespace: "empty" }, () => ({ contents: "" }));
  },
};

/** Bundles TypeScript for Node, without the packages. Several entries share the code that more than one imports. */
async function bundle(entries, folder) {
  const entryPoints = [entries].flat();
  const { build, stop } = require("esbuild");
  try {
    await build({
      entryPoints,
      outdir: folder,
      outExtension: { ".js": ".mjs" },
      bundle: true,
      splitting: true,
      format: "esm",
      platform: "node",
      target: "node20.9",
      packages: "external",
      sourcemap: true,
      plugins: [emptyServerOnly],
      logLevel: "silent",
    });
  } catch (error) {
    throw new Failure(`Bundling ${entryPoints.join(", ")} failed.\n\n${error.message}\n`);
  } finally {
    // Its program would otherwise run on for as long as the server, with the environment and the secrets in it.
    await stop();
  }
}

/**
 * Makes builds of the same sources identical everywhere, so that a page of one server finds its scripts and actions on
 * every other. By itself Next generates a random key in each folder, and derives the action ids from it. The key is no
 * secret: it would encrypt the variables that an action closes over, and no action does (tests/architecture). Next reads
 * no .env file, because no digest covers it, nor the browsers that a package.json above the clone names.
 */
function consoleEnv(digest) {
  return {
    __NEXT_PROCESSED_ENV: "true",
    BROWSERSLIST: require("next/dist/shared/lib/modern-browserslist-target.js").join(),
    GATEHOUSE_SOURCE_DIGEST: digest,
    NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: Buffer.from(digest, "hex").toString("base64"),
  };
}

function needsBuild({ isDev }) {
  return !(isUpToDate(CLIENT) && isUpToDate(SERVER) && (isDev || isUpToDate(CONSOLE)));
}

/**
 * Builds what is missing or out of date.
 * @param {{ isDev: boolean; say: (line: string) => void; beforeConsole?: () => Promise<void> }} options `beforeConsole`:
 *   is awaited before the console, which takes a minute, is built; what it throws ends the build
 */
async function build({ isDev, say, beforeConsole = async () => {} }) {
  fs.mkdirSync(BUILD_FOLDER, { recursive: true });
  const node = process.execPath;
  await buildIfStale(CLIENT, () =>
    run("Generating the database client", [node, "node_modules/prisma/build/index.js", "generate"], {
      say,
      env: { CHECKPOINT_DISABLE: "1", PRISMA_HIDE_UPDATE_MESSAGE: "1" },
    }),
  );
  await buildIfStale(SERVER, () => bundle(["server/main.ts", "server/admin.ts"], path.dirname(SERVER_ENTRY)));
  if (isDev) return;
  await buildIfStale(CONSOLE, async (digest) => {
    await beforeConsole();
    await run("Building the console", [node, "node_modules/next/dist/bin/next", "build"], {
      say,
      env: { NODE_ENV: "production", ...consoleEnv(digest) },
    });
  });
}

module.exports = {
  ADMIN_ENTRY,
  BUILD_FOLDER,
  SERVER_ENTRY,
  build,
  buildIfStale,
  bundle,
  CONSOLE,
  consoleEnv,
  digestOf,
  emptyServerOnly,
  needsBuild,
  SERVER,
};
