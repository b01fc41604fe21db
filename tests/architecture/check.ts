import { checkBrowser } from "./browser";
import { checkCalls } from "./calls";
import { checkCycles } from "./cycles";
import { checkDatabase } from "./database";
import { checkDirection } from "./direction";
import { checkActions, checkServerOnly } from "./entry-points";
import { checkForms } from "./forms";
import { checkGuards, checkVerbs } from "./guards";
import { forbiddenNames } from "./ladder";
import { type Module, readModules } from "./modules";
import { checkState } from "./state";
import type { Violation } from "./violation";

function checkNames(modules: readonly Module[]): Violation[] {
  return modules
    .filter(({ path }) => forbiddenNames.test((path.split("/").at(-1) ?? "").replace(/\..*$/, "")))
    .map(({ path }) => ({ rule: "name", path, detail: "the name says nothing about what is in the file" }));
}

const rules = [
  checkDirection,
  checkCycles,
  checkBrowser,
  checkDatabase,
  checkActions,
  checkServerOnly,
  checkForms,
  checkGuards,
  checkVerbs,
  checkCalls,
  checkState,
  checkNames,
];

/** Returns every violation of the design in a tree of sources, given as path → text. */
export function checkArchitecture(sources: Readonly<Record<string, string>>): Violation[] {
  const modules = readModules(sources);
  return rules.flatMap((rule) => rule(modules));
}
