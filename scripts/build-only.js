// `npm run build`: installs and builds as `npm start` does, but starts nothing: for a container image, for a folder
// where the server's user may not write, or ahead of an upgrade.

const { runProgram } = require("./node.js");

process.env.NODE_ENV = "production";
process.env.NEXT_TELEMETRY_DISABLED = "1";

const say = (line) => process.stdout.write(`${line}\n`);

runProgram(async () => {
  const { prepare } = require("./prepare.js");
  await prepare({ say });
  say("Everything is built. Start Gatehouse with npm start.");
});
