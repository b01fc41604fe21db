import type { JSHandle, Locator, Page } from "@playwright/test";
import { holdRequests } from "./fixtures/held-requests";
import { expect, test } from "./fixtures/test";
import { AccountPage } from "./pages/account-page";
import { LoginPage } from "./pages/login-page";
import { MobilePage } from "./pages/mobile-page";
import { SecuritySettingsPage } from "./pages/security-settings-page";

// A screen reader announces only what changes in a live region that it knows: one that is inert or hidden is unknown.

/** The texts that are added to a live region from now on; also those that are the same as before. */
function heardIn(region: Locator): Promise<JSHandle<string[]>> {
  return region.evaluateHandle((root) => {
    const heard: string[] = [];
    new MutationObserver((changes) => {
      for (const { type, target, addedNodes } of changes)
        for (const node of type === "childList" ? addedNodes : [target]) {
          const element = node instanceof Element ? node : node.parentElement;
          if (element?.closest("[role=alert], [aria-live]") ?? element?.querySelector("[role=alert]"))
            heard.push(node.textContent ?? "");
        }
    }).observe(root, { childList: true, characterData: true, subtree: true });
    return heard;
  });
}

/** Resolves when a notice appears. @returns the number of frames drawn since the dialog was gone */
function framesUntilNotice(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        let frames = 0;
        let atClosing: number | undefined;
        const count = () => {
          frames += 1;
          requestAnimationFrame(count);
        };
        requestAnimationFrame(count);
        new MutationObserver(() => {
          if (!document.querySelector("dialog")) atClosing ??= frames;
          if (document.querySelector("[aria-label=Notices]")?.textContent)
            resolve(frames - (atClosing ?? frames));
        }).observe(document.body, { childList: true, subtree: true });
      }),
  );
}

test("a notice comes once the page behind the closed dialog is known again", async ({
  administrator: _,
  page,
  arrange,
}) => {
  await arrange("makeUser", { email: "jane@example.org" });
  await page.goto("/users");
  await page.getByRole("link", { name: "jane@example.org" }).click();
  await expect(page.getByLabel("Notices")).toHaveAttribute("aria-live", "polite");
  await page.getByRole("button", { name: "Edit name and e-mail" }).click();
  const frames = framesUntilNotice(page);
  await page.getByLabel("First name").fill("Jane");
  await page.getByLabel("First name").press("Enter");
  expect(await frames).toBeGreaterThan(0);
});

test("the first unsaved change is counted in a place that is known before", async ({
  administrator: _,
  page,
}) => {
  const settings = new SecuritySettingsPage(page);
  await settings.open();
  await page.evaluate(() => {
    for (const place of document.querySelectorAll<HTMLElement>("[aria-live]"))
      if (!place.closest("[inert]")) place.dataset.known = "";
  });
  const general = settings.panel("General policy");
  await general.fill({ "Mobile secret key length": "65" });
  await expect(general.unsaved).toHaveText("1 unsaved change");
  await expect(general.unsaved).toHaveAttribute("data-known");
});

test("an error waits until entering pauses, is shown at once when a save is refused, and is gone at once", async ({
  administrator: _,
  page,
}) => {
  await page.clock.install();
  const settings = new SecuritySettingsPage(page);
  await settings.open();
  await page.clock.pauseAt(Date.now() + 60_000);
  const general = settings.panel("General policy");
  const length = general.field("Mobile secret key length");
  await length.fill("6");
  await expect(general.effect).toContainText("Not valid yet");
  await expect(length).not.toHaveAttribute("aria-invalid");
  await page.clock.runFor(1_000);
  await expect(length).toHaveAccessibleDescription(/ not 6\.$/);
  await length.fill("7");
  await general.save.click();
  await expect(length).toHaveAccessibleDescription(/ not 7\.$/);
  await length.fill("65");
  await expect(general.effect).not.toContainText("Not valid yet");
  await expect(length).not.toHaveAttribute("aria-invalid");
});

test("the same refusal is announced a second time", async ({ page }) => {
  const login = new LoginPage(page);
  await login.fail("nobody@example.org", "wrong");
  await expect(login.message).toHaveAttribute("aria-live", "polite");
  const refusal = login.message.getByText("is wrong");
  const release = await holdRequests(page, "**");
  await login.logIn("nobody@example.org", "wrong again");
  await expect(refusal).toBeHidden();
  release();
  await expect(refusal).toBeVisible();
});

test("a wrong password for the key is refused aloud a second time", async ({ administrator: _, page }) => {
  const settings = new SecuritySettingsPage(page);
  await settings.open();
  await settings.panel("JWT security").region.getByRole("button", { name: "Show key" }).click();
  const dialog = page.getByRole("dialog");
  const password = dialog.getByLabel("Your password");
  await expect(password).toHaveAttribute("aria-required", "true");
  await password.fill("wrong");
  await password.press("Enter");
  const refusal = dialog.getByText("Wrong password");
  await expect(refusal).toBeVisible();
  const release = await holdRequests(page, "**");
  await password.press("Enter");
  await expect(refusal).toBeHidden();
  release();
  await expect(refusal).toBeVisible();
});

test("saving one's name again is announced again", async ({ administrator: _, page }) => {
  const account = new AccountPage(page);
  await account.open();
  const firstName = page.getByLabel("First name");
  const saved = page.getByText("Saved.", { exact: true });
  await firstName.fill("Augusta");
  await firstName.press("Enter");
  await expect(saved).toBeVisible();
  const release = await holdRequests(page, "**");
  await firstName.press("Enter");
  await expect(saved).toBeHidden();
  release();
  await expect(saved).toBeVisible();
});

test("the place for a refused password is known before the refusal", async ({ administrator: _, page }) => {
  const account = new AccountPage(page);
  await page.goto("/account/password");
  const place = page.locator("#password-message");
  await expect(place).toBeEmpty();
  await expect(place).not.toHaveCSS("display", "none");
  // Nor has it a row of its own, which would move the form down.
  await expect(place.locator("..")).not.toHaveCSS("grid-template-rows", /^0px /);
  await account.currentPassword.fill("not the one");
  await account.newPassword.fill("a gate, a house, a lamp");
  await account.currentPassword.press("Enter");
  await expect(place).toContainText("password");
});

test("the buttons that show a password say which, and a required field says so", async ({
  administrator: _,
  page,
}) => {
  await page.goto("/account/password");
  for (const name of ["Show current password", "Show new password"])
    await expect(page.getByRole("button", { name, exact: true })).toHaveCount(1);
  await page.goto("/users/new");
  await expect(page.getByRole("textbox", { name: "E-mail" })).toHaveAttribute("aria-required", "true");
});

test("the answer that takes a form's place is read with its title", async ({ page }) => {
  await page.goto("/forgot-password");
  await page.getByLabel("E-mail").fill("jane@example.org");
  await page.getByLabel("E-mail").press("Enter");
  const title = page.getByRole("heading", { name: "No mail can be sent yet" });
  await expect(title).toBeFocused();
  await expect(title).toHaveAccessibleDescription(/^Gatehouse cannot send mail yet, .*jane@example\.org/);
});

test("a second refusal is announced like the first", async ({ administrator: _, page }) => {
  const settings = new SecuritySettingsPage(page);
  await settings.open();
  const general = settings.panel("General policy");
  await general.fill({ "Mobile secret key length": "5" });
  await general.field("Mobile secret key length").press("Enter");
  await expect(general.summary).toBeVisible();
  await general.summary.evaluate((element) => {
    element.dataset.heard = "";
  });
  await general.field("Mobile secret key length").press("Enter");
  await expect(general.summary).not.toHaveAttribute("data-heard");
});

test("a refused value is corrected in silence until entering pauses", async ({ administrator: _, page }) => {
  await page.clock.install();
  const settings = new SecuritySettingsPage(page);
  await settings.open();
  const general = settings.panel("General policy");
  const length = general.field("Mobile secret key length");
  await length.fill("5");
  await length.press("Enter");
  await expect(general.summary).toBeVisible();
  await page.clock.pauseAt(Date.now() + 60_000);
  const heard = await heardIn(general.region);
  await length.press("Backspace");
  await length.pressSequentially("6");
  await expect(general.summary).toContainText(", not 6.");
  await length.pressSequentially("4");
  await expect(general.summary).toHaveCount(0);
  await length.pressSequentially("0");
  await expect(general.effect).toContainText("Not valid yet");
  await expect(general.summary, "no save of this value was refused").toHaveCount(0);
  expect(await heard.jsonValue()).toEqual(["1 unsaved change"]);
});

test("another generated key is announced like the first", async ({ administrator: _, page }) => {
  const settings = new SecuritySettingsPage(page);
  await settings.open();
  const jwt = settings.panel("JWT security");
  const generate = jwt.region.getByRole("button", { name: "Generate key" });
  const announced = jwt.region.getByText("New key, 512 bits. In effect once you save.");
  await generate.click();
  await expect(announced).toBeVisible();
  const release = await holdRequests(page, "**");
  await generate.click();
  await expect(announced).toBeHidden();
  release();
  await expect(announced).toBeVisible();
});

test("another code for the mobile app is announced like the first, and so is why there is none", async ({
  page,
  logIn,
  arrange,
  sql,
}) => {
  await logIn();
  const mobile = new MobilePage(page);
  await mobile.open();
  await mobile.make();
  const heard = await heardIn(mobile.card);
  await mobile.make();
  const expirySwitchedOnAt = new Date("2026-01-01T00:00:00Z");
  await arrange("makeSettings", { password: { passwordExpirationPeriodDays: 1 } }, { expirySwitchedOnAt });
  await sql("UPDATE users SET password_set_at = now() - interval '25 hours'");
  await mobile.button.click();
  await expect(mobile.title("Your password has expired")).toBeVisible();
  expect(await heard.jsonValue()).toEqual([
    "The code is shown. It works for two minutes.",
    expect.stringMatching(/^Your password has expired/),
  ]);
});

test("a required field is not called invalid before anything was entered", async ({ page }) => {
  const login = new LoginPage(page);
  await login.open();
  // Firefox would call them so.
  await expect(login.email).toHaveAttribute("aria-invalid", "false");
  await expect(login.password).toHaveAttribute("aria-invalid", "false");
});
