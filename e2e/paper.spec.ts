import { expect, test } from "./fixtures/test";
import { SecuritySettingsPage } from "./pages/security-settings-page";

test("on paper the settings are dark on white, without navigation", async ({ administrator: _, page }) => {
  const settings = new SecuritySettingsPage(page);
  await settings.open();
  await page.getByTitle("Dark").first().click();
  // Paper has no backgrounds, with which their arrows are drawn.
  const steppers = page.locator(".steppers");
  await expect(steppers.first()).toBeVisible();
  await page.emulateMedia({ media: "print" });
  await expect(steppers.filter({ visible: true })).toHaveCount(0);
  await expect(page.locator("html")).toHaveCSS("color-scheme", "light");
  await expect(page.getByRole("heading", { name: "Security settings" })).toBeVisible();
  await expect(page.getByText("Skip to content")).toBeHidden();
  await expect(page.getByText("Undo", { exact: true })).toHaveCount(3);
  for (const undo of await page.getByText("Undo", { exact: true }).all()) await expect(undo).toBeHidden();
  await settings.panel("General policy").fill({ "Mobile secret key length": "65" });
  await expect(settings.panel("General policy").unsaved).toBeVisible();
});

test("on wide paper a page has the sidebar's room, and no title is left behind at the end of a sheet", async ({
  administrator: _,
  page,
}) => {
  const settings = new SecuritySettingsPage(page);
  await settings.open();
  const sidebar = page.getByRole("navigation", { name: "Console" });
  await expect(sidebar).toBeVisible();
  expect((await page.getByRole("main").boundingBox())?.x).toBe(240);
  await page.emulateMedia({ media: "print" });
  await expect(sidebar).toBeHidden();
  expect((await page.getByRole("main").boundingBox())?.x).toBe(0);
  for (const title of [
    page.getByRole("heading", { name: "Response" }),
    page.getByRole("main").locator("header"),
  ]) {
    await expect(title).not.toHaveCount(0);
    for (const one of await title.all()) await expect(one).toHaveCSS("break-after", "avoid");
  }
});

test("on paper the audit names its filters in words, without the form and the download", async ({
  administrator,
  page,
}) => {
  await page.goto(`/audit?person=${encodeURIComponent(administrator.email)}`);
  const form = page.getByLabel("What happened");
  const download = page.getByRole("link", { name: "Download as CSV" });
  await expect(form).toBeVisible();
  await expect(download).toBeVisible();
  await page.emulateMedia({ media: "print" });
  await expect(form).toBeHidden();
  await expect(download).toBeHidden();
  await expect(page.getByText(`Only events of ${administrator.email}`)).toBeVisible();
});
