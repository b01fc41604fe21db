import { COOKIE, test } from "../fixtures/test";
import type { Role } from "./access-table";

/** A test that acts as everybody: by a browser's session and by a program's. */
export const tableTest = test.extend<{
  cookies: Record<Role, string>;
  tokens: Record<Role, string>;
  userId: string;
}>({
  /** Of somebody whose page there is. */
  userId: async ({ arrange }, use) => use((await arrange("makeUser")).id),
  /** A program's session for each role, by its access token. */
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
  /** A session for each role, as the Cookie header that brings it. */
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
