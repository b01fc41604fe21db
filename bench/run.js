// `npm run bench`: prepares what `npm start` prepares, then measures. Exits with 1 when a limit is missed.
// `-- rest pages` measures those parts only (bench/options.ts lists all); `-- --users 1000000` adds that many accounts.

const { runProgram } = require("../scripts/node.js");
const path = require("node:path");
const { pathToFileURL } = require("node:url");

process.env.NEXT_TELEMETRY_DISABLED = "1";

/** The processes of the measurement, each bundled by itself. */
const PROGRAMS = ["main", "raw-hashing", "verb", "attacker", "many-users"];

runProgram(async () => {
  const say = (line) => process.stdout.write(`${line}\n`);
  const { prepare } = require("../scripts/prepare.js");
  await prepare({ isForTests: true, say });
  const { BUILD_FOLDER, bundle } = require("../scripts/build.js");
  const { findOrInstallChromium } = require("../scripts/chromium.js");
  const folder = path.join(BUILD_FOLDER, "bench");
  for (const program of PROGRAMS) await bundle(`bench/${program}.ts`, folder);
  const { main, readOptions } = await import(pathToFileURL(path.join(folder, "main.mjs")).href);
  const options = readOptions(process.argv.slice(2));
  const chromium = options.parts.has("pages") ? await findOrInstallChromium(say) : "";
  process.exitCode = (await main({ say, options, chromium })) ? 0 : 1;
});
