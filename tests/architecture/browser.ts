import { pureNames } from "./ladder";
import type { Module } from "./modules";
import type { Violation } from "./violation";

const isPure = (path: string) => path.startsWith("lib/") && pureNames.includes(path.split("/").at(-1) ?? "");

const isServerOnly = (target: string) =>
  target === "server-only" || target.startsWith("node:") || target.startsWith("prisma/");

/** Zod's usual form, all of which a bundler keeps (docs/decisions/0029). */
const isHeavy = (target: string) => target === "zod" || target === "zod/v4";

const WHY = `may not reach the browser, as this file does; of lib, only ${pureNames.join(" and ")} may`;

/**
 * Checks the code that reaches the browser: components, "use client" files, the pure files of `lib`, and their imports.
 * It may import only pure files of `lib`, nothing for servers, and zod only as `zod/mini`. Type imports do not count, nor
 * do imports of server actions, which the browser has as references only.
 */
export function checkBrowser(modules: readonly Module[]): Violation[] {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  const reached = modules.filter(
    ({ path, directives }) => path.startsWith("components/") || directives.has("use client") || isPure(path),
  );
  const seen = new Set(reached);
  const violations: Violation[] = [];
  for (const { path, imports } of reached) {
    if (/\.test\.tsx?$/.test(path)) continue;
    for (const { target } of imports.filter(({ isTypeOnly }) => !isTypeOnly)) {
      const module = byPath.get(target);
      if (isServerOnly(target) || (target.startsWith("lib/") && !isPure(target))) {
        violations.push({ rule: "browser", path, detail: `${target} ${WHY}` });
      } else if (isHeavy(target)) {
        violations.push({
          rule: "browser",
          path,
          detail: `${target} is too heavy for browsers; use zod/mini`,
        });
      } else if (module && !module.directives.has("use server") && !seen.has(module)) {
        seen.add(module);
        reached.push(module);
      }
    }
  }
  return violations;
}
