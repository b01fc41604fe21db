import type { Locator, Page } from "@playwright/test";
import jsQr from "jsqr";
import { holdRequests } from "./fixtures/held-requests";
import { dump } from "./fixtures/snapshot";
import { expect, test } from "./fixtures/test";
import { send } from "./http/client";
import { AccountPage } from "./pages/account-page";
import { LoginPage } from "./pages/login-page";
import { MobilePage } from "./pages/mobile-page";

/** How often an open page looks what has become of its code, and how soon it asks a server again that did not answer. */
const POLL_MS = 3_000;

/** Decodes the QR code in a screenshot of `shown`, as a phone's camera would. */
async function scan(page: Page, shown: Locator): Promise<string | undefined> {
  const png = (await shown.screenshot()).toString("base64");
  const { pixels, width, height } = await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
    context?.drawImage(bitmap, 0, 0);
    const data = context?.getImageData(0, 0, bitmap.width, bitmap.height).data ?? [];
    // As text: a list of so many numbers takes seconds to leave the browser, and the code lives for two minutes only.
    const text = Array.from(data, (byte) => String.fromCharCode(byte)).join("");
    return { pixels: btoa(text), width: bitmap.width, height: bitmap.height };
  }, png);
  return jsQr(Uint8ClampedArray.from(Buffer.from(pixels, "base64")), width, height)?.data;
}

test("a phone scans the code, is logged in once, and stands among the sessions", async ({
  page,
  logIn,
  product,
  sql,
}) => {
  const printedBefore = product.output().length;
  await page.clock.install();
  const { email } = await logIn({ authority: "CUSTOMER_USER" });
  const mobile = new MobilePage(page);
  const account = new AccountPage(page);
  const exchange = (secret: string) =>
    send(product.url, { path: `/api/noauth/qr/${secret}`, headers: { "user-agent": "tb-app/1.0" } });

  await page.goto("/account");
  await page.getByRole("link", { name: "Mobile app", exact: true }).click();
  await expect(page).toHaveURL("/account/mobile");
  await expect(mobile.qr).toHaveCount(0);
  await mobile.make();
  await expect(mobile.timer).toHaveText(/^[12]:\d\d$/);
  const secret = await mobile.secretText();

  await test.step("what is scanned is a link to this server, in light and dark", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      const link = new URL((await scan(page, mobile.qr)) ?? "");
      expect(`${link.origin}${link.pathname}`).toBe(`${product.url}/api/noauth/qr`);
      expect(Object.fromEntries(link.searchParams)).toEqual({ secret, ttl: "2", host: product.url });
      const looked = await send(product.url, { path: link.pathname + link.search });
      expect(looked.status, "looking at the link uses nothing up").toBe(404);
    }
    // Forced colours leave Chromium's own white behind an SVG, but not Firefox's.
    await expect(mobile.qr).toHaveCSS("forced-color-adjust", "none");
  });

  await test.step("an ordinary camera is told to use the app, and uses nothing up", async () => {
    const link = new URL((await scan(page, mobile.qr)) ?? "");
    const path = link.pathname + link.search;
    const looked = await send(product.url, { path, headers: { accept: "text/html" } });
    expect(looked).toMatchObject({ status: 303, body: "" });
    expect(looked.headers).toMatchObject({ location: "/scan-in-app", "referrer-policy": "no-referrer" });
    const camera = await page.context().newPage();
    await camera.goto(link.href);
    await expect(camera).toHaveURL("/scan-in-app");
    await expect(camera.getByRole("heading", { name: "Scan this code in the app" })).toBeVisible();
    expect(await camera.content()).not.toContain(secret);
    await expect(camera.getByText("Opening it here has not used it up."), "true of any code").toBeVisible();
    await camera.close();
  });

  await test.step("the app exchanges it, and the page says so", async () => {
    const { status, body } = await exchange(secret);
    expect(status).toBe(200);
    const headers = { "x-authorization": `Bearer ${JSON.parse(body).token}` };
    expect(JSON.parse((await send(product.url, { path: "/api/auth/user", headers })).body).email).toBe(email);
    await page.clock.runFor(POLL_MS);
    await expect(mobile.title("A device logged in")).toBeVisible();
    await expect(mobile.qr).toHaveCount(0);
  });

  await test.step("a second time there is nothing to be had", async () => {
    const { status, body } = await exchange(secret);
    expect([status, JSON.parse(body).errorCode]).toEqual([401, 11]);
  });

  await test.step("a new code replaces an open one", async () => {
    await mobile.make();
    const older = await mobile.secretText();
    await mobile.make();
    expect((await exchange(older)).status).toBe(401);
    expect((await exchange(await mobile.secretText())).status).toBe(200);
    await page.clock.runFor(POLL_MS);
    await expect(mobile.title("A device logged in")).toBeVisible();
  });

  await test.step("the apps stand among the sessions, and can be ended", async () => {
    await mobile.card.getByRole("link", { name: "your sessions" }).click();
    await expect(account.sessions.filter({ hasText: "Mobile app, tb-app" })).toHaveCount(2);
    await page.getByRole("button", { name: "End all others" }).click();
    await expect(account.sessions).toHaveCount(1);
  });

  await test.step("the secret is in no line of the log, and nowhere in the database", async () => {
    const log = product.output().slice(printedBefore);
    expect(log).toContain("/api/noauth/qr/[secret]");
    expect(log).not.toContain(secret);
    for (const [table, text] of await dump(sql)) expect(text, table).not.toContain(secret);
  });
});

test("a code ends after two minutes, and says so", async ({ page, logIn }) => {
  await page.clock.install();
  await logIn();
  const mobile = new MobilePage(page);
  const said = page.getByRole("region", { name: "Log in with a code" }).locator("[aria-live=polite]").first();
  await mobile.open();
  await mobile.make();
  await expect(said).toHaveText("The code is shown. It works for two minutes.");
  await page.clock.runFor(60_000);
  await expect(mobile.timer).toHaveText(/^(?:0:[45]\d|1:00)$/);
  await expect(said).toHaveText("The code is shown. It works for two minutes.");
  await page.clock.runFor(35_000);
  await expect(said).toHaveText("The code works for another 30 seconds.");
  await page.clock.runFor(30_000);
  await expect(mobile.title("The code has expired")).toBeVisible();
  await expect(said).toHaveText("The code has expired.");
  await expect(mobile.secret).toHaveCount(0);
});

test("on a slow connection, a new code waits for one look at the last one, and not for many", async ({
  page,
  logIn,
}) => {
  await page.clock.install();
  await logIn();
  const mobile = new MobilePage(page);
  await mobile.open();
  await mobile.make();
  const asked: string[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/api/health")) asked.push(request.url());
  });
  const release = await holdRequests(page, "/api/health");
  await page.clock.runFor(60_000);
  await expect.poll(() => asked.length).toBeGreaterThan(0);
  expect(asked).toHaveLength(1);
  release();
  await expect.poll(() => page.clock.runFor(POLL_MS).then(() => asked.length)).toBeGreaterThan(1);
});

test("another window's code replaces this one, and a page that is read again does not show it", async ({
  page,
  context,
  logIn,
}) => {
  await page.clock.install();
  await logIn();
  const mobile = new MobilePage(page);
  await mobile.open();
  await mobile.make();
  const other = new MobilePage(await context.newPage());
  await other.open();
  await expect(other.title("A code is already open")).toBeVisible();
  await other.make();
  await page.bringToFront();
  await page.clock.runFor(POLL_MS);
  await expect(mobile.title("A newer code has replaced this one")).toBeVisible();
  await page.reload();
  await expect(mobile.title("A code is already open")).toBeVisible();
  await expect(mobile.secret).toHaveCount(0);
});

test("a code is gone once the page is that of somebody else, who has logged in at the same browser", async ({
  page,
  context,
  arrange,
  logIn,
}) => {
  await page.clock.install();
  await logIn({ email: "jane@example.org" });
  const john = await arrange("makeUser", { email: "john@example.org", firstName: "John", lastName: "Roe" });
  const mobile = new MobilePage(page);
  await mobile.open();
  await mobile.make();
  await context.clearCookies();
  const other = await context.newPage();
  await new LoginPage(other).open();
  await new LoginPage(other).logIn(john.email, john.password);
  await expect(other).toHaveURL("/account");
  await page.bringToFront();
  await page.clock.runFor(POLL_MS);
  await expect(page.getByRole("button", { name: "John Roe" })).toBeVisible();
  await expect(mobile.secret).toHaveCount(0);
  await expect(mobile.qr).toHaveCount(0);
});

test("a code outlasts a lost connection", async ({ page, logIn, product, noise }) => {
  noise.allow(/ERR_INTERNET_DISCONNECTED/);
  await page.clock.install();
  await logIn();
  const mobile = new MobilePage(page);
  await mobile.open();
  await mobile.make();
  const secret = await mobile.secretText();
  const failed = page.waitForEvent("requestfailed");
  await page.context().setOffline(true);
  await page.clock.runFor(POLL_MS);
  await failed;
  await page.context().setOffline(false);
  const { status } = await send(product.url, { path: `/api/noauth/qr/${secret}` });
  expect(status).toBe(200);
  await page.clock.runFor(POLL_MS);
  await expect(mobile.title("A device logged in")).toBeVisible();
});

test("where nothing can be copied, a link that is not on the page appears, selected", async ({
  page,
  logIn,
}) => {
  await page.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  await logIn();
  const mobile = new MobilePage(page);
  await mobile.open();
  await mobile.make();
  await mobile.card.getByRole("button", { name: "Copy link" }).click();
  const link = mobile.card.getByRole("textbox");
  await expect(link).toBeFocused();
  await expect(link).toHaveValue(new RegExp(`/api/noauth/qr\\?secret=${await mobile.secretText()}`));
  expect(await page.evaluate(() => getSelection()?.toString())).toBe(await link.inputValue());
});

test("a new code that is refused leaves the open one shown", async ({ page, logIn, sql }) => {
  await logIn();
  const mobile = new MobilePage(page);
  await mobile.open();
  await mobile.make();
  const secret = await mobile.secretText();
  await sql("UPDATE rate_limits SET points = 1000");
  await mobile.button.click();
  await expect(mobile.card).toContainText("Too many attempts");
  await expect(mobile.secret).toHaveText(secret);
});

test("without scripts there is a code all the same", async ({ browser, arrange, product }) => {
  const { email, password } = await arrange("makeUser");
  const context = await browser.newContext({ baseURL: product.url, javaScriptEnabled: false });
  const page = await context.newPage();
  const login = new LoginPage(page);
  await login.open();
  await login.logIn(email, password);
  const mobile = new MobilePage(page);
  await mobile.open();
  await mobile.button.click();
  await expect(mobile.qr).toBeVisible();
  await expect(mobile.timer).toBeHidden();
  await expect(mobile.card.getByText(/^Works until/)).toBeVisible();
  const { status } = await send(product.url, { path: `/api/noauth/qr/${await mobile.secretText()}` });
  expect(status).toBe(200);
  await context.close();
});
