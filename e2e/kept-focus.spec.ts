import type { Locator, Page } from "@playwright/test";
import { openBeforeScripts } from "./fixtures/late-scripts";
import { expect, giveSession, test } from "./fixtures/test";
import { AccountPage } from "./pages/account-page";
import { SecuritySettingsPage } from "./pages/security-settings-page";

/** Presses a control by the keyboard. */
async function press(control: Locator): Promise<void> {
  await control.focus();
  await control.press("Enter");
}

const part = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
const row = (page: Page, text: string) => page.getByRole("row").filter({ hasText: text });

test("ending one's own sessions, or saving one's name, keeps the focus in place", async ({
  page,
  context,
  arrange,
  product,
}) => {
  const user = await arrange("makeUser");
  await giveSession(context, product.url, (await arrange("loggedIn", user)).token);
  for (const last of [7, 8, 9])
    await arrange("loggedIn", user, {
      address: `198.51.100.${last}`,
      now: new Date(Date.now() - last * 60_000),
    });
  const account = new AccountPage(page);
  await account.open();

  const firstName = page.getByLabel("First name");
  await firstName.fill("Augusta");
  await firstName.press("Enter");
  await expect(page.getByText("Saved.")).toBeVisible();
  await expect(firstName).toBeFocused();
  await expect(firstName).toHaveValue("Augusta");

  await press(account.sessions.getByRole("button", { name: /198\.51\.100\.8$/ }));
  await expect(account.sessions).toHaveCount(3);
  await expect(account.sessions.filter({ hasText: "198.51.100.9" })).toBeFocused();
  await press(page.getByRole("button", { name: "End all others" }));
  await expect(account.sessions).toHaveCount(1);
  await expect(part(page, "Sessions")).toBeFocused();
});

test("ending somebody's session moves the focus to the next one", async ({
  administrator: _,
  page,
  arrange,
}) => {
  const jane = await arrange("makeUser", { email: "jane@example.org" });
  for (const last of [7, 8, 9])
    await arrange("loggedIn", jane, {
      address: `198.51.100.${last}`,
      now: new Date(Date.now() - last * 60_000),
    });
  await page.goto("/sessions");
  await press(page.getByRole("button", { name: /198\.51\.100\.8$/ }));
  await press(page.getByRole("button", { name: "End session" }));
  await expect(row(page, "198.51.100.8")).toHaveCount(0);
  await expect(row(page, "198.51.100.9")).toBeFocused();
  await expect(row(page, "198.51.100.9"), "the row shows it").toHaveCSS("outline-style", "solid");
});

test("changing an account keeps the focus in its part of the page, and deleting one moves it to the list", async ({
  administrator: _,
  page,
  arrange,
}) => {
  const { id, email } = await arrange("makeUser", { email: "jane@example.org" });
  await page.goto(`/users/${id}`);
  await press(page.getByRole("button", { name: "Disable" }));
  await expect(page.getByRole("button", { name: "Cancel" })).toBeFocused();
  await press(page.getByRole("button", { name: "Disable account" }));
  await expect(page.getByRole("button", { name: "Enable" })).toBeVisible();
  await expect(part(page, "Delete account"), "which then offers only that").toBeFocused();

  await press(page.getByRole("button", { name: "Delete" }));
  await page.keyboard.type(email);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/users");
  await expect(page.getByRole("main")).toBeFocused();
});

test("a panel of which only buttons were used takes the focus over from its bar", async ({
  administrator: _,
  page,
}) => {
  const settings = new SecuritySettingsPage(page);
  await settings.open();
  const jwt = settings.panel("JWT security");
  await press(jwt.region.getByRole("button", { name: "Generate key" }));
  await expect(jwt.unsaved).toBeVisible();
  await press(jwt.undo);
  await expect(jwt.region).toBeFocused();

  const general = settings.panel("General policy");
  await general.fill({ "Mobile secret key length": "65" });
  await press(general.save);
  await expect(settings.notices).toContainText("Saved.");
  await page.goto("/settings/security?restore=general.1#general");
  await press(general.save);
  await expect(settings.notices).toContainText("Saved.");
  await expect(general.region).toBeFocused();
});

test("a panel's bar gives the focus to the field used last, not to one of a dialog that was open since", async ({
  administrator: _,
  page,
}) => {
  const settings = new SecuritySettingsPage(page);
  await settings.open();
  const jwt = settings.panel("JWT security");
  const issuer = jwt.field("Issuer name");
  await issuer.fill("gatehouse.example.org");
  await press(jwt.region.getByRole("button", { name: "Show key" }));
  const dialog = page.getByRole("dialog", { name: "Show the signing key" });
  await expect(dialog.getByLabel("Your password")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await press(jwt.undo);
  await expect(issuer).toBeFocused();
});

test("the next page of a list has the focus at its top, however early its link was pressed", async ({
  administrator: _,
  page,
  arrange,
}) => {
  for (let i = 0; i < 50; i += 1) await arrange("makeUser", { email: `person-${i}@example.com` });
  const releaseScripts = await openBeforeScripts(page, "/users");
  await page.getByTitle("Dark").first().click();
  const next = page.getByRole("link", { name: "Next" });
  await next.focus();
  releaseScripts();
  // The choice takes effect in the moment in which the scripts take the page over.
  await page.waitForFunction(() => document.documentElement.dataset.theme === "dark");
  await next.press("Enter");
  await expect(page.getByRole("link", { name: "First" })).toBeVisible();
  await expect(page.getByRole("main")).toBeFocused();
});
