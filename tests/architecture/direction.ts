import { ladder, rootFiles } from "./ladder";
import type { Module } from "./modules";
import type { Violation } from "./violation";

const rungs = new Map(ladder.flatMap((areas, rung) => areas.map((area) => [area, rung] as const)));

/** The ladder's folder that a file belongs to: `lib/<noun>`, or its first folder. */
export function areaOf(path: string): string {
  if (/\.test\.tsx?$/.test(path)) return "tests";
  const [first = "", second] = path.split("/");
  if (second === undefined) return rootFiles[first] ?? "app";
  return first === "lib" ? `lib/${second}` : first;
}

/** Reports imports upward or sideways, and from or to a folder that is not on the ladder. */
export function checkDirection(modules: readonly Module[]): Violation[] {
  const violations: Violation[] = [];
  const known = new Set(modules.map(({ path }) => path));
  for (const { path, imports } of modules) {
    const from = areaOf(path);
    const rung = rungs.get(from);
    if (rung === undefined) {
      violations.push({
        rule: "ladder",
        path,
        detail: `${from} has no rung; tests/architecture/ladder.ts gives it one`,
      });
      continue;
    }
    for (const { target } of imports) {
      const to = areaOf(target);
      const below = rungs.get(to);
      const isOurs = known.has(target) || (below !== undefined && target.includes("/"));
      if (!isOurs || to === from || (below !== undefined && below > rung)) continue;
      violations.push({
        rule: "ladder",
        path,
        detail: `${from} may not import ${target}, which is not below it`,
      });
    }
  }
  return violations;
}
