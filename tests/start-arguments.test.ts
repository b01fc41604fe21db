import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";

it.each([
  ["scripts/start.js", "npm start"],
  ["scripts/start.js --dev", "npm run dev"],
])("%s refuses arguments, which would have no effect, and says what has", async (command, name) => {
  const args = [...command.split(" "), "--port", "8080"];
  const refused = await promisify(execFile)(process.execPath, args).catch((error) => error);
  expect(refused).toMatchObject({
    code: 1,
    stdout: "",
    stderr: `${name} takes no arguments, such as --port. Settings are environment variables, for example: PORT=8080 ${name}\nREADME.md lists them.\n`,
  });
});
