import type { Module } from "./modules";
import { accessPath, identifierName, type Node, nodesOf } from "./syntax";
import type { Violation } from "./violation";

/**
 * What an entry point calls so that only those get in who may. A layout's guard does not run again for a page that the
 * browser asks for by itself.
 */
const guards: readonly { files: RegExp; names: RegExp }[] = [
  { files: /^app\/\(console\)\/(?:.*\/)?page\.tsx$/, names: /^requirePageAdministrator$/ },
  { files: /^app\/(?!\(auth\)\/)(?:.*\/)?page\.tsx$/, names: /^requirePage(?:Person|Administrator)$/ },
  {
    files: /^app\/(?:.*\/)?route\.ts$/,
    names: /^(?:routes|readOnlyRoute|noRoute|requirePageAdministrator|requirePagePerson)$/,
  },
];

const callsOf = (node: unknown) => [...nodesOf(node)].filter(({ type }) => type === "CallExpression");

/** Reports pages without a call of their guard, and routes with a method without one. */
export function checkGuards(modules: readonly Module[]): Violation[] {
  return modules.flatMap(({ path, body }) => {
    const guard = guards.find(({ files }) => files.test(path));
    if (!guard) return [];
    // A page may call it in a function that its title uses too.
    const entries = path.endsWith("route.ts") ? body.filter(({ type }) => type.startsWith("Export")) : [body];
    const open = entries.filter(
      (entry) => !callsOf(entry).some(({ callee }) => guard.names.test(accessPath(callee).join("."))),
    );
    return open.map(() => ({ rule: "guard", path, detail: `calls no ${guard.names.source}` }));
  });
}

/** Verbs for anybody at all: what they are given decides, and not who asks. */
const FOR_ANYBODY = ["lib/accounts/reset-requests/service.ts requestPasswordReset"];

/** Reports verbs that ask nothing of their actor: they neither require one, nor pass theirs to another verb. */
export function checkVerbs(modules: readonly Module[]): Violation[] {
  const services = modules.filter(({ path }) => /^lib\/.*\/(?:service|service\/.+)\.ts$/.test(path));
  return services.flatMap(({ path, body }) =>
    body.flatMap(({ type, declaration }) => {
      if (type !== "ExportNamedDeclaration" || (declaration as Node | null)?.type !== "FunctionDeclaration")
        return [];
      const { id, params } = declaration as { id: Node; params: Node[] };
      const [name, actor] = [identifierName(id), identifierName(params[0]) ?? ""];
      if (!/^_?actor$/.test(actor) || FOR_ANYBODY.includes(`${path} ${name}`)) return [];
      const asks = callsOf(declaration).some(
        ({ callee, arguments: given }) =>
          !/^audit/.test(accessPath(callee).join(".")) &&
          (given as Node[]).some((one) => identifierName(one) === actor),
      );
      return asks ? [] : [{ rule: "verb", path, detail: `${name} asks nothing of its actor` }];
    }),
  );
}
