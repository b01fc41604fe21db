// `npm run bench`: makes ready what `npm start` makes ready, then measures. Exits with 1 when a limit is missed.

const path = require("node:path");
const { pathToFileURL } = require("node:url");

process.chdir(path.join(__dirname, ".."));
process.env.NEXT_TELEMETRY_DISABLED = "1";

/** The processes of the measurement, each bundled by itself. */
const PROGRAMS = ["main", "raw-hashing", "verb"];

async function start() {
  const say = (line) => process.stdout.write(`${line}\n`);
  const { prepare } = require("../scripts/prepare.js");
  await prepare({ say });
  const { BUILD_FOLDER, bundle } = require("../scripts/build.js");
  const { findOrInstallChromium } = require("../scripts/chromium.js");
  const folder = path.join(BUILD_FOLDER, "bench");
  for (const program of PROGRAMS) await bundle(`bench/${program}.ts`, folder);
  const chromium = await findOrInstallChromium(say);
  const { main } = await import(pathToFileURL(path.join(folder, "main.mjs")).href);
  process.exitCode = (await main({ say, chromium })) ? 0 : 1;
}

start().catch((error) => {
  process.stderr.write(`\n${error.isForPeople ? error.message : error.stack}\n`);
  process.exitCode = 1;
});
