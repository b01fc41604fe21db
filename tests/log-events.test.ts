import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { readSources } from "./architecture/sources";

const code = Object.entries(readSources())
  .filter(
    ([path]) => /^(?:lib|app|server|instrumentation\.ts|proxy\.ts)\b/.test(path) && !/\.test\./.test(path),
  )
  .map(([, text]) => text)
  .join("\n");
const [, table = ""] = readFileSync("docs/operations.md", "utf8").split("Worth an alarm:");
const rows = table.split("\n").filter((line) => /^\| `[a-z-]+`.*\| (?:warn|error|fatal) +\|/.test(line));
const documented = rows.flatMap((row) =>
  [...(row.split("|")[1] ?? "").matchAll(/`([a-z-]+)`/g)].map(([, name]) => name),
);

it("docs/operations.md lists every event that is worth an alarm", () => {
  const calls = [...code.matchAll(/log\(\)\.(?:warn|error|fatal)\(([^;]*?)\}\)/g)].map(
    ([, call = ""]) => call,
  );
  const events = calls.flatMap((call) =>
    [...call.matchAll(/"([a-z]+(?:-[a-z]+)+)"/g)].map(([, name]) => name),
  );
  expect(events.length).toBeGreaterThan(15);
  expect(events.filter((event) => !documented.includes(event))).toEqual([]);
});

it("docs/operations.md lists no event that nothing logs", () => {
  expect(documented.filter((event) => !code.includes(`"${event}"`))).toEqual([]);
});
