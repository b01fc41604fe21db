// `npm start` and `npm run dev`: prepares whatever a fresh clone lacks, then runs the server in the same process.

const { runProgram } = require("./node.js");
const { lowerHelperThreads } = require("./helper-threads.js");
const { whenParentEnds } = require("./parent.js");

const isDev = process.argv.includes("--dev");
process.env.NODE_ENV = isDev ? "development" : "production";
process.env.NEXT_TELEMETRY_DISABLED = "1";
lowerHelperThreads();

// Node would open its debugger, through which every user of this machine could read all secrets. Some send this signal to
// any service, to have it reopen its log.
if (!isDev) process.on("SIGUSR1", () => undefined);

// npm forwards SIGTERM to the shell between it and us, and many shells exit without forwarding it: so watch the parent.
if (["start", "dev"].includes(process.env.npm_lifecycle_event)) {
  whenParentEnds(() => process.kill(process.pid, "SIGTERM"));
}

/** Refuses arguments such as --port: the operator would believe that they had an effect. */
function refuseArguments() {
  const [unknown] = process.argv.slice(2).filter((argument) => argument !== "--dev");
  if (unknown === undefined) return;
  const name = isDev ? "npm run dev" : "npm start";
  const { Failure } = require("./run.js");
  throw new Failure(
    `${name} takes no arguments, such as ${unknown}. Settings are environment variables, for example: PORT=8080 ${name}\n` +
      "README.md lists them.",
  );
}

/** Reports a wrong setting or a busy port at once, and not only after the minute that the console takes to build. */
async function requireGoodSettings() {
  const { problemBeforeStart } = await importServer();
  const problem = await problemBeforeStart();
  const { Failure } = require("./run.js");
  if (problem !== null) throw new Failure(problem);
}

function importServer() {
  const { load, SERVER_ENTRY } = require("./prepare.js");
  return load(SERVER_ENTRY);
}

runProgram(async () => {
  refuseArguments();
  const { requireEmbeddedDatabase } = require("./platform.js");
  if (!process.env.DATABASE_URL) requireEmbeddedDatabase();
  const { prepare } = require("./prepare.js");
  const say = (line) => process.stdout.write(`${line}\n`);
  await prepare({ isDev, say, beforeConsole: requireGoodSettings });
  const { main } = await importServer();
  await main({ isDev });
});
