import type { Module } from "./modules";
import { identifierName, type Node } from "./syntax";
import type { Violation } from "./violation";

/** Modules whose copies may each keep their own: what they keep does not change while the process runs. */
const MAY_KEEP = ["lib/core/env.ts", "lib/core/secrets.ts", "lib/core/throttle.ts", "lib/tokens/key-ring.ts"];

const isCollection = ({ type, callee, arguments: given }: Node) =>
  type === "NewExpression" &&
  (given as Node[]).length === 0 &&
  /^(?:Weak)?(?:Map|Set)$/.test(identifierName(callee) ?? "");

/**
 * Reports variables of modules in which a server keeps something: another server, and this one's other bundles, do not
 * see it change. What a process has once is kept by `onePerProcess`, everything else by the database.
 */
export function checkState(modules: readonly Module[]): Violation[] {
  const ours = modules.filter(
    ({ path, directives }) =>
      /^(?:app|lib)\/(?!.*\.test\.)/.test(path) && !directives.has("use client") && !MAY_KEEP.includes(path),
  );
  return ours.flatMap(({ path, body }) =>
    body
      .map((node) => (node.type === "ExportNamedDeclaration" ? ((node.declaration ?? node) as Node) : node))
      .filter(({ type }) => type === "VariableDeclaration")
      .flatMap(({ kind, declarations }) =>
        (declarations as Node[])
          .filter(({ init }) => kind !== "const" || isCollection((init ?? { type: "" }) as Node))
          .map(({ id }) => ({
            rule: "state",
            path,
            detail: `${identifierName(id)} is kept by this copy of the module only`,
          })),
      ),
  );
}
