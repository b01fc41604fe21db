import { areaOf } from "./direction";
import { prismaEnums, prismaFiles, storeName } from "./ladder";
import type { Module } from "./modules";
import { accessPath, nodesOf } from "./syntax";
import type { Violation } from "./violation";

const isPrisma = (target: string) =>
  /^@prisma\/(?:client|adapter)/.test(target) || target.startsWith("prisma/generated");
const isStore = (path: string) => path.endsWith(`/${storeName}`);

const QUERY = /^(?:find|create|update|upsert|delete|count$|aggregate$|groupBy$)/;
/** Method names that only Prisma has, whatever variable holds its client. */
const PRISMA_ONLY_METHODS =
  /^(?:find(?:Many|(?:First|Unique)(?:OrThrow)?)|(?:create|update)Many(?:AndReturn)?|deleteMany|\$(?:query|execute)Raw.*)$/;

/** Whether an access path is a query, like `tx.user.update`, `db().user.update` or `tx.$executeRaw`. */
function isQuery(path: readonly string[]): boolean {
  const [client = "", second = "", third = ""] = path;
  if (path.length > 1 && PRISMA_ONLY_METHODS.test(path.at(-1) ?? "")) return true;
  return /^(?:db|tx)$/.test(client) && path.length === 3 && QUERY.test(third) && /^[a-z]/.test(second);
}

function checkModule({ path, body, imports }: Module): Violation[] {
  const details = new Set<string>();
  const mayUseDriver = ["server", "bench", "lib/core"].includes(areaOf(path));
  for (const { target, isTypeOnly, taken } of imports) {
    const isDriver = target === "pg" || (prismaFiles.includes(target) && taken.includes("pool"));
    if (isDriver && !mayUseDriver) details.add(`the driver of ${target} is for the process only`);
    if (isPrisma(target) && !(isTypeOnly && target.startsWith(prismaEnums))) {
      details.add(`${target} is for ${storeName} only`);
    }
  }
  for (const { type, callee, tag } of nodesOf(body)) {
    const path = type === "CallExpression" ? accessPath(callee) : accessPath(tag);
    if (isQuery(path)) details.add(`${path.join(".")} is a query outside of ${storeName}`);
  }
  return [...details].map((detail) => ({ rule: "database", path, detail }));
}

/** Reports Prisma outside of the stores, and stores imported from above `lib`. */
export function checkDatabase(modules: readonly Module[]): Violation[] {
  const violations: Violation[] = [];
  for (const module of modules) {
    const { path, imports } = module;
    const area = areaOf(path);
    if (["e2e", "tests", "prisma"].includes(area)) continue;
    if (!isStore(path) && !prismaFiles.includes(path)) violations.push(...checkModule(module));
    if (area.startsWith("lib/")) continue;
    for (const { target, isTypeOnly } of imports) {
      if (isTypeOnly || !isStore(target)) continue;
      violations.push({ rule: "database", path, detail: `${area} may not call ${target}` });
    }
  }
  return violations;
}
