// `npm run admin -- …`: the rescue commands, beside a running server.

const { runProgram } = require("./node.js");

process.env.LOG_LEVEL = process.env.LOG_LEVEL || "error";

// The reader of stdout may be gone (a closed pipe). The command is done nevertheless; stderr says that output was lost.
process.stderr.on("error", () => undefined);
process.stdout.on("error", ({ code }) => {
  process.exitCode = 1;
  process.stderr.write(
    `The output could not be written (${code}). The command itself was carried out. If a link was lost, use reset-link.\n`,
  );
});

runProgram(async () => {
  const { ADMIN_ENTRY, load, prepare } = require("./prepare.js");
  // `isDev`, because the commands need no built console. Progress goes to stderr, apart from the command's output.
  await prepare({ isDev: true, say: (line) => process.stderr.write(`${line}\n`) });
  const { main } = await load(ADMIN_ENTRY);
  await main(process.argv.slice(2));
});
