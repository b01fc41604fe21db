import { freePort, startProduct } from "../fixtures/product";
import { expect, test } from "../fixtures/test";
import { actionNamed, callFormAction } from "./actions";

test("behind a proxy that speaks TLS a login leads to its page, and without TLS to the address with it", async ({
  arrange,
  page,
  product,
}) => {
  const { email, password } = await arrange("makeUser", { authority: "SYS_ADMIN" });
  const origin = "https://id.example.com";
  const behind = startProduct({
    ...product.env,
    PORT: await freePort(),
    BASE_URL: origin,
    TRUST_PROXY: "1",
  });
  try {
    await behind.ready;
    const fields = { email, password, next: "/account" };
    const proxied = { origin, "x-forwarded-host": "id.example.com", "x-forwarded-for": "192.0.2.7" };
    const { status, headers, body } = await callFormAction(behind.url, actionNamed("logIn"), fields, proxied);
    expect([status, headers["x-action-redirect"]]).toEqual([200, "/account;push"]);
    expect(headers["set-cookie"]).toMatch(/^__Host-.*; Secure/);
    expect(body).toContain(email);
    const addresses = () =>
      [...behind.output().matchAll(/^.*"event":"request".*$/gm)].map(([line]) => JSON.parse(line).address);
    await expect.poll(addresses).toEqual(["192.0.2.7", "192.0.2.7"]);
    expect(behind.output()).not.toMatch(/"level":"error"|request-broken/);
    await page.setExtraHTTPHeaders({ "x-forwarded-host": "id.example.com", "x-forwarded-for": "192.0.2.7" });
    await page.goto(`${behind.url}/login?next=%2Faudit`);
    await expect(page.getByText("Nobody can log in at this address")).toBeVisible();
    const link = page.getByRole("link", { name: origin });
    await expect(link).toHaveAttribute("href", `${origin}/login?next=%2Faudit`);
  } finally {
    await behind.stop();
  }
});
