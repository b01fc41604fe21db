import { expect, test } from "./fixtures/test";
import { SecuritySettingsPage } from "./pages/security-settings-page";

test("in a low window a dialog starts at its question, and can be read to its end", async ({
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

test("in a low window a notice can be read to its end, however long the address in it is", async ({
  administrator: _,
  arrange,
  page,
}) => {
  const email = `${"operations".repeat(6)}@${`${"plant".repeat(12)}.`.repeat(3)}org`;
  const { id } = await arrange("makeUser", { email, lockedAt: new Date() });
  await page.setViewportSize({ width: 320, height: 256 });
  await page.goto(`/users/${id}`);
  await page.getByRole("button", { name: "Unlock" }).click();
  const notice = page.getByRole("region", { name: "Notices" }).locator("> *");
  await expect(notice).toBeInViewport({ ratio: 1 });
  await page.getByRole("button", { name: "Dismiss" }).focus();
  await page.keyboard.press("End");
  const end = notice.getByText(/^Unlocked/);
  await expect
    .poll(() => end.evaluate((text) => text.getBoundingClientRect().bottom))
    .toBeLessThanOrEqual(256);
});

test("in a low window a refused value and its error are above the bar with Save, although the summary moves them", async ({
  administrator: _,
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 600 });
  const settings = new SecuritySettingsPage(page);
  await settings.open();
  const general = settings.panel("General policy");
  const attempts = general.field("Maximum number of failed login attempts");
  await attempts.fill("500");
  await attempts.press("Enter");
  await expect(general.summary).toBeVisible();
  const error = page.locator("#maxFailedLoginAttempts").getByText(/must be a whole number/);
  const room = async () => {
    const [message, save] = [await error.boundingBox(), await general.save.boundingBox()];
    return message && save ? save.y - message.y - message.height : Number.NaN;
  };
  await expect.poll(room).toBeGreaterThan(0);
});

test.describe("on a phone in landscape", () => {
  test.use({ viewport: { width: 844, height: 390 } });

  test("a dialog starts at its question, although a choice far below has the focus", async ({
    administrator: _,
    arrange,
    page,
  }) => {
    const { id } = await arrange("makeUser", { authority: "CUSTOMER_USER" });
    await page.goto(`/users/${id}`);
    await page.getByRole("button", { name: "Change authority" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByRole("radio", { name: "Customer user" })).toBeFocused();
    await expect(dialog.getByRole("heading")).toBeInViewport({ ratio: 1 });
  });

  test("the focus of a dialog's text, which scrolls, shows on all sides", async ({
    administrator: _,
    arrange,
    page,
  }) => {
    const { id } = await arrange("makeUser");
    await page.goto(`/users/${id}`);
    await page.getByRole("button", { name: "Edit name and e-mail" }).press("Enter");
    const text = page.getByRole("dialog").locator("> :focus-visible");
    await expect(text).toContainText("Name and e-mail");
    const beyond = await text.evaluate((element) => {
      const { outlineOffset, outlineWidth } = getComputedStyle(element);
      return Number.parseFloat(outlineOffset) + Number.parseFloat(outlineWidth);
    });
    expect(beyond, "pixels of the outline outside the box, which the dialog cuts off").toBeLessThanOrEqual(0);
  });
});
