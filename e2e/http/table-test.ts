import { COOKIE, test } from "../fixtures/test";
import type { Role } from "./access-table";

/** A test with a browser's session and a program's session for each role. */
export const tableTest = test.extend<{
  cookies: Record<Role, string>;
  tokens: Record<Role, string>;
  userId: string;
}>({
  /** The id of an existing account. */
  userId: async ({ arrange }, use) => use((await arrange("makeUser")).id),
  /** The access token of a program's session for each role. */
  tokens: async ({ arrange }, use) => {
    const tokenOf = async (authority: Exclude<Role, "nobody">) =>
      (await arrange("loggedIn", await arrange("makeUser", { authority }), { kind: "REST" })).token;
    await use({
      nobody: "",
      CUSTOMER_USER: await tokenOf("CUSTOMER_USER"),
      TENANT_ADMIN: await tokenOf("TENANT_ADMIN"),
      SYS_ADMIN: await tokenOf("SYS_ADMIN"),
    });
  },
  /** The Cookie header of a browser's session for each role. */
  cookies: async ({ arrange }, use) => {
    const cookieOf = async (authority: Exclude<Role, "nobody">) => {
      const { token } = await arrange("loggedIn", await arrange("makeUser", { authority }));
      return `${COOKIE}=${token}`;
    };
    await use({
      nobody: "",
      CUSTOMER_USER: await cookieOf("CUSTOMER_USER"),
      TENANT_ADMIN: await cookieOf("TENANT_ADMIN"),
      SYS_ADMIN: await cookieOf("SYS_ADMIN"),
    });
  },
});
