import type { Module } from "./modules";
import { type Node, nodesOf } from "./syntax";
import type { Violation } from "./violation";

const nameOf = (node: unknown) => (node as { name?: { name?: unknown } }).name?.name;

/**
 * Reports forms with neither action nor method. Submitted without scripts, or before its script has loaded, such a form
 * would send its fields, a password too, as a GET: in the URL, and so into the browser's history and a proxy's log.
 */
export function checkForms(modules: readonly Module[]): Violation[] {
  return modules.flatMap(({ path, body }) =>
    [...nodesOf(body)]
      .filter((node) => node.type === "JSXOpeningElement" && nameOf(node) === "form")
      .filter(
        ({ attributes }) =>
          !(attributes as Node[]).some((one) => /^(?:action|method)$/.test(String(nameOf(one)))),
      )
      .map(() => ({ rule: "form", path, detail: "a form without action or method is sent as an address" })),
  );
}
