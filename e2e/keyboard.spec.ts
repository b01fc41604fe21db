import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures/test";
import { RotationDialog } from "./pages/rotation-dialog";
import { SecuritySettingsPage } from "./pages/security-settings-page";

/** Presses Tab until the wanted control has the focus. Every stop on the way must show a focus indicator. */
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

/** Returns the focused control as HTML if its middle is not seen; null if it is. */
function hiddenFocus(page: Page): Promise<string | null> {
  return page.evaluate(() => {
    const active = document.activeElement;
    const { x, y, width, height } = active?.getBoundingClientRect() ?? new DOMRect();
    const isSeen = active?.contains(document.elementFromPoint(x + width / 2, y + height / 2));
    return isSeen ? null : (active?.outerHTML.slice(0, 200) ?? "no focus");
  });
}

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
    for (const [key, value] of [
      ["PageUp", "26"],
      ["PageDown", "16"],
    ] as const) {
      await page.keyboard.press(key);
      await expect(attempts).toHaveValue(value);
    }
    // What an input method shows its candidates for does not step.
    await attempts.dispatchEvent("keydown", { key: "ArrowUp", isComposing: true });
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

test("the bar that says why a save failed never covers the focused control", async ({
  administrator: _,
  page,
  noise,
}) => {
  noise.allow(/ERR_CONNECTION_RESET/);
  // A window of 1280 px at 400 % zoom, where the error text alone is taller than the window.
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
    expect(await hiddenFocus(page), "covered by the bar").toBeNull();
  }
});

test("a notice never covers the focused control", async ({ administrator: _, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const settings = new SecuritySettingsPage(page);
  const general = settings.panel("General policy");
  await settings.open();
  await general.fill({ "Mobile secret key length": "65" });
  await general.save.press("Enter");
  // It stays as long as the pointer is on it.
  await settings.notices.getByText("Saved. In effect now.").hover();
  const reset = general.region.getByRole("button", { name: /^Reset to 64/ });
  // Behind the notice, and below where pages are scrolled to anyway (`scroll-padding`).
  await reset.evaluate((button) => window.scrollBy(0, button.getBoundingClientRect().top - 85));
  await page.keyboard.press("Shift+Tab");
  await expect(reset).toBeFocused();
  expect(await hiddenFocus(page), "covered by the notice").toBeNull();
  await expect(settings.notices).toContainText("Saved. In effect now.");
});

test("a click on the icon or the name in a menu's button is one on the button, from which Tab enters the menu in WebKit", async ({
  administrator: _,
  page,
}) => {
  await page.goto("/account");
  const button = page.getByRole("button", { name: "Ada Lovelace" });
  const pressed = button.locator("> *").evaluateAll((parts) =>
    parts.map((part) => {
      const { x, y, width, height } = part.getBoundingClientRect();
      return document.elementFromPoint(x + width / 2, y + height / 2)?.tagName;
    }),
  );
  expect(await pressed).toEqual(["BUTTON", "BUTTON", "BUTTON"]);
  await button.click();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Your account" })).toBeFocused();
});

/**
 * Makes a page follow links to its own places when Firefox does: in a task of its own, after a timer of a listener to the
 * click. The other browsers follow them at once.
 */
async function followPlacesAsFirefox(page: Page): Promise<void> {
  await page.addInitScript(() => {
    addEventListener("click", (event) => {
      const link = event.target instanceof Element && event.target.closest<HTMLAnchorElement>("a[href^='#']");
      if (!link) return;
      event.preventDefault();
      setTimeout(() => location.assign(link.href));
    });
  });
}

for (const browser of ["Chromium", "Firefox"]) {
  test(`where places are followed as in ${browser}, the way back leads to the page whose place was gone to, by the link past the navigation or to a section`, async ({
    administrator: _,
    page,
  }) => {
    if (browser === "Firefox") await followPlacesAsFirefox(page);
    await page.goto("/settings/security");
    const title = page.getByRole("heading", { level: 1 });
    for (const [name, place] of [
      ["Skip to content", "#main"],
      ["JWT security", "#jwt"],
      ["JWT security", "#jwt"],
    ] as const) {
      await page.getByRole("link", { name, exact: true }).press("Enter");
      await expect(page).toHaveURL(`/settings/security${place}`);
    }
    await page.getByRole("link", { name: "Audit", exact: true }).click();
    await expect(title).toHaveText("Audit");
    for (const place of ["#jwt", "#main", ""]) {
      await page.goBack();
      await expect(page).toHaveURL(`/settings/security${place}`);
      await expect(title).toHaveText("Security settings");
    }
  });
}
