import type { Module } from "./modules";
import { accessPath, identifierName, type Node, nodesOf } from "./syntax";
import type { Violation } from "./violation";

/** Calls that look harmless where they are made. `in`: the files that may not make them. */
const forbidden: readonly { call: RegExp; in: RegExp; why: string }[] = [
  { call: /^Math\.random$/, in: /^(?:lib|server)\//, why: "can be guessed; node:crypto has randomBytes" },
  { call: /^setInterval$/, in: /^lib\//, why: "is not ended with the process; repeatEvery is" },
  {
    call: /\.\$(?:query|execute)RawUnsafe$|^Prisma\.raw$/,
    in: /^(?:lib|server)\//,
    why: "puts text into SQL; values belong in parameters",
  },
  {
    call: /^(?:Date\.now|new Date)$/,
    in: /^lib\/.*\/(?:rules|schema)\.ts$/,
    why: "reads a clock, which rules are given as an argument",
  },
];

/** Runs its argument in a transaction, which nothing in it that asks another connection belongs to. */
const TRANSACTION = /(?:^|\.)(?:\$transaction|driverTransaction)$/;
const CONNECTION = /^(?:db|driver|pool)$/;

/** The name of what a node calls, like `Date.now`; `new Date` with arguments reads no clock, and is none. */
function calledBy({ type, callee, arguments: given }: Node): string | null {
  if (type === "CallExpression") return accessPath(callee).join(".");
  return type === "NewExpression" && (given as Node[]).length === 0 ? `new ${identifierName(callee)}` : null;
}

function outsideOfTransaction(node: Node): string[] {
  if (!TRANSACTION.test(calledBy(node) ?? "")) return [];
  return [...nodesOf(node.arguments)]
    .filter(({ type, callee }) => type === "CallExpression" && CONNECTION.test(identifierName(callee) ?? ""))
    .map(({ callee }) => `${identifierName(callee)}() inside of a transaction is outside of it; use its tx`);
}

/** The exported asynchronous functions, as `path name`. */
function asyncExports(modules: readonly Module[]): Set<string> {
  return new Set(
    modules.flatMap(({ path, body }) =>
      body.flatMap(({ type, declaration }) => {
        const { async, id } = (declaration ?? {}) as Partial<Node>;
        return type === "ExportNamedDeclaration" && async === true ? [`${path} ${identifierName(id)}`] : [];
      }),
    ),
  );
}

/** `!isLocked()` without `await`, which is always false; TypeScript reports only the unnegated promise. */
function negatedPromises({ body, imports }: Module, promising: ReadonlySet<string>): string[] {
  const local = new Set(
    imports.flatMap(({ target, names, taken }) =>
      names.filter((_name, index) => promising.has(`${target} ${taken[index]}`)),
    ),
  );
  return [...nodesOf(body)].flatMap(({ type, operator, argument }) => {
    const { type: what, callee } = (argument ?? {}) as Partial<Node>;
    const name =
      type === "UnaryExpression" && operator === "!" && what === "CallExpression" && identifierName(callee);
    return name && local.has(name) ? [`!${name}() is never true without await`] : [];
  });
}

/** Reports calls that are wrong wherever they are made from, or in the files that may not make them. */
export function checkCalls(modules: readonly Module[]): Violation[] {
  const promising = asyncExports(modules);
  return modules.flatMap((module) => {
    const { path, body } = module;
    if (/\.test\.tsx?$/.test(path) || !/^(?:app|components|lib|server)\//.test(path)) return [];
    const details = [...nodesOf(body)].flatMap((node) => {
      const called = calledBy(node);
      const found =
        called === null
          ? []
          : forbidden.filter(({ call, in: files }) => call.test(called) && files.test(path));
      return [...found.map(({ why }) => `${called} ${why}`), ...outsideOfTransaction(node)];
    });
    return [...details, ...negatedPromises(module, promising)].map((detail) => ({
      rule: "call",
      path,
      detail,
    }));
  });
}
