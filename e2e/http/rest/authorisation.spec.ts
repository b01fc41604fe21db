import { snapshot } from "../../fixtures/snapshot";
import { expect } from "../../fixtures/test";
import { calls, type Role, roles } from "../access-table";
import { builtCalls } from "../built-addresses";
import { tableTest } from "../table-test";
import { answerTo, expectCallsRefused } from "./call-access";

tableTest(
  "every call serves only those it is for, by token alone",
  async ({ arrange, cookies, product, sql, tokens, userId }) => {
    const described = new Set(Object.keys(calls).map((call) => call.split(" ")[1]));
    const built = builtCalls().map((address) => address.replace(/\[(\w+)\]/g, "{$1}"));
    expect(built.sort()).toEqual([...described].sort());
    const before = await snapshot(sql, ["rate_limits", "audit_events"]);
    await expectCallsRefused(product.url, { cookies, tokens, userId });
    expect(await snapshot(sql, ["rate_limits", "audit_events"])).toEqual(before);

    await tableTest.step("with a token, the same calls come further", async () => {
      for (const [call, access] of Object.entries(calls)) {
        const served = access === "administrators" ? (["SYS_ADMIN"] as const) : roles.slice(1);
        for (const role of access === "anyone" ? [] : served) {
          const user = await arrange("makeUser", { authority: role as Exclude<Role, "nobody"> });
          const { token } = await arrange("loggedIn", user, { kind: "REST" });
          const headers = { "x-authorization": `Bearer ${token}` };
          const { id } = await arrange("makeUser");
          const answer = await answerTo(product.url, call, id, headers);
          expect(answer, `${call} for ${role}`).not.toMatch(/^(?:401|403|5\d\d) /);
        }
      }
    });
  },
);
