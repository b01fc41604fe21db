// Finds a Chromium that runs, and installs one if there is none. Prefers the headless shell, a browser without windows
// and profiles: it has the same engine, and takes two thirds of the time for the same tests.

const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { Failure } = require("./run.js");
const { supervise } = require("./supervise.js");

const SHELL = "chromium-headless-shell";
const NAMES = [SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC_APPLICATIONS = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
const PLAYWRIGHT = "node_modules/@playwright/test/cli.js";
const VERSION_TIMEOUT_MS = 30_000;
/** A firewall often drops a blocked download silently instead of refusing it. */
const INSTALL_TIMEOUT_MS = 180_000;

/** Whether a browser starts: it may be installed without the libraries it needs. */
function works(file) {
  if (!fs.existsSync(file)) return false;
  const outcome = spawnSync(file, ["--version"], { stdio: "ignore", timeout: VERSION_TIMEOUT_MS });
  return outcome.status === 0;
}

/** Returns Playwright's own headless shells, which are in a folder beside the Chromium that it names. */
function shellsBeside(chromium) {
  const [browsers, revision] = chromium.split(/[\\/]chromium-(\d+)[\\/]/);
  const folder = path.join(browsers, `chromium_headless_shell-${revision}`);
  if (!fs.existsSync(folder)) return [];
  const files = fs.readdirSync(folder, { recursive: true });
  return files.filter((file) => /headless.shell(\.exe)?$/.test(file)).map((file) => path.join(folder, file));
}

/** Returns the paths where a Chromium may be, best first; the npm packages must be installed. */
function candidates() {
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter(Boolean);
  const playwrights = require("@playwright/test").chromium.executablePath();
  return [
    ...shellsBeside(playwrights),
    playwrights,
    ...NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name))),
    ...MAC_APPLICATIONS,
  ];
}

/** Returns the path of a Chromium that runs; null if there is none. */
function findChromium() {
  const given = process.env.CHROMIUM_PATH;
  if (!given) return candidates().find(works) ?? null;
  if (works(given)) return given;
  throw new Failure(`CHROMIUM_PATH is ${given}, which is not a Chromium that runs here.`);
}

/** Returns the ways to install one, each with its commands, in the order in which they are tried. */
function waysToInstall() {
  const ways = [
    {
      name: "Playwright's",
      commands: [[process.execPath, PLAYWRIGHT, "install", "--only-shell", "chromium"]],
    },
  ];
  if (process.getuid?.() === 0 && fs.existsSync("/usr/bin/apt-get")) {
    const install = ["apt-get", "install", "--yes", "--no-install-recommends"];
    ways.push(
      {
        name: "the distribution's headless shell",
        commands: [
          ["apt-get", "update"],
          [...install, SHELL],
        ],
      },
      { name: "the distribution's", commands: [[...install, "chromium"]] },
    );
  }
  return ways;
}

async function runAll(commands) {
  for (const command of commands) {
    const deadline = Date.now() + INSTALL_TIMEOUT_MS;
    const outcome = await supervise(command, { deadline, env: { DEBIAN_FRONTEND: "noninteractive" } });
    if (!outcome.ok) return outcome.output;
  }
  return "";
}

/**
 * Returns the path of a Chromium that runs, and installs one if there is none.
 *
 * @param {(line: string) => void} say
 */
async function findOrInstallChromium(say) {
  const found = findChromium();
  if (found) return found;
  const failures = [];
  for (const { name, commands } of waysToInstall()) {
    say(`Installing Chromium, ${name} …`);
    failures.push(await runAll(commands));
    const installed = findChromium();
    if (installed) return installed;
  }
  const advice = "Install one (on Debian: apt-get install chromium), or set CHROMIUM_PATH.";
  throw new Failure([`No working Chromium was found. ${advice}`, ...failures].join("\n\n"));
}

module.exports = { findChromium, findOrInstallChromium };
