import { describe, expect, it } from "vitest";
import { checkArchitecture } from "./architecture/check";
import { ladder } from "./architecture/ladder";
import { readModules } from "./architecture/modules";
import { readSources } from "./architecture/sources";
import { checkUnused } from "./architecture/unused";

/** A source tree without violations. */
const sound: Record<string, string> = {
  "lib/core/limits/rules.ts": "export const LIMIT = 1;",
  "lib/core/db.ts":
    'import { PrismaClient } from "@/prisma/generated/client"; export const db = () => PrismaClient;',
  "lib/settings/schema.ts": 'import { LIMIT } from "@/lib/core/limits/rules"; export const schema = LIMIT;',
  "lib/settings/store.ts":
    'import "server-only";\nimport { Prisma } from "@/prisma/generated/client"; export const find = (db) => db.user.findMany(Prisma);',
  "lib/settings/service.ts":
    'import "server-only";\nimport { find } from "./store"; export type S = typeof find;',
  "lib/auth/service/log-in.ts":
    'import "server-only";\nimport type { Kind } from "@/prisma/generated/enums"; export const logIn = (k: Kind) => k;',
  "lib/request/action.ts":
    'import "server-only"; export const adminAction = (x) => x; export const formText = (x) => x;',
  "components/form/form.tsx":
    '"use client";\nimport { schema } from "@/lib/settings/schema"; import type { S } from "@/lib/settings/service"; export const Form = (s: S) => <form method="post" onSubmit={s}>{schema}</form>;',
  "app/(auth)/login/actions.ts":
    '"use server";\nimport { logIn } from "@/lib/auth/service/log-in"; import { adminAction } from "@/lib/request/action"; export type T = 1; export const act = adminAction<T>(logIn);',
  "app/(auth)/login/login-form.tsx":
    '"use client";\nimport { Form } from "@/components/form/form"; import { act } from "./actions"; export const LoginForm = () => <Form x={act} />;',
  "app/(auth)/login/page.tsx":
    'import { LoginForm } from "./login-form"; import "@/lib/settings/service"; export default LoginForm;',
  "server/main.ts": 'import "@/lib/core/db";',
  "scripts/start.js": 'require("./run.js");',
  "scripts/run.js": "module.exports = {};",
  "proxy.ts": 'import "@/lib/request/action";',
  "tests/some.test.ts": 'import "@/lib/settings/store"; import "@/prisma/generated/client";',
};

const planted = (changes: Record<string, string>) => checkArchitecture({ ...sound, ...changes });

describe("the architecture check", () => {
  it("finds nothing in a sound tree", () => {
    expect(checkArchitecture(sound)).toEqual([]);
  });

  it.each([
    ["static", 'import { S } from "@/lib/settings/service";'],
    ["relative", 'import "../settings/service";'],
    ["a type", 'import type { S } from "@/lib/settings/service";'],
    ["a type in passing", 'export type T = import("@/lib/settings/service").S;'],
    ["dynamic", 'export const late = () => import("@/lib/settings/service");'],
    ["required", 'const late = require("@/lib/settings/service");'],
    ["exported again", 'export * from "@/lib/settings/service";'],
    ["exported again by name", 'export { S } from "@/lib/settings/service";'],
    ["squeezed", 'import{S}from"@/lib/settings/service";'],
    ["over lines", 'import {\n  S,\n} from\n  "@/lib/settings/service";'],
    ["of a file that is not there", 'import "@/lib/settings/gone";'],
  ])("reports an upward import: %s", (_how, source) => {
    expect(planted({ "lib/core/db.ts": source })).toContainEqual(
      expect.objectContaining({ rule: "ladder", path: "lib/core/db.ts" }),
    );
  });

  it("does not take words in strings and comments for imports", () => {
    const source =
      '// import "@/lib/settings/service";\nexport const text = `import "@/lib/settings/service"`;';
    expect(planted({ "lib/core/words.ts": source })).toEqual([]);
  });

  it("knows the order of all rungs", () => {
    const rungs = ladder.flat().filter((area) => area.startsWith("lib/"));
    for (const [index, upper] of rungs.entries()) {
      for (const lower of rungs.slice(index + 1)) {
        const sources = {
          [`${upper}/upper.ts`]: "export const upper = 1;",
          [`${lower}/lower.ts`]: `import "@/${upper}/upper";`,
        };
        const found = checkArchitecture(sources).map(({ rule, path }) => [rule, path]);
        expect(found).toEqual([["ladder", `${lower}/lower.ts`]]);
      }
    }
  });

  it.each([
    ["ladder", "lib/settings/store.ts", 'import "server-only"; import "@/components/form/form";'],
    ["ladder", "components/form/form.tsx", 'import "@/app/(auth)/login/page";'],
    ["ladder", "app/(auth)/login/page.tsx", 'import "@/server/main";'],
    ["ladder", "server/main.ts", 'import "../scripts/run.js";'],
    ["ladder", "lib/core/db.ts", 'import "@/tests/some.test";'],
    ["ladder", "lib/elsewhere/rules.ts", "export const a = 1;"],
    ["browser", "components/form/form.tsx", 'import { S } from "@/lib/settings/service";'],
    ["browser", "components/form/form.tsx", 'import "@/lib/core/db";'],
    ["browser", "app/(auth)/login/login-form.tsx", '"use client";\nimport "@/lib/settings/service";'],
    ["browser", "lib/settings/schema.ts", 'import { randomBytes } from "node:crypto";'],
    ["browser", "lib/settings/rules.ts", 'import { find } from "./store";'],
    ["browser", "lib/settings/schema.ts", 'import { z } from "zod";'],
    ["database", "app/(auth)/login/page.tsx", 'import { find } from "@/lib/settings/store";'],
    ["database", "app/(auth)/login/page.tsx", 'import { PrismaClient } from "@/prisma/generated/client";'],
    ["database", "server/main.ts", 'import { PrismaPg } from "@prisma/adapter-pg";'],
    ["database", "lib/auth/attempt.ts", 'import { Prisma } from "@/prisma/generated/client";'],
    ["database", "lib/auth/attempt.ts", 'import type { User } from "@/prisma/generated/client";'],
    ["database", "lib/auth/attempt.ts", "export const f = (tx) => tx.user.updateMany({});"],
    ["database", "lib/auth/attempt.ts", "export const f = (db) => db().user.findFirst({});"],
    ["database", "lib/auth/attempt.ts", "export const f = (client) => client.user.findMany({});"],
    ["database", "lib/auth/attempt.ts", "export const f = ({ user }) => user.updateManyAndReturn({});"],
    ["database", "lib/auth/attempt.ts", 'import { pool } from "@/lib/core/db";'],
    ["database", "lib/auth/attempt.ts", 'import pg from "pg";'],
    ["database", "app/(auth)/login/page.tsx", 'import { Client } from "pg";'],
    ["database", "lib/auth/attempt.ts", "export const f = (tx) => tx.$executeRaw`SELECT 1`;"],
    ["database", "lib/auth/attempt.ts", "export const f = (tx) => tx.$queryRaw<number>(1);"],
    ["server-only", "lib/settings/store.ts", 'import "@/lib/core/limits/rules";\nimport "server-only";'],
    ["server-only", "lib/settings/service.ts", "export const a = 1;"],
    ["server-only", "lib/auth/service/log-in.ts", '// import "server-only";'],
    ["server-only", "lib/auth/service/log-in.ts", ""],
    [
      "form",
      "components/form/form.tsx",
      "export const F = () => <div><form onSubmit={f}><input /></form></div>;",
    ],
    ["guard", "app/(console)/users/page.tsx", "export default async function Page() {}"],
    ["guard", "app/reports/page.tsx", "export default async function Page() {}"],
    ["guard", "app/(account)/account/page.tsx", "export default () => requirePageAdministrator;"],
    ["guard", "app/api/user/route.ts", "export async function POST() { return Response.json({}); }"],
    [
      "guard",
      "app/audit/route.ts",
      "export async function GET() { await requirePagePerson(); }\nexport const POST = async () => {};",
    ],
    ["verb", "lib/users/service.ts", "export async function f(_actor: Actor) {}"],
    ["verb", "lib/users/service/f.ts", "export async function f(actor: Actor) { await audit(tx, actor); }"],
    ["state", "lib/settings/service.ts", 'import "server-only";\nlet cached: Settings | null = null;'],
    ["state", "lib/auth/attempt.ts", "export const tries = new Map<string, number>();"],
    ["call", "lib/auth/attempt.ts", "export const token = Math.random();"],
    ["call", "lib/auth/attempt.ts", "setInterval(sweep, 1000);"],
    ["call", "lib/settings/store.ts", "db.$queryRawUnsafe(text);"],
    ["call", "lib/settings/store.ts", "Prisma.raw(text);"],
    ["call", "lib/settings/rules.ts", "export const isOld = (at) => at < new Date();"],
    ["call", "lib/settings/rules.ts", "export const age = (at) => Date.now() - at;"],
    ["call", "lib/auth/attempt.ts", "db().$transaction(async (tx) => { await f(db(), actor); });"],
    ["call", "lib/auth/attempt.ts", "driverTransaction((tx) => f(driver()));"],
    ["name", "lib/settings/utils.ts", ""],
    ["name", "components/form/helpers.tsx", ""],
    ["name", "app/types.ts", ""],
    ["name", "lib/settings/index.ts", ""],
    ["name", "tests/support/helper.ts", ""],
  ])("reports %s in %s: %s", (rule, path, source) => {
    expect(planted({ [path]: source })).toContainEqual(expect.objectContaining({ rule, path }));
  });

  it.each([
    ["if (!isLocked()) f();", [{ rule: "call", path: "lib/auth/attempt.ts" }]],
    ["if (!(await isLocked())) f();", []],
    ["if (!isOld()) f();", []],
  ])("reports a negated promise: %s", (source, found) => {
    const text = `import { isLocked, isOld } from "./lock";\n${source}`;
    const lock = "export async function isLocked() {}\nexport function isOld() {}";
    expect(planted({ "lib/auth/attempt.ts": text, "lib/auth/lock.ts": lock })).toMatchObject(found);
  });

  it("follows what a client file imports into the browser", () => {
    const found = planted({
      "app/(auth)/login/login-form.tsx": '"use client";\nimport "./login-state";',
      "app/(auth)/login/login-state.ts": 'import { S } from "@/lib/settings/service";',
    });
    expect(found).toMatchObject([{ rule: "browser", path: "app/(auth)/login/login-state.ts" }]);
  });

  it.each([
    ["a function", "export async function act() {}"],
    ["an arrow", "export const act = async () => {};"],
    ["the verb itself", 'export { logIn as act } from "@/lib/auth/service/log-in";'],
    ["everything", 'export * from "@/lib/auth/service/log-in";'],
    ["a list", "const act = async () => {};\nexport { act };"],
    ["the default", "export default adminAction(1);"],
    ["one beside a good one", "export const good = adminAction(1), act = logIn;"],
    ["a variable", "export let act = adminAction(1);"],
    ["what is no wrapper", "export const act = formText(1);"],
    ["another's call", "export const act = other(1);"],
    ["one under another name", 'export const act = adminAction("other", 1);'],
    ["a call on a wrapper's result", "export const act = adminAction(1).bind(null);"],
  ])('reports a "use server" file that exports %s', (_what, source) => {
    const imports =
      'import { logIn } from "@/lib/auth/service/log-in"; import { adminAction, formText } from "@/lib/request/action";';
    const text = `"use server";\n${imports}\n${source}`;
    expect(planted({ "app/(auth)/login/actions.ts": text })).toContainEqual(
      expect.objectContaining({ rule: "use-server", path: "app/(auth)/login/actions.ts" }),
    );
  });

  it("reports a wrapper that comes from somewhere else", () => {
    const text =
      '"use server";\nimport { adminAction } from "./own-wrapper"; export const act = adminAction(1);';
    const found = planted({ "app/(auth)/login/actions.ts": text, "app/(auth)/login/own-wrapper.ts": "" });
    expect(found).toMatchObject([{ rule: "use-server" }]);
  });

  it('reports "use server" inside of a function', () => {
    const text = 'export default function Page() { async function act() { "use server"; } return act; }';
    expect(planted({ "app/(auth)/login/page.tsx": text })).toMatchObject([{ rule: "use-server" }]);
  });

  it.each([
    ["two", { "lib/core/a.ts": 'import "./b";', "lib/core/b.ts": 'import "./a";' }],
    ["types", { "lib/core/a.ts": 'import type { B } from "./b";', "lib/core/b.ts": 'import "./a";' }],
    ["itself", { "lib/core/a.ts": 'import "./a";' }],
    [
      "three",
      {
        "lib/core/a.ts": 'import "./b";',
        "lib/core/b.ts": 'import "./c";',
        "lib/core/c.ts": 'import "./a";',
      },
    ],
  ])("reports a cycle of %s", (_what, sources) => {
    expect(planted(sources as Record<string, string>)).toMatchObject([{ rule: "cycle" }]);
  });
});

describe("an export", () => {
  const unused = (source: string) =>
    checkUnused(
      readModules({
        "lib/core/a.ts":
          "export const one = 1, two = 2; export default 3; export type T = 4; const four = 4; export { four };",
        "lib/core/b.ts": source,
        "app/page.tsx": "export default 1; export const metadata = 2;",
      }),
    ).map(({ path, detail }) => `${path}: ${detail}`);

  it.each([
    ["import { one } from './a';", ["two", "default", "four"]],
    ["import { one as two } from '@/lib/core/a';", ["two", "default", "four"]],
    ["import a, { two, type one, four } from './a';", []],
    ["import * as a from './a';", []],
    ["const a = await import('./a');", []],
    ["export { one, two, four, default } from './a';", null],
    ["import './a';", ["one", "two", "default", "four"]],
  ])("that nobody imports is reported: %s", (source, names) => {
    const own = ["one", "two", "four", "default"].map((name) => `lib/core/b.ts: nobody imports ${name}`);
    expect(unused(source)).toEqual(names?.map((name) => `lib/core/a.ts: nobody imports ${name}`) ?? own);
  });
});

/** A write, by Prisma or in SQL, that changes or removes events of the audit log. */
const AUDIT_CHANGE =
  /\bauditEvent\.(?:update|upsert|delete)|\b(?:UPDATE|DELETE FROM|TRUNCATE)\s+(?:ONLY\s+)?"?audit_events\b/i;

it.each([
  "tx.auditEvent.deleteMany({})",
  "db().auditEvent.update({})",
  "tx.$executeRaw`DELETE FROM audit_events WHERE id < 7`",
  'Prisma.sql`UPDATE "audit_events" SET address = NULL`',
])("a change of the audit log is recognised: %s", (text) => {
  expect(text).toMatch(AUDIT_CHANGE);
});

describe("the sources", () => {
  const sources = readSources();

  it("are found", () => {
    expect(Object.keys(sources)).toEqual(
      expect.arrayContaining(["proxy.ts", "lib/core/db.ts", "app/(auth)/login/page.tsx", "scripts/start.js"]),
    );
  });

  it("keep to the design", () => {
    const found = checkArchitecture(sources);
    expect(found.map(({ rule, path, detail }) => `${path}: ${rule}: ${detail}`)).toEqual([]);
  });

  it("only add to the audit log", () => {
    const ours = Object.entries(sources).filter(([path]) => /^(?:app|lib|server)\/(?!.*\.test\.)/.test(path));
    expect(ours.map(([path]) => path)).toContain("lib/audit/store.ts");
    expect(ours.filter(([, text]) => AUDIT_CHANGE.test(text)).map(([path]) => path)).toEqual([]);
  });

  it("export nothing that nobody imports", () => {
    const found = checkUnused(readModules(sources));
    expect(found.map(({ path, detail }) => `${path}: ${detail}`)).toEqual([]);
  });
});
