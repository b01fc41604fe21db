import type { Module } from "./modules";
import type { Violation } from "./violation";

/** Reports import cycles, type imports included; each cycle once, from its first file. */
export function checkCycles(modules: readonly Module[]): Violation[] {
  const targets = new Map(modules.map(({ path, imports }) => [path, imports.map(({ target }) => target)]));
  const done = new Set<string>();
  const trail: string[] = [];
  const violations: Violation[] = [];

  function visit(path: string): void {
    const start = trail.indexOf(path);
    if (start >= 0) {
      const circle = [...trail.slice(start), path];
      violations.push({ rule: "cycle", path, detail: circle.join(" → ") });
    }
    if (start >= 0 || done.has(path)) return;
    trail.push(path);
    for (const target of targets.get(path) ?? []) visit(target);
    trail.pop();
    done.add(path);
  }

  for (const path of [...targets.keys()].sort()) visit(path);
  return violations;
}
