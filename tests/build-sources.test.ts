import { expect, it } from "vitest";
import { CONSOLE, SERVER } from "../scripts/build.js";
import { readModules } from "./architecture/modules";
import { readSources } from "./architecture/sources";

const sources = readSources();
const modules = new Map(readModules(sources).map((module) => [module.path, module]));

/** These files and all that they import, without generated files. */
function reachedFrom(paths: readonly string[]): Set<string> {
  const reached = new Set<string>();
  const open = [...paths];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    const imports = modules.get(path)?.imports ?? [];
    open.push(...imports.map(({ target }) => target).filter((target) => modules.has(target)));
  }
  return reached;
}

// A loaded file that is not among a build's sources would not change its digest, so the old build would be served.
it.each([
  ["server", SERVER, ["server/main.ts", "server/admin.ts"]],
  [
    "console",
    CONSOLE,
    Object.keys(sources).filter(
      (path) =>
        /^(?:app\/|(?:proxy|instrumentation|next\.config|postcss\.config)\.)/.test(path) &&
        !/\.test\.tsx?$/.test(path),
    ),
  ],
] as const)("the %s is built anew when any of its sources changes", (_name, step, entries) => {
  const isWatched = (path: string) =>
    step.sources.some((source) => path === source || path.startsWith(`${source}/`));
  const reached = [...reachedFrom(entries)];
  expect(reached.length).toBeGreaterThan(entries.length);
  expect(reached.filter((path) => !isWatched(path))).toEqual([]);
});
