/**
 * The layers of the code base, from top to bottom. A folder may import itself and the rungs below it, but no other
 * folder on its rung. `*.test.ts` files count as `tests`, wherever they lie.
 */
export const ladder: readonly (readonly string[])[] = [
  ["e2e", "bench"],
  ["tests"],
  ["app", "server", "scripts"],
  ["components"],
  ["lib/request"],
  ["lib/rescue"],
  ["lib/overview"],
  ["lib/jwt-security"],
  ["lib/mobile"],
  ["lib/auth"],
  ["lib/users"],
  ["lib/accounts"],
  ["lib/sessions"],
  ["lib/tokens"],
  ["lib/password"],
  ["lib/mail"],
  ["lib/settings"],
  ["lib/audit"],
  ["lib/core"],
  ["prisma"],
];

/** The folder that a file in the root counts as; files that are not named here are Next's, and count as `app`. */
export const rootFiles: Readonly<Record<string, string>> = {
  "playwright.config.ts": "e2e",
  "vitest.config.mts": "tests",
};

/** The file names in `lib` that may reach the browser. */
export const pureNames: readonly string[] = ["rules.ts", "schema.ts"];

/** The only file name that may query the database, and the files below all stores that may use Prisma. */
export const storeName = "store.ts";
export const prismaFiles: readonly string[] = ["lib/core/db.ts"];

/** Prisma's generated enums, which contain no query: their types may be used anywhere. */
export const prismaEnums = "prisma/generated/enums";

/** Every server action is one of these wrappers around a verb. */
export const actionWrappers = { module: "lib/request/action", name: /Action$/ } as const;

/** File names that say nothing about the contents. */
export const forbiddenNames = /^(?:utils?|helpers?|types?|index|common|misc)$/;
