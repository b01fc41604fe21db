import { auditDetails, storedPanel } from "./fixtures/stored";
import { expect, test } from "./fixtures/test";
import { LoginPage } from "./pages/login-page";
import { SecuritySettingsPage } from "./pages/security-settings-page";

const ATTEMPTS = "Maximum number of failed login attempts";
const MAILBOX = "Notification on account lockout";
const ACTIVATION = "User activation link TTL (hours)";
const RESET = "Password reset link TTL (hours)";
const MOBILE = "Mobile secret key length";
const UNLOCK = "Unlock automatically after (minutes)";
const RATE = "Login attempts per network address and minute";

test("a save says what will happen, is read back, and holds from the next login on", async ({
  administrator,
  page,
  browser,
  product,
  sql,
}) => {
  const settings = new SecuritySettingsPage(page);
  const panel = settings.panel("General policy");
  await settings.open();
  await expect(panel.effect).toContainText(
    "After 5 wrong passwords an account is locked for 30 minutes; the owner is told.",
  );
  await expect(panel.unsaved).toHaveCount(0);
  await expect(panel.reset(ATTEMPTS)).toHaveCount(0);
  await expect(panel.field(ATTEMPTS), "a phone shows its digits").toHaveAttribute("inputmode", "numeric");

  await test.step("the sentence and the count of changes follow the typing", async () => {
    await panel.fill({ [ATTEMPTS]: "1", [MAILBOX]: "ops@example.org" });
    await expect(panel.effect).toContainText(
      "After 1 wrong password an account is locked for 30 minutes; ops@example.org and the owner are told.",
    );
    await expect(
      panel.region.locator("p[aria-live=polite]", { hasText: "After 1 wrong password" }),
      "a screen reader hears it once typing pauses",
    ).toHaveCount(1);
    await expect(panel.unsaved).toHaveText("2 unsaved changes");
    expect(await panel.unsavedLabels()).toEqual([ATTEMPTS, MAILBOX]);
    await expect(panel.reset(ATTEMPTS)).toBeVisible();
    expect((await storedPanel(sql, "general")).version).toBe(1);
  });

  await test.step("saving says so, leaves the panel clean, and is audited", async () => {
    await panel.save.click();
    await expect(settings.notices).toContainText("Saved. In effect now.");
    await expect(panel.unsaved).toHaveCount(0);
    expect(await panel.unsavedLabels()).toEqual([]);
    await expect(panel.region).toContainText(`by ${administrator.email}`);
    expect(await storedPanel(sql, "general")).toMatchObject({
      version: 2,
      by: administrator.email,
      values: { maxFailedLoginAttempts: 1, userLockoutNotificationEmail: "ops@example.org" },
    });
    expect(await auditDetails(sql, "settings-changed")).toEqual([
      {
        panel: "general",
        version: 2,
        changes: {
          maxFailedLoginAttempts: { from: 5, to: 1 },
          userLockoutNotificationEmail: { from: null, to: "ops@example.org" },
        },
      },
    ]);
  });

  await test.step("a save that is refused does not stand beside the notice of the one before", async () => {
    await panel.fill({ [ATTEMPTS]: "101" });
    await panel.save.click();
    await expect(panel.summary).toBeVisible();
    await expect(settings.notices).not.toContainText("Saved");
    await panel.undo.click();
  });

  await test.step("the next login obeys", async () => {
    const context = await browser.newContext({ baseURL: product.url });
    await new LoginPage(await context.newPage()).fail(administrator.email, "wrong");
    await context.close();
    const told = await sql<{ recipient: string }>("SELECT recipient FROM outbox_messages ORDER BY recipient");
    expect(told.map(({ recipient }) => recipient)).toEqual([administrator.email, "ops@example.org"]);
  });

  await test.step("a reload shows what was stored, and the dot leads back to the default", async () => {
    await page.reload();
    await expect(panel.field(ATTEMPTS)).toHaveValue("1");
    await expect(panel.field(MAILBOX)).toHaveValue("ops@example.org");
    await panel.reset(ATTEMPTS).click();
    await expect(panel.field(ATTEMPTS)).toHaveValue("5");
    await expect(panel.field(ATTEMPTS)).toBeFocused();
    await expect(panel.reset(ATTEMPTS)).toHaveCount(0);
    await panel.save.click();
    await expect(panel.unsaved).toHaveCount(0);
    expect((await storedPanel(sql, "general")).values).toMatchObject({ maxFailedLoginAttempts: 5 });
  });
});

test("a field's marks are in its description", async ({ administrator: _, page }) => {
  const settings = new SecuritySettingsPage(page);
  const panel = settings.panel("General policy");
  await settings.open();
  await expect(panel.field(ATTEMPTS)).not.toHaveAccessibleDescription(/nsaved|iffers/);
  await panel.fill({ [ATTEMPTS]: "7" });
  await expect(panel.field(ATTEMPTS)).toHaveAccessibleDescription(/^Differs from the default\. Unsaved\. /);
  await panel.save.click();
  await expect(settings.notices).toContainText("Saved");
  await expect(panel.field(ATTEMPTS)).toHaveAccessibleDescription(/^Differs from the default\. (?!Unsaved)/);
  await panel.fill({ [ATTEMPTS]: "5" });
  await expect(panel.field(ATTEMPTS)).toHaveAccessibleDescription(/^Unsaved\. /);
});

test("a field that is empty or zero is off, and says so", async ({ administrator: _, page, sql }) => {
  const settings = new SecuritySettingsPage(page);
  const panel = settings.panel("General policy");
  await settings.open();
  await panel.fill({ [ATTEMPTS]: "0", [UNLOCK]: "", [RATE]: "" });
  await expect(panel.field(ATTEMPTS)).toHaveAccessibleDescription(/Never locks$/);
  await expect(panel.field(MAILBOX)).toHaveAccessibleDescription(/No mailbox is notified$/);
  await expect(panel.field(UNLOCK)).toHaveAccessibleDescription(
    /Only an administrator or the owner unlocks$/,
  );
  await expect(panel.field(RATE)).toHaveAccessibleDescription(/No limit$/);
  await expect(panel.effect).toContainText("Wrong passwords never lock an account.");
  await expect(panel.effect).toContainText("Logins from one network address are not limited.");
  await panel.field(ATTEMPTS).fill("3");
  await expect(panel.effect).toContainText("is locked until an administrator or its owner unlocks it");
  await panel.field(ATTEMPTS).fill("");
  await panel.switch("Tell the account’s owner").uncheck();
  await panel.save.click();
  await expect(settings.notices).toContainText("Saved");
  expect((await storedPanel(sql, "general")).values).toMatchObject({
    maxFailedLoginAttempts: null,
    lockoutDurationMinutes: null,
    loginAttemptsPerAddressPerMinute: null,
    notifyOwnerOnLockout: false,
  });
});

test("Undo brings back what was loaded", async ({ administrator: _, page, sql }) => {
  const settings = new SecuritySettingsPage(page);
  const panel = settings.panel("General policy");
  await settings.open();
  await panel.fill({ [ATTEMPTS]: "1.5", [MAILBOX]: "nobody", [UNLOCK]: "" });
  await panel.switch("Tell the account’s owner").uncheck();
  await expect(panel.field(MAILBOX)).toHaveAttribute("aria-invalid", "true");
  await panel.save.click();
  await expect(panel.summary).toBeVisible();
  await panel.undo.click();
  await expect(panel.field(ATTEMPTS)).toHaveValue("5");
  await expect(panel.field(MAILBOX)).toHaveValue("");
  await expect(panel.field(UNLOCK)).toHaveValue("30");
  await expect(panel.switch("Tell the account’s owner")).toBeChecked();
  await expect(panel.summary).toHaveCount(0);
  await expect(panel.unsaved).toHaveCount(0);
  expect((await storedPanel(sql, "general")).version).toBe(1);
});

test("a value that is no number in range is named, and nothing is stored", async ({
  administrator: _,
  page,
  sql,
}) => {
  const settings = new SecuritySettingsPage(page);
  const panel = settings.panel("General policy");
  await settings.open();
  const rounds: Record<string, string>[] = [
    { [ATTEMPTS]: "101", [ACTIVATION]: "25", [RESET]: "0", [MOBILE]: "31", [UNLOCK]: "0", [RATE]: "10001" },
    { [ATTEMPTS]: "-1", [ACTIVATION]: "1.5", [RESET]: "1e1", [MOBILE]: "٦٤", [UNLOCK]: "１０", [RATE]: "5a" },
    {
      [ATTEMPTS]: "9".repeat(30),
      [ACTIVATION]: "",
      [RESET]: "+5",
      [MOBILE]: "257",
      [UNLOCK]: "43201",
      [RATE]: "½",
    },
  ];
  for (const round of rounds) {
    await panel.fill({ ...round, [MAILBOX]: "a@example.org, b@example.org" });
    for (const label of Object.keys(round)) {
      const name = label.replace(/ \(.*/, "");
      const message = new RegExp(`${name} must be a whole number from \\d+ to`);
      await expect(panel.field(label)).toHaveAccessibleDescription(message);
      await expect(panel.field(label)).toHaveAttribute("aria-invalid", "true");
    }
    await expect(panel.field(MAILBOX)).toHaveAccessibleDescription(
      /Notification on account lockout must be one e-mail address, .*, not “a@example\.org, b@example…”\.$/,
    );
    await expect(panel.effect).toContainText("Not valid yet");

    await panel.save.click();
    await expect(panel.field(ATTEMPTS)).toBeFocused();
    await expect(panel.summary).toContainText("7 fields need attention");
    for (const [label, typed] of Object.entries(round)) {
      const line = panel.summary.getByRole("link", { name: label.replace(/ \(.*/, "") });
      await expect(line).toContainText(typed.slice(0, 24));
    }
  }

  await test.step("a line of the summary leads to its field, and goes when that is right", async () => {
    await panel.summary.getByRole("link", { name: MOBILE }).click();
    await expect(panel.field(MOBILE)).toBeFocused();
    await panel.field(MOBILE).fill("64");
    await expect(panel.summary).toContainText("6 fields need attention");
    await expect(panel.field(MOBILE)).not.toHaveAttribute("aria-invalid");
  });
  expect((await storedPanel(sql, "general")).version).toBe(1);
  expect(await auditDetails(sql, "settings-changed")).toEqual([]);
});
