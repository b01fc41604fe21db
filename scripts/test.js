// `npm test`: runs every check, also from a fresh clone. `npm test -- unit` runs one step, `npm test -- unit lib/core`
// a part of a step. The last line is the total.

const { runProgram } = require("./node.js");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { requireEmbeddedDatabase } = require("./platform.js");
const { prepare } = require("./prepare.js");
const { errorText } = require("./run.js");
const { endAll } = require("./supervise.js");
const { steps } = require("./test-steps.js");

/** The limit of a whole run: whatever hangs is ended while the report can still be read. */
const LIMIT_MS = 18 * 60 * 1000;
const TITLE_WIDTH = Math.max(...steps.map(({ title }) => title.length)) + 2;
const COUNT_WIDTH = 24;

const write = (text) => process.stdout.write(text);
const say = (line) => write(`${line}\n`);

/** Splits the arguments: leading names of steps choose the steps, the rest goes to their runners. */
function choose(words) {
  const names = steps.map(({ name }) => name);
  const firstOther = words.findIndex((word) => !names.includes(word));
  const chosen = firstOther < 0 ? words : words.slice(0, firstOther);
  if (words.length > 0 && chosen.length === 0) {
    say(`There is no step "${words[0]}". The steps are: ${names.join(", ")}.`);
    say("A part of a step is named after it: npm test -- unit lib/core");
    process.exit(2);
  }
  return {
    chosen: steps.filter(({ name }) => chosen.length === 0 || chosen.includes(name)),
    args: words.slice(chosen.length),
  };
}

function summary({ passed, failed }, begun) {
  const seconds = `${((Date.now() - begun) / 1000).toFixed(1)} s`;
  return `${`${passed} passed, ${failed} failed`.padEnd(COUNT_WIDTH)}${seconds.padStart(8)}`;
}

async function runStep({ title, run }, context) {
  const begun = Date.now();
  // Each step has one line, begun when the step begins; any output in between breaks it.
  let isBroken = context.isLive;
  write(`${title.padEnd(TITLE_WIDTH)}${isBroken ? "\n" : ""}`);
  const outcome = await run({
    ...context,
    say(line) {
      write(`${isBroken ? "" : "\n"}  ${line}\n`);
      isBroken = true;
    },
  });
  say(`${isBroken ? "".padEnd(TITLE_WIDTH) : ""}${summary(outcome, begun)}`);
  if (outcome.failed > 0 && outcome.output) say(`\n${outcome.output.replace(/^/gm, "  | ")}\n`);
  return outcome;
}

async function main() {
  const { chosen, args } = choose(process.argv.slice(2));
  requireEmbeddedDatabase();
  const reports = fs.mkdtempSync(path.join(os.tmpdir(), "gatehouse-reports-"));
  process.on("exit", () => fs.rmSync(reports, { recursive: true, force: true }));
  for (const [name, code] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 })) {
    process.on(name, () => endAll().then(() => process.exit(code)));
  }

  const begun = Date.now();
  const context = { deadline: begun + LIMIT_MS, isLive: chosen.length === 1, reports, args };
  const sum = { passed: 0, failed: 0 };
  await prepare({ isDev: true, isForTests: true, say });
  for (const step of chosen) {
    const { passed, failed } = await runStep(step, context);
    sum.passed += passed;
    sum.failed += failed;
  }
  if (chosen.length > 1) say(`${"All of it".padEnd(TITLE_WIDTH)}${summary(sum, begun)}`);
  return sum;
}

process.env.NEXT_TELEMETRY_DISABLED = "1";
process.env.CHECKPOINT_DISABLE = "1";
if (!process.stdout.isTTY) process.env.NO_COLOR = "1";

runProgram(() =>
  main()
    .catch((error) => {
      say(`\n${errorText(error)}\n`);
      return { passed: 0, failed: 1 };
    })
    .then(({ passed, failed }) => {
      say(`${passed} passed, ${failed} failed`);
      process.exitCode = failed > 0 ? 1 : 0;
    }),
);
