import { actionWrappers } from "./ladder";
import type { Module } from "./modules";
import { identifierName, literalText, type Node, nodesOf } from "./syntax";
import type { Violation } from "./violation";

function isWrapped(init: unknown, wrappers: ReadonlySet<string>): boolean {
  const { type, callee } = (init ?? {}) as Node;
  return type === "CallExpression" && wrappers.has(identifierName(callee) ?? "");
}

/** The exports of a "use server" file that are not wrapped: each would be an endpoint without checks. */
function unwrappedExports({ body, imports }: Module): string[] {
  const wrapperImports = imports.filter(({ target }) => target.startsWith(`${actionWrappers.module}.`));
  const wrappers = new Set(
    wrapperImports.flatMap(({ names }) => names).filter((name) => actionWrappers.name.test(name)),
  );
  return body.flatMap((node): string[] => {
    if (!node.type.startsWith("Export") || node.exportKind === "type") return [];
    const declaration = node.declaration as Node | null;
    if (node.type !== "ExportNamedDeclaration" || declaration?.type !== "VariableDeclaration") {
      const name = identifierName((declaration ?? node).id);
      return [name ?? (node.type === "ExportDefaultDeclaration" ? "default" : "a list of names")];
    }
    const declared = declaration.declarations as Node[];
    return declared
      .filter(({ init }) => declaration.kind !== "const" || !isWrapped(init, wrappers))
      .map(({ id }) => identifierName(id) ?? "a pattern");
  });
}

/** Actions whose name in the audit log differs from the name of their export. */
function misnamed({ body }: Module): string[] {
  const declared = body.flatMap(({ declaration }) => ((declaration as Node)?.declarations ?? []) as Node[]);
  return declared.flatMap(({ id, init }) => {
    const [first] = ((init as Node)?.arguments ?? []) as Node[];
    const [name, given] = [identifierName(id), literalText(first)];
    return given === null || given === name ? [] : [`${name} calls itself ${given}`];
  });
}

/** Counts inline "use server" functions, which become endpoints too. */
function inlineActions({ body }: Module): number {
  const directives = [...nodesOf(body)].filter(({ directive }) => directive === "use server");
  return directives.filter((node) => !body.includes(node)).length;
}

/** Reports server actions that are not a call of a wrapper, or give it a name other than their own. */
export function checkActions(modules: readonly Module[]): Violation[] {
  return modules.flatMap((module) => {
    const { path, directives } = module;
    const names = directives.has("use server") ? unwrappedExports(module) : [];
    const details = names.map((name) => `${name} is exported without a wrapper of ${actionWrappers.module}`);
    if (directives.has("use server")) details.push(...misnamed(module));
    if (inlineActions(module) > 0) details.push('"use server" belongs at the top of an actions.ts');
    return details.map((detail) => ({ rule: "use-server", path, detail }));
  });
}

/** Reports stores and services that do not begin with `import "server-only"`. */
export function checkServerOnly(modules: readonly Module[]): Violation[] {
  return modules
    .filter(({ path }) => /^lib\/.*\/(?:store|service|service\/.+)\.ts$/.test(path))
    .filter(({ path }) => !path.endsWith(".test.ts"))
    .filter(({ body: [first] }) => {
      const { type, source, specifiers } = first ?? { type: "" };
      const isBare = Array.isArray(specifiers) && specifiers.length === 0;
      return !(type === "ImportDeclaration" && isBare && literalText(source) === "server-only");
    })
    .map(({ path }) => ({
      rule: "server-only",
      path,
      detail: 'the first statement must be import "server-only"',
    }));
}
