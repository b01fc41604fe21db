import { expect, test } from "./fixtures/test";
import { translatePage } from "./fixtures/translated";
import { ApiDocsPage } from "./pages/api-docs-page";

// A translator replaces the text nodes that React wrote. React then changes a replaced one in vain, and fails to remove
// it or to put something before it: text that changes needs an element of its own.

test("a translated settings page follows what is typed", async ({ administrator: _, page }) => {
  await page.goto("/settings/security");
  const panel = page.locator("#general");
  const field = panel.getByRole("textbox", { name: "Maximum number of failed login attempts" });
  await expect(panel).toContainText("After 5 wrong passwords");
  await translatePage(page);
  await field.fill("7");
  await expect(panel).toContainText("«After 7 wrong passwords");
  await field.fill("abc");
  await expect(panel).toContainText("not “abc”.»");
  await field.fill("101");
  await expect(panel).toContainText("not 101.»");
});

test("a link is copied from a translated page, and the person's state follows", async ({
  administrator: _,
  page,
  arrange,
  context,
}) => {
  await context.grantPermissions(["clipboard-write"]);
  await arrange("makeUser", { email: "jane@example.org" });
  await page.goto("/users");
  await page.getByRole("link", { name: "jane@example.org" }).click();
  await expect(page.getByRole("button", { name: "Disable" })).toBeVisible();
  await translatePage(page);

  await page.getByRole("button", { name: /Copy.*reset link/ }).click();
  const copy = page.getByRole("button", { name: "Copy link" });
  await copy.click();
  await expect(copy).toHaveText("«Copied»");
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "Edit name and e-mail" }).click();
  const email = page.getByRole("textbox", { name: "E-mail" });
  await email.fill("joan@example.org");
  await email.press("Enter");
  await expect(page.getByRole("main")).toContainText("joan@example.org");
  await page.getByRole("button", { name: "Disable" }).click();
  await page.getByRole("button", { name: "Disable account" }).click();
  await expect(page.getByRole("main").getByText("«Disabled»").first()).toBeVisible();
  await page.getByRole("button", { name: "Enable" }).click();
  await expect(page.getByRole("main").getByText("«Active»").first()).toBeVisible();
});

test("translated forms of one's own account, and of the API, show each answer", async ({
  administrator: _,
  page,
  noise,
}) => {
  noise.allow(/status of 401/);
  await page.goto("/account");
  await translatePage(page);
  const save = page.getByRole("main").getByRole("button", { name: "Save" });
  await save.click();
  await expect(page.getByText("«Saved.»")).toBeVisible();
  await page.getByLabel("First name").fill("Ada");
  await expect(page.getByText("«Saved, except what you typed since.»")).toBeVisible();

  await page.goto("/account/password");
  await translatePage(page);
  const password = page.getByRole("textbox", { name: "New password" });
  await password.fill("passwordpassword");
  await expect(page.getByText("«Easy to guess. Unrelated words are better.»")).toBeVisible();
  await password.fill("zebra quarks umbrella fjord");
  await expect(page.getByText("«Hard to guess.»")).toBeVisible();

  await new ApiDocsPage(page).open();
  await page.getByRole("heading", { level: 3, name: "/api/auth/user", exact: true }).click();
  await translatePage(page);
  const trial = page.getByRole("form", { name: "Try GET /api/auth/user" });
  const outcome = trial.locator("p[aria-live=polite]");
  await trial.getByRole("button", { name: "Send" }).click();
  await expect(outcome).toContainText("401");
  await trial.getByRole("button", { name: "Send" }).click();
  await expect(outcome).toContainText("401");
});

test("an account is unlocked from a translated page", async ({ page, arrange }) => {
  const user = await arrange("makeUser", { lockedAt: new Date(), lockedUntil: null });
  const { url } = await arrange("makeLink", user.id, "UNLOCK");
  await page.goto(url);
  await translatePage(page);
  await page.getByRole("button", { name: "Unlock account" }).click();
  await expect(page.getByRole("heading", { name: "Your account is unlocked" })).toBeVisible();
});

test("what a translator or an extension breaks nevertheless is not taken for the server's failure", async ({
  administrator: _,
  page,
  noise,
}) => {
  noise.allow(/removeChild/);
  await page.goto("/settings/security");
  const field = page.getByRole("textbox", { name: "Maximum number of failed login attempts" });
  await field.fill("abc");
  await page
    .locator("#general p", { hasText: "not “abc”." })
    .last()
    .evaluate((error) => error.remove());
  await field.fill("5");
  const failure = page.getByRole("alert").filter({ hasText: "This page could not be shown" });
  await expect(failure).toContainText("Something failed in the browser");
  await failure.getByRole("button", { name: "Try again" }).click();
  await expect(field).toHaveValue("5");
});
