import { auditDetails } from "../fixtures/stored";
import { COOKIE, expect, test } from "../fixtures/test";
import { actionNamed, callAction } from "./actions";
import { send } from "./client";

test("requests for an administrator's pages, actions and calls leave a log line each, and one audit event", async ({
  arrange,
  product,
  sql,
}) => {
  const { url } = product;
  const user = await arrange("makeUser", { authority: "CUSTOMER_USER" });
  const cookie = `${COOKIE}=${(await arrange("loggedIn", user)).token}`;
  const { token } = await arrange("loggedIn", user, { kind: "REST" });
  const before = product.output().length;
  await send(url, { path: `/users/${user.id}?x=1`, headers: { cookie } });
  await callAction(url, actionNamed("saveGeneralPolicy"), "[{}]", { cookie });
  await send(url, {
    path: "/api/admin/securitySettings",
    headers: { "x-authorization": `Bearer ${token}` },
  });

  const lines = () =>
    product
      .output()
      .slice(before)
      .split("\n")
      .filter((line) => line.includes('"event":"access-refused"'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const asked = [
    `GET /users/${user.id}`,
    "POST /settings/security (saveGeneralPolicy)",
    "GET /api/admin/securitySettings",
  ];
  await expect.poll(() => lines().map((line) => line.asked)).toEqual(asked);
  for (const line of lines()) expect(line).toMatchObject({ userId: user.id });
  expect(await auditDetails(sql, "access-refused")).toEqual([{ asked: asked[0] }]);
});
