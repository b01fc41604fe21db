import type { Page } from "@playwright/test";
import { generalPolicyDefaults } from "@/lib/settings/general/schema";
import { expectAccessible, PHONE, violationsOn } from "./fixtures/accessible";
import { expect, test } from "./fixtures/test";
import { ApiDocsPage } from "./pages/api-docs-page";
import { KeyRing } from "./pages/key-ring";
import { LoginPage } from "./pages/login-page";
import { MobilePage } from "./pages/mobile-page";
import { RotationDialog } from "./pages/rotation-dialog";
import { SecuritySettingsPage } from "./pages/security-settings-page";

const DAY_MS = 86_400_000;
const PHONE_APP = {
  kind: "anonymous",
  address: "203.0.113.8",
  userAgent: "tb-app/1.0",
  requestId: "",
} as const;

test("axe finds nothing on the pages before the login", async ({ page, arrange, logIn, noise }) => {
  test.slow();
  const { activationUrl } = await arrange("provision");
  const login = new LoginPage(page);
  await login.fail("nobody@example.org", "wrong");
  await expectAccessible(page, "login, refused");
  for (const path of [
    "/login?notice=session-ended",
    "/link-expired",
    "/scan-in-app",
    "/forgot-password",
    activationUrl ?? "",
  ]) {
    await page.goto(path);
    await expectAccessible(page, path);
  }
  await page.getByLabel("New password").fill("short");
  await page.getByRole("button", { name: "Activate account" }).click();
  await expectAccessible(page, "activate, refused");

  await arrange(
    "makeSettings",
    { password: { passwordExpirationPeriodDays: 1 } },
    {
      expirySwitchedOnAt: new Date(Date.now() - 9 * DAY_MS),
    },
  );
  const { email, password } = await arrange("makeUser", { passwordSetAt: new Date(Date.now() - 9 * DAY_MS) });
  await login.open();
  await login.logIn(email, password);
  await expect(page).toHaveURL("/password-expired");
  await expectAccessible(page, "password expired");

  await logIn({ authority: "CUSTOMER_USER" });
  await page.goto("/settings/security");
  await expect(page).toHaveURL("/no-access");
  await expectAccessible(page, "no access");
  noise.allow(/404/);
  await page.goto("/nowhere");
  await expectAccessible(page, "404");
});

test("axe finds nothing on the security settings, in any of their states", async ({
  administrator: _,
  page,
  sql,
}) => {
  test.slow();
  const settings = new SecuritySettingsPage(page);
  const dialog = new RotationDialog(page);
  const jwt = settings.panel("JWT security");
  await settings.open();
  await expectAccessible(page, "settings");
  // What nobody would type, and somebody pastes, must not make the page wider either.
  await settings.panel("General policy").fill({ "Mobile secret key length": "1".repeat(90) });
  await settings.panel("General policy").save.press("Enter");
  await expect(settings.panel("General policy").summary).toBeVisible();
  await expectAccessible(page, "settings, refused");
  await jwt.region.getByRole("button", { name: "Show key" }).click();
  await expectAccessible(page, "show key");
  await page.keyboard.press("Escape");
  await jwt.region.getByRole("button", { name: "Generate key" }).click();
  await jwt.save.click();
  await dialog.signOut.check();
  await dialog.confirm.click();
  await expectAccessible(page, "rotation");
  await dialog.keep.check();
  await dialog.confirm.click();
  await expect(settings.notices).toContainText("Saved. In effect now.");
  await page.reload();
  const ring = new KeyRing(page);
  await expectAccessible(page, "two keys");
  await sql("UPDATE sessions SET confirmed_at = now() - interval '301 seconds'");
  await ring.retire().click();
  await ring.confirm.click();
  await expectAccessible(page, "retire a key, refused");
  await ring.cancel.click();
  await ring.rollBack().click();
  await expect(ring.box).toContainText("Sign with the earlier key again?");
  await expectAccessible(page, "roll back");
  await ring.cancel.click();
  await settings.panel("General policy").fill({
    "Mobile secret key length": "65",
    "Notification on account lockout": `${"operations".repeat(6)}@${"example-".repeat(6)}x.org`,
  });
  await page.getByRole("link", { name: "Audit" }).click();
  await expect(page.getByRole("alertdialog")).toBeVisible();
  await expectAccessible(page, "leaving");
});

test("axe finds nothing on the console's other pages, its menu and its navigation", async ({
  administrator: _,
  arrange,
  page,
}) => {
  test.slow();
  const actor = await arrange("administrator");
  const values = { ...generalPolicyDefaults, maxFailedLoginAttempts: 9 };
  await arrange("updateGeneralPolicy", actor, { version: 1, values });
  const someone = await arrange("makeUser", { email: "jane@example.org" });
  for (const kind of ["BROWSER", "REST"] as const) await arrange("loggedIn", someone, { kind });
  for (const path of ["/sessions", `/sessions?user=${someone.id}`, "/sessions?search=nobody"]) {
    await page.goto(path);
    await expectAccessible(page, path);
  }
  await page.goto("/sessions");
  await page.getByRole("button", { name: "End everybody’s sessions" }).click();
  await page.getByRole("button", { name: "End all other sessions" }).click();
  await expectAccessible(page, "end everybody's sessions, refused");
  await page.getByRole("button", { name: "Cancel" }).click();
  for (const path of [
    "/audit",
    "/audit?person=nobody",
    "/mail",
    "/settings/mail",
    "/account",
    "/account/password",
  ]) {
    await page.goto(path);
    await expectAccessible(page, path);
  }
  await page.getByRole("button", { name: "Ada Lovelace" }).click();
  await expectAccessible(page, "the person's menu");
  await page.setViewportSize(PHONE);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Open navigation" }).click();
  await expect(page.getByRole("dialog", { name: "Navigation" })).toBeVisible();
  expect(await violationsOn(page)).toEqual([]);
});

test("axe finds nothing on the description of the API, opened and tried out", async ({
  administrator,
  page,
  noise,
}) => {
  test.slow();
  noise.allow(/status of 40[01]/);
  const docs = new ApiDocsPage(page);
  await docs.open();
  await docs.login.getByRole("button", { name: "Get a token" }).click();
  await docs.logIn("not the password");
  await expect(docs.login).toContainText("Authentication failed.");
  await expectAccessible(page, "API, no token");
  await docs.logIn(administrator.password);
  await expect(docs.held).toBeVisible();
  await page.evaluate(() => {
    for (const details of document.querySelectorAll("details")) details.open = true;
  });
  const list = docs.call("GET", "/api/users");
  await list.form.getByLabel("page", { exact: true }).fill("-1");
  await list.send.click();
  await expect(list.outcome).toContainText("400");
  await expectAccessible(page, "API, everything opened");
  await docs.call("DELETE", "/api/user/{id}").form.getByLabel("id").fill("x");
  await docs.call("DELETE", "/api/user/{id}").send.click();
  const question = page.getByRole("alertdialog");
  await expect(question).toBeVisible();
  // What lies behind has been looked at.
  await page.evaluate(() => {
    for (const details of document.querySelectorAll("details"))
      if (!details.querySelector("dialog")) details.open = false;
  });
  await expectAccessible(page, "API, asking");
});

test("axe finds nothing on the page for the mobile app, in any of its states", async ({
  administrator: _,
  arrange,
  page,
  sql,
}) => {
  test.slow();
  await page.clock.install();
  const mobile = new MobilePage(page);
  await mobile.open();
  await expectAccessible(page, "no code");
  await mobile.make();
  await expectAccessible(page, "a code");
  await arrange("exchangeMobileSecret", PHONE_APP, { secret: await mobile.secretText() });
  await page.clock.runFor(4_000);
  await expect(mobile.title("A device logged in")).toBeVisible();
  await expectAccessible(page, "a used code");
  await mobile.make();
  await page.clock.runFor(120_000);
  await expect(mobile.title("The code has expired")).toBeVisible();
  await expectAccessible(page, "an expired code");
  await mobile.make();
  await page.reload();
  await expect(mobile.title("A code is open already")).toBeVisible();
  await expectAccessible(page, "a code that was shown before");
  await arrange(
    "makeSettings",
    { password: { passwordExpirationPeriodDays: 1 } },
    { expirySwitchedOnAt: new Date(Date.now() - 9 * DAY_MS) },
  );
  await sql("UPDATE users SET password_set_at = now() - interval '9 days'");
  await mobile.button.click();
  await expect(mobile.title("Your password has expired")).toBeVisible();
  await expectAccessible(page, "an expired password");
});

/** Tabs on until the wanted control has the focus; every stop on the way must show that it has it. */
async function tabTo(
  page: Page,
  wanted: { role: string; name: string },
  key: "Tab" | "Shift+Tab" = "Tab",
): Promise<void> {
  const target = page.getByRole(wanted.role as "button", { name: wanted.name, exact: true }).first();
  for (let stops = 0; stops < 120; stops += 1) {
    await page.keyboard.press(key);
    const focus = await page.evaluate(() => {
      const active = document.activeElement;
      if (!active || active === document.body) return null;
      const rings: boolean[] = [];
      for (let at: Element | null = active, up = 0; at && up < 4; at = at.parentElement, up += 1) {
        const { outlineStyle, outlineWidth } = getComputedStyle(at);
        rings.push(outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2);
      }
      return { isVisible: rings.includes(true), html: active.outerHTML.slice(0, 200) };
    });
    if (focus) expect(focus.isVisible, `the focus can be seen on ${focus.html}`).toBe(true);
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`The keyboard does not reach ${wanted.role} "${wanted.name}".`);
}

test("nothing that has the focus lies under the bar that says why a save failed", async ({
  administrator: _,
  page,
  noise,
}) => {
  noise.allow(/ERR_CONNECTION_RESET/);
  // 1280 px at a zoom of 400 %, where the words alone are taller than the window.
  await page.setViewportSize({ width: 320, height: 256 });
  const settings = new SecuritySettingsPage(page);
  const general = settings.panel("General policy");
  await settings.open();
  await general.fill({ "Mobile secret key length": "65" });
  await page.route("**/*", (route) =>
    route.request().method() === "POST" ? route.abort("connectionreset") : route.continue(),
  );
  await general.save.click();
  await expect(general.region.getByRole("alert")).toBeVisible();
  await expect(general.save).toBeInViewport({ ratio: 1 });
  for (let stops = 0; stops < 12; stops += 1) {
    await page.keyboard.press("Shift+Tab");
    const hidden = await page.evaluate(() => {
      const active = document.activeElement;
      const { x, y, width, height } = active?.getBoundingClientRect() ?? new DOMRect();
      const isSeen = active?.contains(document.elementFromPoint(x + width / 2, y + height / 2));
      return isSeen ? null : (active?.outerHTML.slice(0, 200) ?? "no focus");
    });
    expect(hidden, "covered by the bar").toBeNull();
  }
});

test("in a low window a dialog is read from its question on, and whole", async ({
  administrator: _,
  page,
}) => {
  await page.setViewportSize({ width: 320, height: 256 });
  const settings = new SecuritySettingsPage(page);
  await settings.open();
  await page.getByRole("button", { name: "Show key" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("heading")).toBeInViewport({ ratio: 1 });
  const squeezed = await dialog.evaluate(
    (box) => [...box.children].filter(({ scrollHeight, clientHeight }) => scrollHeight > clientHeight).length,
  );
  expect(squeezed, "parts that scroll in a slit").toBe(0);
  await dialog.getByRole("button", { name: "Cancel" }).focus();
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeInViewport({ ratio: 1 });
});

test("in the system's own colours a switch and the place one reads are still told", async ({
  administrator: _,
  page,
}) => {
  await page.emulateMedia({ forcedColors: "active" });
  const settings = new SecuritySettingsPage(page);
  await settings.open();
  // The browser's own tick box, with nothing of ours over the tick.
  const toggle = page.getByRole("switch", { name: "Tell the account’s owner" });
  expect(await toggle.evaluate((element) => getComputedStyle(element, "::before").display)).toBe("none");
  const places = page.getByRole("navigation", { name: "On this page" });
  await expect(places.locator("[aria-current]")).toHaveCSS("text-decoration-line", "underline");
  await expect(places.getByRole("link", { name: "JWT security" })).toHaveCSS("text-decoration-line", "none");
});

test("on paper the settings stand dark on white, without what leads elsewhere", async ({
  administrator: _,
  page,
}) => {
  const settings = new SecuritySettingsPage(page);
  await settings.open();
  await page.getByTitle("Dark").first().click();
  await page.emulateMedia({ media: "print" });
  await expect(page.locator("html")).toHaveCSS("color-scheme", "light");
  await expect(page.getByRole("heading", { name: "Security settings" })).toBeVisible();
  await expect(page.getByText("Skip to content")).toBeHidden();
  await expect(page.getByText("Undo", { exact: true })).toHaveCount(3);
  for (const undo of await page.getByText("Undo", { exact: true }).all()) await expect(undo).toBeHidden();
  await settings.panel("General policy").fill({ "Mobile secret key length": "65" });
  await expect(settings.panel("General policy").unsaved).toBeVisible();
});

test("the main job is done with the keyboard alone", async ({ page, arrange }) => {
  const { email, password } = await arrange("makeUser", { authority: "SYS_ADMIN" });
  const settings = new SecuritySettingsPage(page);
  const general = settings.panel("General policy");
  const jwt = settings.panel("JWT security");
  const attempts = general.field("Maximum number of failed login attempts");
  await page.goto("/login");
  await tabTo(page, { role: "textbox", name: "E-mail" });
  await page.keyboard.type(email);
  await tabTo(page, { role: "textbox", name: "Password" });
  await page.keyboard.type(password);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/settings/security");
  await expect(attempts).toBeVisible();

  await test.step("past the navigation, change, save", async () => {
    const skip = { role: "link", name: "Skip to content" };
    await tabTo(page, { role: "link", name: "Audit" });
    await tabTo(page, skip, "Shift+Tab");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("main")).toBeFocused();
    await tabTo(page, { role: "textbox", name: "Maximum number of failed login attempts" });
    await page.keyboard.press("ArrowUp");
    await expect(attempts).toHaveValue("6");
    await page.keyboard.press("Shift+ArrowUp");
    await expect(attempts).toHaveValue("16");
    await page.keyboard.press("Enter");
    await expect(settings.notices).toContainText("Saved. In effect now.");
    await expect(attempts).toBeFocused();
  });

  await test.step("change, undo", async () => {
    await page.keyboard.press("ArrowDown");
    await expect(general.unsaved).toHaveText("1 unsaved change");
    await tabTo(page, { role: "button", name: "Undo" });
    await page.keyboard.press("Enter");
    await expect(attempts).toHaveValue("16");
    await expect(general.unsaved).toHaveCount(0);
  });

  await test.step("the dialog opens, holds the focus, closes, and gives it back", async () => {
    const dialog = new RotationDialog(page);
    await tabTo(page, { role: "button", name: "Generate key" });
    await page.keyboard.press("Enter");
    await expect(jwt.unsaved).toHaveText("1 unsaved change");
    for (let stops = 0; stops < 20; stops += 1) {
      await page.keyboard.press("Tab");
      if (await jwt.save.evaluate((element) => element === document.activeElement)) break;
    }
    await expect(jwt.save).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(dialog.box).toBeVisible();
    for (let stops = 0; stops < 8; stops += 1) {
      await page.keyboard.press("Tab");
      const where = await page.evaluate(() => document.activeElement?.closest("dialog, body")?.tagName);
      expect(["DIALOG", "BODY"]).toContain(where);
      const isBehind = await page.evaluate(() => document.activeElement?.closest("main") !== null);
      expect(isBehind).toBe(false);
    }
    await page.keyboard.press("Escape");
    await expect(dialog.box).toHaveCount(0);
    await expect(jwt.save).toBeFocused();
  });

  await test.step("the menu", async () => {
    await tabTo(page, { role: "button", name: "Ada Lovelace" }, "Shift+Tab");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("button", { name: "Log out" })).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("button", { name: "Log out" })).toBeHidden();
    await expect(page.getByRole("button", { name: "Ada Lovelace" })).toBeFocused();
  });
});

test("text twice as large stays in whole words, and its lines apart", async ({
  administrator: _,
  arrange,
  page,
}) => {
  await arrange("makeUser", { lastLoginAt: new Date() });
  await page.setViewportSize(PHONE);
  const browser = await page.context().newCDPSession(page);
  await browser.send("Page.setFontSizes", { fontSizes: { standard: 32 } });
  await page.goto("/mail");
  for (const word of ["All", "Queued", "Sent", "Failed", "Find"]) {
    const lines = await page
      .getByRole("main")
      .getByText(word, { exact: true })
      .evaluate((element) => {
        const text = document.createRange();
        text.selectNodeContents(element);
        return text.getClientRects().length;
      });
    expect(lines, `lines of “${word}”`).toBe(1);
  }
  for (const path of ["/users", "/sessions", "/account"]) {
    await page.goto(path);
    const times = page.getByRole("main").locator("time").filter({ visible: true });
    await expect(times.first()).toBeVisible();
    const closest = await times.evaluateAll((elements) => {
      const leading = elements.map((element) => {
        const { fontSize, lineHeight } = getComputedStyle(element);
        return Number.parseFloat(lineHeight) / Number.parseFloat(fontSize);
      });
      return Math.min(...leading);
    });
    expect(closest, `the lines of ${path}`).toBeGreaterThan(1.3);
  }
});
