import { freePort, startProduct } from "../fixtures/product";
import { expect, test } from "../fixtures/test";
import { actionNamed, callFormAction } from "./actions";

test("behind a proxy that speaks TLS, a login is answered with the page that it leads to", async ({
  arrange,
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
  } finally {
    await behind.stop();
  }
});

test("a login page that came without TLS leads to the one with it, where alone people can log in", async ({
  page,
  product,
}) => {
  const port = await freePort();
  const behind = startProduct({ ...product.env, PORT: port, BASE_URL: `https://localhost:${port}` });
  try {
    await behind.ready;
    const path = "/login?next=%2Faudit";
    await page.goto(`http://localhost:${port}${path}`);
    await expect(page.getByText("Nobody can log in at this address")).toBeVisible();
    const link = page.getByRole("link", { name: `https://localhost:${port}` });
    await expect(link).toHaveAttribute("href", `https://localhost:${port}${path}`);
  } finally {
    await behind.stop();
  }
});
