import { EVERYTHING, type Module, nameOf } from "./modules";
import type { Node } from "./syntax";
import type { Violation } from "./violation";

/** Where exports are taken from outside of the sources: by Next, a tool's configuration, a script that has bundled it, a thread. */
const ENTRY_POINTS = [
  /^app\/(?:.*\/)?(?:page|page\.dev|layout|route|loading|error|global-error|not-found)\.tsx?$/,
  /^bench\/bare-app\//,
  /^[^/]+$/,
  /\/(?:global-setup\.ts|hash-worker\.mjs|vitest-reporter\.mjs)$/,
  /^(?:bench|server)\/(?:main|admin|write-migration)\.ts$/,
];

const isType = ({ type = "" }: Partial<Node>) => /^TS(?:Interface|TypeAlias)Declaration$/.test(type);

/** The values that a module exports. A type says what its neighbours give and take, whether or not anybody names it. */
function exportsOf({ body }: Module): string[] {
  return body.flatMap((node) => {
    if (node.type === "ExportDefaultDeclaration") return ["default"];
    const declaration = (node.declaration ?? {}) as Partial<Node>;
    if (node.type !== "ExportNamedDeclaration" || node.exportKind === "type" || isType(declaration))
      return [];
    const declared = (declaration.declarations ?? [declaration]) as Node[];
    const names = [
      ...declared.map(({ id }) => id),
      ...(node.specifiers as Node[]).map((one) => one.exported),
    ];
    return names.flatMap((name) => nameOf(name) ?? []);
  });
}

/** Exports that no other file imports: what only its own file uses needs no export, and what nobody uses no place. */
export function checkUnused(modules: readonly Module[]): Violation[] {
  const imports = modules.flatMap((module) => module.imports);
  const taken = new Set(imports.flatMap(({ target, taken }) => taken.map((name) => `${target} ${name}`)));
  return modules
    .filter(({ path }) => !ENTRY_POINTS.some((pattern) => pattern.test(path)))
    .filter(({ path }) => !taken.has(`${path} ${EVERYTHING}`))
    .flatMap((module) =>
      exportsOf(module)
        .filter((name) => !taken.has(`${module.path} ${name}`))
        .map((name) => ({ rule: "unused", path: module.path, detail: `nobody imports ${name}` })),
    );
}
