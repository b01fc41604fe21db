import { posix } from "node:path";
import { accessPath, identifierName, literalText, type Node, nodesOf, parseModule } from "./syntax";

/** One import of a module in any form: an import, a re-export, `import()` or `require()`. */
export type Import = {
  /** A path in the tree for one of our modules, otherwise the specifier. */
  target: string;
  /** `import type` and `export type`, which do not exist at run time. */
  isTypeOnly: boolean;
  /** The local names that it binds in the importing module. */
  names: readonly string[];
  /** The names that the other module exports them under; `EVERYTHING` where it names none. */
  taken: readonly string[];
};

export const EVERYTHING = "*";

/** The facts about a file that the rules need. */
export type Module = {
  path: string;
  body: readonly Node[];
  imports: readonly Import[];
  /** "use client" and "use server" at the top of the file. */
  directives: ReadonlySet<string>;
};

const EXTENSIONS = ["", ".ts", ".tsx", ".mts", ".js", ".mjs", "/index.ts", "/index.tsx"];

function resolve(from: string, specifier: string, known: ReadonlySet<string>): string {
  const isOurs = specifier.startsWith("@/") || /^\.{1,2}(?:\/|$)/.test(specifier);
  if (!isOurs) return specifier;
  const path = specifier.startsWith("@/")
    ? posix.normalize(specifier.slice(2))
    : posix.join(posix.dirname(from), specifier);
  return EXTENSIONS.map((extension) => path + extension).find((candidate) => known.has(candidate)) ?? path;
}

function namesOf(node: Node): string[] {
  const specifiers = Array.isArray(node.specifiers) ? (node.specifiers as Node[]) : [];
  return specifiers.map(({ local }) => identifierName(local) ?? "?");
}

/** The name of an export: an identifier or a string. */
export const nameOf = (node: unknown) => identifierName(node) ?? literalText(node);

function takenBy({ type, specifiers }: Node): string[] {
  if (type !== "ImportDeclaration" && type !== "ExportNamedDeclaration") return [EVERYTHING];
  return (specifiers as Node[]).map((specifier) => {
    if (specifier.type === "ImportDefaultSpecifier") return "default";
    const name = type === "ImportDeclaration" ? specifier.imported : specifier.local;
    return nameOf(name) ?? EVERYTHING;
  });
}

function importOf(node: Node): { specifier: string | null; isTypeOnly: boolean } | null {
  switch (node.type) {
    case "ImportDeclaration":
      return { specifier: literalText(node.source), isTypeOnly: node.importKind === "type" };
    case "ExportNamedDeclaration":
    case "ExportAllDeclaration":
      return { specifier: literalText(node.source), isTypeOnly: node.exportKind === "type" };
    case "ImportExpression":
      return { specifier: literalText(node.source), isTypeOnly: false };
    case "TSImportType":
      return { specifier: literalText(node.source), isTypeOnly: true };
    case "CallExpression": {
      const isRequire = accessPath(node.callee)[0] === "require";
      return isRequire
        ? { specifier: literalText((node.arguments as unknown[])[0]), isTypeOnly: false }
        : null;
    }
    default:
      return null;
  }
}

function readModule(path: string, source: string, known: ReadonlySet<string>): Module {
  const body = parseModule(path, source);
  const imports: Import[] = [];
  for (const node of nodesOf(body)) {
    const found = importOf(node);
    if (!found || found.specifier === null) continue;
    const { specifier, isTypeOnly } = found;
    const target = resolve(path, specifier, known);
    imports.push({ target, isTypeOnly, names: namesOf(node), taken: takenBy(node) });
  }
  const directives = body.flatMap(({ directive }) => (typeof directive === "string" ? [directive] : []));
  return { path, body, imports, directives: new Set(directives) };
}

/** Reads a tree of sources, given as path → text. */
export function readModules(sources: Readonly<Record<string, string>>): Module[] {
  const known = new Set(Object.keys(sources));
  return Object.entries(sources).map(([path, source]) => readModule(path, source, known));
}
