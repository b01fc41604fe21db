// `npm start` and `npm run dev`: prepares whatever a fresh clone lacks, then runs the server in the same process.

const { runProgram } = require("./node.js");
const { pathToFileURL } = require("node:url");

const isDev = process.argv.includes("--dev");
process.env.NODE_ENV = isDev ? "development" : "production";
process.env.NEXT_TELEMETRY_DISABLED = "1";

// npm forwards SIGTERM to the shell between it and us, and many shells exit without forwarding it: so watch the parent.
const PARENT_CHECK_MS = 250;
if (["start", "dev"].includes(process.env.npm_lifecycle_event)) {
  const launcher = process.ppid;
  const look = setInterval(() => {
    if (process.ppid === launcher) return;
    clearInterval(look);
    process.kill(process.pid, "SIGTERM");
  }, PARENT_CHECK_MS);
  look.unref();
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

runProgram(async () => {
  refuseArguments();
  const { prepare, SERVER_ENTRY } = require("./prepare.js");
  await prepare({ isDev, say: (line) => process.stdout.write(`${line}\n`) });
  const { main } = await import(pathToFileURL(SERVER_ENTRY).href);
  await main({ isDev });
});
