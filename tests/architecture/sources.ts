import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";

const SKIPPED = new Set([
  "node_modules",
  "build",
  "public",
  "generated",
  "test-results",
  "playwright-report",
]);
const SOURCE = /(?<!\.d)\.(?:[cm]?[jt]s|tsx)$/;

function* sourcesIn(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name.startsWith(".") || SKIPPED.has(entry.name)) continue;
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) yield* sourcesIn(path);
    else if (SOURCE.test(entry.name) && !/\.d\.[cm]ts$/.test(entry.name) && entry.name !== "next-env.d.ts") {
      yield path;
    }
  }
}

/** The sources of this repository as path → text, without generated files. */
export function readSources(): Record<string, string> {
  return Object.fromEntries([...sourcesIn(".")].map((path) => [path, readFileSync(path, "utf8")]));
}
