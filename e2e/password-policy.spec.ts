import { auditDetails, storedPanel } from "./fixtures/stored";
import { expect, test } from "./fixtures/test";
import { ActivationPage } from "./pages/activation-page";
import { SecuritySettingsPage } from "./pages/security-settings-page";

const MINIMUM = "Minimum password length";
const MAXIMUM = "Maximum password length";
const UPPER = "Minimum number of uppercase letters";
const DIGITS = "Minimum number of digits";
const SPECIAL = "Minimum number of special characters";
const EXPIRY = "Password expiration period in days";
const REUSE = "Password reuse frequency in days";

test("a saved policy is read back, and stands on the next page that asks for a password", async ({
  administrator,
  arrange,
  page,
  sql,
}) => {
  const settings = new SecuritySettingsPage(page);
  const panel = settings.panel("Password policy");
  await settings.open();
  await expect(panel.effect).toContainText("A new password has 12 to 128 characters. It never expires");
  await expect(panel.field(EXPIRY)).toHaveAccessibleDescription(/Never expires$/);

  await panel.fill({ [MINIMUM]: "8", [MAXIMUM]: "", [DIGITS]: "2", [EXPIRY]: "90", [REUSE]: "1" });
  await panel.switch("Allow whitespace").uncheck();
  await panel.switch("Force to reset password if not valid").check();
  await expect(panel.field(MAXIMUM)).toHaveAccessibleDescription(/Up to 256 characters$/);
  await expect(panel.effect).toContainText(
    "A new password has 8 to 256 characters, with at least 2 digits, without spaces. " +
      "It expires after 90 days and cannot be reused for 1 day. " +
      "Anyone who logs in with a password that breaks these rules, you included, must reset it by e-mail.",
  );
  await expect(panel.unsaved).toHaveText("7 unsaved changes");
  await panel.save.click();
  await expect(settings.notices).toContainText("Saved. In effect now.");
  await expect(panel.unsaved).toHaveCount(0);
  // Without a mail server, a forced reset shuts out people whose password does not fit; the console must warn of it.
  await expect(page.getByRole("main")).toContainText("Reset links cannot be mailed");
  expect(await storedPanel(sql, "password")).toMatchObject({
    version: 2,
    by: administrator.email,
    values: { minimumLength: 8, maximumLength: null, minimumDigits: 2, allowWhitespaces: false },
  });
  const [change] = await auditDetails(sql, "settings-changed");
  expect(change).toMatchObject({ panel: "password", changes: { maximumLength: { from: 128, to: null } } });

  await test.step("a reload shows what was stored, and the dot leads back", async () => {
    await page.reload();
    await expect(panel.field(MINIMUM)).toHaveValue("8");
    await expect(panel.field(MAXIMUM)).toHaveValue("");
    await expect(panel.switch("Allow whitespace")).not.toBeChecked();
    await panel.reset("Allow whitespace").click();
    await panel.save.click();
    await expect(panel.unsaved).toHaveCount(0);
    expect((await storedPanel(sql, "password")).values).toMatchObject({ allowWhitespaces: true });
  });

  await test.step("an invited person meets it", async () => {
    await sql("UPDATE users SET authority = 'CUSTOMER_USER' WHERE email = $1", administrator.email);
    const { activationLink } = await arrange("provision");
    const form = new ActivationPage(page);
    await page.goto(activationLink?.url ?? "");
    await form.password.fill("only1digit");
    await expect(form.requirement(/^met: At least 8 characters/)).toBeVisible();
    await expect(form.requirement(/^not met: At least 2 digits/)).toBeVisible();
  });
});

test("fields that contradict one another are named, and nothing is stored", async ({
  administrator: _,
  page,
  sql,
}) => {
  const settings = new SecuritySettingsPage(page);
  const panel = settings.panel("Password policy");
  await settings.open();
  const refused = async (label: string, message: RegExp) => {
    await expect(panel.field(label)).toHaveAccessibleDescription(message);
    await panel.save.click();
    await expect(panel.field(label)).toBeFocused();
    await expect(panel.summary).toContainText("one field needs attention");
  };

  await panel.fill({ [MINIMUM]: "20", [MAXIMUM]: "20" });
  await refused(MAXIMUM, /Maximum password length must be greater than the minimum length, 20; it is 20\.$/);
  await panel.fill({ [MAXIMUM]: "21", [UPPER]: "22" });
  await refused(UPPER, /must not exceed the maximum length, 21; it is 22\.$/);
  await panel.fill({ [UPPER]: "10", [DIGITS]: "11", [SPECIAL]: "1" });
  await refused(DIGITS, /The four minimums add up to 22, more than the maximum length, 21\.$/);
  await panel.fill({ [SPECIAL]: "0" });
  await expect(panel.summary).toHaveCount(0);

  await test.step("beside what is wrong with another field", async () => {
    await panel.fill({ [MAXIMUM]: "20", [REUSE]: "often" });
    await expect(panel.field(MAXIMUM)).toHaveAccessibleDescription(
      /greater than the minimum length, 20; it is 20\.$/,
    );
    await expect(panel.field(REUSE)).toHaveAttribute("aria-invalid", "true");
    await panel.fill({ [MAXIMUM]: "21", [DIGITS]: "12" });
    await expect(panel.field(DIGITS)).toHaveAccessibleDescription(/add up to 22/);
  });

  await test.step("each alone", async () => {
    const bad = {
      [MINIMUM]: "5",
      [MAXIMUM]: "257",
      [UPPER]: "",
      [DIGITS]: "1e0",
      [SPECIAL]: "٣",
      [EXPIRY]: "3651",
      [REUSE]: "-1",
    };
    await panel.fill(bad);
    for (const label of Object.keys(bad)) {
      await expect(panel.field(label)).toHaveAttribute("aria-invalid", "true");
    }
    await panel.save.click();
    await expect(panel.field(MINIMUM)).toBeFocused();
    await expect(panel.summary.getByRole("link")).toHaveCount(Object.keys(bad).length);
  });

  await panel.undo.click();
  await expect(panel.field(MINIMUM)).toHaveValue("12");
  await expect(panel.field(MAXIMUM)).toHaveValue("128");
  await expect(panel.unsaved).toHaveCount(0);
  expect((await storedPanel(sql, "password")).version).toBe(1);
});
