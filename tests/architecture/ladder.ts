/**
 * The house from top to bottom. A folder imports itself and what stands on the rungs below; folders on one rung do not
 * know one another. `*.test.ts` files count as `tests`, wherever they lie.
 */
export const ladder: readonly (readonly string[])[] = [
  ["e2e", "bench"],
  ["tests"],
  ["app", "server", "scripts"],
  ["components"],
  ["lib/request"],
  ["lib/rescue"],
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

/** Where the files of the root folder belong; the ones that are not named here are Next's, and so `app`. */
export const rootFiles: Readonly<Record<string, string>> = {
  "playwright.config.ts": "e2e",
  "vitest.config.mts": "tests",
};

/** The names of files in `lib` that may reach the browser, and the few others that may. */
export const pureNames: readonly string[] = ["rules.ts", "schema.ts"];
export const pureFiles: readonly string[] = ["lib/core/limits.ts"];

/** The only name of a file that queries the database, and what stands under all of them. */
export const storeName = "store.ts";
export const prismaFiles: readonly string[] = ["lib/core/db.ts"];

/** Generated names of states and kinds, which hold no query: their types may be used anywhere. */
export const prismaEnums = "prisma/generated/enums";

/** Every server action is one of these wrappers around a verb. */
export const actionWrappers = { module: "lib/request/action", name: /Action$/ } as const;

/** Names that say nothing about what is in a file. */
export const forbiddenNames = /^(?:utils?|helpers?|types?|index|common|misc)$/;
