import { EVERYTHING, type Module, nameOf } from "./modules";
import type { Node } from "./syntax";
import type { Violation } from "./violation";

/** Files whose exports have a user outside of the sources: Next, a tool's configuration, a build script, a thread. */
const ENTRY_POINTS = [
  /^app\/(?:.*\/)?(?:page|page\.dev|layout|route|loading|error|global-error|not-found)\.tsx?$/,
  /^bench\/bare-app\//,
  /^[^/]+$/,
  /\/(?:global-setup\.ts|hash-worker\.mjs|vitest-reporter\.mjs)$/,
  /^(?:bench|server)\/(?:main|admin|write-migration)\.ts$/,
];

const isType = ({ type = "" }: Partial<Node>) => /^TS(?:Interface|TypeAlias)Declaration$/.test(type);

/** The values that a module exports. Types do not count: they describe other exports, even if nobody imports them. */
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

/** Reports exports that no other file imports: one that its own file uses needs no export, any other can be deleted. */
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
