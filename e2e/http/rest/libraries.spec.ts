import { randomUUID } from "node:crypto";
import jwt from "jsonwebtoken";
import { shownKey } from "./forge";
import { expect, outcome, test } from "./rest-test";

test("another library verifies our tokens with the shown key, and forges one only for a live session", async ({
  tools,
}) => {
  const { rest, arrange } = tools;
  const shown = await shownKey(tools);
  rest.keepSecret(shown);
  // The key is shown in Base64, as ThingsBoard's is.
  const key = Buffer.from(shown, "base64");
  const { email, password } = await arrange("makeUser", { email: "ada@example.org" });
  const { json } = await rest.call("POST", "/api/auth/login", { body: { username: email, password } });
  const options = { algorithms: ["HS512"] as const, issuer: "gatehouse" };
  for (const token of [json.token, json.refreshToken]) {
    const claims = jwt.verify(String(token), key, { ...options, algorithms: [...options.algorithms] });
    expect(claims).toMatchObject({ sub: email, iss: "gatehouse" });
  }
  expect(() => jwt.verify(String(json.token), Buffer.alloc(64), { algorithms: ["HS512"] })).toThrow(
    "invalid signature",
  );

  const { header, payload } = jwt.decode(String(json.token), { complete: true }) ?? {};
  if (!header || typeof payload !== "object") throw new Error("The token could not be read.");
  const forged = jwt.sign({ ...payload, jti: randomUUID() }, key, { algorithm: "HS512", header });
  const who = (token: string) => rest.call("GET", "/api/auth/user", { token });
  expect(outcome(await who(forged)), "for a live session the key is all that it takes").toEqual([200, null]);
  await rest.call("POST", "/api/auth/logout", { token: String(json.token) });
  expect(outcome(await who(forged)), "for a dead one it is not enough").toEqual([401, 11]);
});
