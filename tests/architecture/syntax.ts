import { parseAst } from "vitest/node";

/** A node of the syntax tree (ESTree, with TypeScript's nodes). */
export type Node = { type: string; [key: string]: unknown };

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as Node).type === "string";
}

/** The statements of a module. @throws on a syntax error */
export function parseModule(path: string, source: string): Node[] {
  const isScript = /\.js$/.test(path);
  // A cast like `<T>value`, allowed in .ts files, would parse as JSX.
  const lang = /\.(?:ts|mts|cts)$/.test(path) ? "ts" : "tsx";
  const program = parseAst(source, { lang, sourceType: isScript ? "script" : "module" }, path);
  return program.body as unknown as Node[];
}

/** Every node at or below `value`. */
export function* nodesOf(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const item of value) yield* nodesOf(item);
  if (!isNode(value)) return;
  yield value;
  for (const child of Object.values(value)) yield* nodesOf(child);
}

/** The text of a string literal; null for anything else. */
export function literalText(value: unknown): string | null {
  return isNode(value) && value.type === "Literal" && typeof value.value === "string" ? value.value : null;
}

/** The name of an identifier; null for anything else. */
export function identifierName(value: unknown): string | null {
  return isNode(value) && value.type === "Identifier" ? String(value.name) : null;
}

/** The names in a chain of property accesses, without calls: `a.b` and `a().b` are both `["a", "b"]`. */
export function accessPath(value: unknown): string[] {
  if (!isNode(value)) return [];
  if (value.type === "CallExpression") return accessPath(value.callee);
  if (value.type !== "MemberExpression") return [identifierName(value) ?? "?"];
  return [...accessPath(value.object), identifierName(value.property) ?? "?"];
}
