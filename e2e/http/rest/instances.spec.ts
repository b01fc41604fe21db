import { freePort, startProduct } from "../../fixtures/product";
import { storedPanel } from "../../fixtures/stored";
import { COOKIE } from "../../fixtures/test";
import { actionNamed, answerOf, callAction } from "../actions";
import { send } from "../client";
import { submitLogin } from "../login-form";
import { RestClient } from "./rest-client";
import { test as base, expect, outcome } from "./rest-test";

const REFUSED = "or this account cannot log in right now";

/** A second server process on the database of the first. */
const test = base.extend<{ other: RestClient }>({
  other: async ({ product }, use) => {
    const second = startProduct({ ...product.env, PORT: await freePort() });
    try {
      await second.ready;
      const other = await RestClient.of(second);
      await use(other);
      await other.expectLogged();
    } finally {
      await second.stop();
    }
  },
});

test("what one server has done, the other knows on its next request", async ({ tools, rest: one, other }) => {
  const { arrange, sql, url } = tools;
  const login = (client: RestClient, username: string, password: string) =>
    client.call("POST", "/api/auth/login", { body: { username, password } });
  const who = (client: RestClient, token: unknown) =>
    client.call("GET", "/api/auth/user", { token: String(token) });
  const refresh = (client: RestClient, refreshToken: unknown) =>
    client.call("POST", "/api/auth/token", { body: { refreshToken } });

  await test.step("a session that it began, renewed and ended", async () => {
    const { email, password } = await arrange("makeUser");
    const { json } = await login(one, email, password);
    expect(outcome(await who(other, json.token))).toEqual([200, null]);
    const renewed = await refresh(other, json.refreshToken);
    const again = await refresh(one, json.refreshToken);
    expect([outcome(renewed), outcome(again)], "within the grace").toEqual([
      [200, null],
      [200, null],
    ]);
    expect(outcome(await who(one, renewed.json.token))).toEqual([200, null]);
    await other.call("POST", "/api/auth/logout", { token: String(json.token) });
    expect(outcome(await who(one, json.token))).toEqual([401, 11]);
    expect(outcome(await refresh(one, renewed.json.refreshToken))).toEqual([401, 11]);
  });

  await test.step("settings that an administrator saved there", async () => {
    const { token } = await arrange("loggedIn", await arrange("makeUser", { authority: "SYS_ADMIN" }));
    const cookie = `${COOKIE}=${token}`;
    const { version, values } = await storedPanel(sql, "password");
    await other.call("GET", "/api/noauth/userPasswordPolicy");
    const edit = { version, values: { ...values, minimumLength: 23 } };
    const saved = await callAction(url, actionNamed("savePasswordPolicy"), JSON.stringify([edit]), {
      cookie,
    });
    expect(answerOf(saved)).toMatchObject({ ok: true });
    expect((await other.call("GET", "/api/noauth/userPasswordPolicy")).json.minimumLength).toBe(23);
  });

  await test.step("wrong passwords, and the lock that they lead to", async () => {
    const { email, password } = await arrange("makeUser");
    for (const client of [one, other, one, other, one]) await login(client, email, "a wrong password");
    for (const client of [one, other])
      expect(outcome(await login(client, email, password))).toEqual([401, 10]);
    expect(await sql("SELECT FROM audit_events WHERE kind = 'account-locked'")).toHaveLength(1);
  });

  await test.step("at their pages, too: settings, wrong passwords, and a session that has ended", async () => {
    const user = await arrange("makeUser", { authority: "SYS_ADMIN" });
    const { token } = await arrange("loggedIn", await arrange("makeUser", { authority: "SYS_ADMIN" }));
    const cookie = `${COOKIE}=${token}`;
    const { version, values } = await storedPanel(sql, "general");
    const edit = { version, values: { ...values, maxFailedLoginAttempts: 2 } };
    const saved = await callAction(url, actionNamed("saveGeneralPolicy"), JSON.stringify([edit]), { cookie });
    expect(answerOf(saved)).toMatchObject({ ok: true });
    const servers = [other.product.url, url];
    for (const server of servers) {
      expect((await submitLogin(server, user.email, "wrong")).body).toContain(REFUSED);
    }
    for (const server of servers) {
      const refused = await submitLogin(server, user.email, user.password);
      expect(refused.body).toContain(REFUSED);
      expect(refused.headers).not.toHaveProperty("set-cookie");
    }
    const shown = await send(servers[0] ?? "", { path: "/settings/security", headers: { cookie } });
    expect(shown.body).toContain("After 2 wrong passwords an account is locked");
    await sql("UPDATE sessions SET ended_at = now()");
    const gone = await send(servers[0] ?? "", { path: "/audit", headers: { cookie } });
    expect(gone.status).toBe(303);
  });

  await test.step("how often an address has tried", async () => {
    await sql("DELETE FROM rate_limits");
    await arrange("makeSettings", { general: { loginAttemptsPerAddressPerMinute: 3 } });
    const tried = [];
    for (const client of [one, other, one, other, one]) {
      tried.push(outcome(await login(client, "nobody@example.org", "a wrong password")));
    }
    expect(tried).toEqual([...Array(3).fill([401, 10]), ...Array(2).fill([429, 33])]);
  });

  await test.step("that everyone was signed out", async () => {
    const { token } = await tools.signedIn();
    expect(outcome(await who(other, token))).toEqual([200, null]);
    const { token: administrator } = await tools.signedIn({ authority: "SYS_ADMIN" });
    const { values } = await storedPanel(sql, "jwt");
    const body = { ...values, tokenIssuer: "elsewhere" };
    const saved = await one.call("POST", "/api/admin/jwtSettings", { token: administrator, body });
    expect(outcome(saved)).toEqual([200, null]);
    expect(outcome(await who(other, token))).toEqual([401, 11]);
    expect(outcome(await who(other, saved.json.token))).toEqual([200, null]);
  });
});
