import type { Page } from "@playwright/test";
import { generalPolicyDefaults } from "@/lib/settings/general/schema";
import { holdRequests } from "./fixtures/held-requests";
import { auditDetails, storedPanel } from "./fixtures/stored";
import { expect, test } from "./fixtures/test";
import { KeyRing } from "./pages/key-ring";
import { RotationDialog } from "./pages/rotation-dialog";
import { type PanelTitle, SecuritySettingsPage } from "./pages/security-settings-page";

const ATTEMPTS = "Maximum number of failed login attempts";
const ACTIVATION = "User activation link TTL (hours)";
const RESET = "Password reset link TTL (hours)";
const MOBILE = "Mobile secret key length";

/** Opens the settings for two administrators, who are about to edit the same panel. */
async function openForBoth(page: Page, theirPage: Page, title: PanelTitle) {
  const [settings, theirSettings] = [new SecuritySettingsPage(page), new SecuritySettingsPage(theirPage)];
  await settings.open();
  await theirSettings.open();
  return { settings, mine: settings.panel(title), theirSettings, theirs: theirSettings.panel(title) };
}

test("two administrators at once lose nothing of each other's", async ({
  administrator,
  colleague,
  page,
  sql,
}) => {
  const { settings, mine, theirSettings, theirs } = await openForBoth(page, colleague.page, "General policy");

  await test.step("different fields join by themselves, and it is said with whose", async () => {
    await theirs.fill({ [RESET]: "12" });
    await theirs.save.click();
    await expect(theirSettings.notices).toContainText("Saved. In effect now.");
    await mine.fill({ [MOBILE]: "128" });
    await mine.save.click();
    await expect(settings.notices).toContainText(`Saved, together with ${colleague.email}’s changes.`);
    await expect(mine.field(RESET)).toHaveValue("12");
    await expect(mine.unsaved).toHaveCount(0);
    expect((await storedPanel(sql, "general")).values).toMatchObject({
      passwordResetTokenTtl: 12,
      mobileSecretKeyLength: 128,
    });
  });

  await test.step("the same fields are put to choice, and nothing is stored until then", async () => {
    await theirs.fill({ [ATTEMPTS]: "3", [RESET]: "6", [ACTIVATION]: "20" });
    await theirs.save.click();
    // Their page was loaded with version 2; my save made version 3.
    await expect(theirSettings.notices).toContainText(
      `Saved, together with ${administrator.email}’s changes.`,
    );
    await mine.fill({ [ATTEMPTS]: "9", [RESET]: "5", [MOBILE]: "64" });
    await mine.save.click();
    const dialog = page.getByRole("dialog", { name: "General policy was changed while you edited it" });
    await expect(dialog).toContainText(`${colleague.email} saved it on`);
    await expect(dialog.getByRole("group")).toHaveCount(2);
    await dialog.getByRole("button", { name: "Back to my changes" }).click();
    await expect(mine.field(ATTEMPTS)).toHaveValue("9");
    await expect(mine.unsaved).toHaveText("3 unsaved changes");

    await mine.save.click();
    const attempts = dialog.getByRole("group", { name: ATTEMPTS });
    const reset = dialog.getByRole("group", { name: RESET });
    await expect(attempts.getByRole("radio", { name: /^9 Yours/ })).not.toBeChecked();
    // On a phone the list is taller than the screen.
    await page.setViewportSize({ width: 390, height: 560 });
    await dialog.getByRole("button", { name: "Use my choice" }).click();
    const message = dialog.getByText(`Choose a value for ${ATTEMPTS}.`);
    await expect(message).toBeInViewport({ ratio: 1 });
    await attempts.getByRole("radio", { name: /^9 Yours/ }).check();
    await dialog.getByRole("button", { name: "Use my choice" }).click();
    await expect(dialog.getByRole("alert")).toContainText("Choose a value for Password reset link TTL");
    await expect(reset.getByRole("radio", { name: /^5 Yours/ })).toBeInViewport({ ratio: 1 });
    expect((await storedPanel(sql, "general")).version).toBe(4);
    await reset.getByRole("radio", { name: `6 ${colleague.email}, in effect now` }).check();
    await dialog.getByRole("button", { name: "Use my choice" }).click();
    await expect(dialog).toHaveCount(0);
    await expect(mine.unsaved).toHaveCount(0);
  });

  expect(await storedPanel(sql, "general")).toMatchObject({
    version: 5,
    by: administrator.email,
    values: {
      maxFailedLoginAttempts: 9,
      passwordResetTokenTtl: 6,
      userActivationTokenTtl: 20,
      mobileSecretKeyLength: 64,
    },
  });
  expect((await auditDetails(sql, "settings-changed")).at(-1)).toEqual({
    panel: "general",
    version: 5,
    changes: { maxFailedLoginAttempts: { from: 3, to: 9 }, mobileSecretKeyLength: { from: 128, to: 64 } },
  });
});

test("what is typed during a save that turns out to be a conflict is kept, and unsaved", async ({
  administrator: _,
  colleague,
  page,
}) => {
  const { settings, mine, theirSettings, theirs } = await openForBoth(page, colleague.page, "General policy");
  await theirs.fill({ [ATTEMPTS]: "9" });
  await theirs.save.click();
  await expect(theirSettings.notices).toContainText("Saved. In effect now.");

  const release = await holdRequests(page, "/settings/security");
  await mine.fill({ [ATTEMPTS]: "7" });
  await mine.save.click();
  await mine.fill({ [ACTIVATION]: "12" });
  release();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: /^7 Yours/ }).check();
  await dialog.getByRole("button", { name: "Use my choice" }).click();
  await expect(settings.notices).toContainText("Saved. In effect now.");
  await expect(mine.field(ATTEMPTS)).toHaveValue("7");
  await expect(mine.field(ACTIVATION)).toHaveValue("12");
  await expect(mine.unsaved).toHaveText("1 unsaved change");
});

test("an edit that is taken back while it is sent undoes nothing that somebody else saved", async ({
  administrator: _,
  colleague,
  page,
  sql,
}) => {
  const settings = new SecuritySettingsPage(page);
  const theirSettings = new SecuritySettingsPage(colleague.page);
  const general = settings.panel("General policy");
  const jwt = settings.panel("JWT security");
  await settings.open();
  await theirSettings.open();
  // A panel that nobody edits here shows when the page has their saves.
  const expectRefreshed = (minimum: string) =>
    expect(settings.panel("Password policy").field("Minimum password length")).toHaveValue(minimum);
  async function saveTheirs(title: PanelTitle, values: Readonly<Record<string, string>>) {
    const panel = theirSettings.panel(title);
    await panel.fill(values);
    await panel.save.click();
    await expect(panel.unsaved).toHaveCount(0);
  }

  await test.step("by a choice between the two", async () => {
    await saveTheirs("General policy", { [ATTEMPTS]: "9", [RESET]: "12" });
    await saveTheirs("Password policy", { "Minimum password length": "13" });
    const release = await holdRequests(page, "/settings/security");
    await general.fill({ [ATTEMPTS]: "7" });
    await general.save.click();
    await general.fill({ [ATTEMPTS]: "5" });
    release();
    await expectRefreshed("13");
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByRole("radio", { name: `9 ${colleague.email}, in effect now` })).toBeVisible();
    await dialog.getByRole("radio", { name: /^7 Yours/ }).check();
    await dialog.getByRole("button", { name: "Use my choice" }).click();
    await expect(settings.notices).toContainText("Saved. In effect now.");
    expect((await storedPanel(sql, "general")).values).toMatchObject({
      maxFailedLoginAttempts: 7,
      passwordResetTokenTtl: 12,
    });
    await expect(general.field(ATTEMPTS)).toHaveValue("5");
    await expect(general.unsaved).toHaveText("1 unsaved change");
  });

  await test.step("by the answer to a question", async () => {
    await saveTheirs("JWT security", { "Refresh token expiration time": "700000" });
    await saveTheirs("Password policy", { "Minimum password length": "14" });
    const release = await holdRequests(page, "/settings/security");
    const releaseRefresh = await holdRequests(page, /_rsc=/);
    await general.save.click();
    await jwt.fill({ "Issuer name": "id.example.org" });
    await jwt.save.click();
    await jwt.fill({ "Issuer name": "gatehouse" });
    release();
    const question = new RotationDialog(page);
    await expect(question.box).toBeVisible();
    releaseRefresh();
    await expectRefreshed("14");
    await question.confirm.click();
    await expect(settings.notices).toContainText(`Saved, together with ${colleague.email}’s changes.`);
    expect((await storedPanel(sql, "jwt")).values).toMatchObject({
      tokenIssuer: "id.example.org",
      refreshTokenExpTime: 700_000,
    });
  });
});

test("a form whose edits give way to somebody else's version shows the values in force", async ({
  administrator: _,
  colleague,
  page,
}) => {
  const { settings, mine, theirSettings, theirs } = await openForBoth(page, colleague.page, "General policy");
  const password = settings.panel("Password policy");

  await test.step("by Undo after a conflict", async () => {
    await theirs.fill({ [ATTEMPTS]: "9" });
    await theirs.save.click();
    await expect(theirSettings.notices).toContainText("Saved. In effect now.");
    await mine.fill({ [ATTEMPTS]: "7" });
    await mine.save.click();
    const dialog = page.getByRole("dialog", { name: "General policy was changed while you edited it" });
    await dialog.getByRole("button", { name: "Back to my changes" }).click();
    await expect(mine.field(ATTEMPTS)).toHaveValue("7");
    await mine.undo.click();
    await expect(mine.field(ATTEMPTS)).toHaveValue("9");
    await expect(mine.effect).toContainText("After 9 wrong passwords");
    await expect(mine.unsaved).toHaveCount(0);
  });

  await test.step("but not under the hands of whoever is typing", async () => {
    await mine.fill({ [ATTEMPTS]: "6" });
    await theirs.fill({ [ATTEMPTS]: "8" });
    await theirs.save.click();
    await expect(theirs.unsaved).toHaveCount(0);
    // Saving another panel refreshes the page, and so brings their save to it. The note about mail shows that it has.
    await password.switch("Force to reset password if not valid").click();
    await password.save.click();
    await expect(page.getByText("Reset links cannot be mailed")).toBeVisible();
    await mine.field(ATTEMPTS).fill("");
    await mine.field(ATTEMPTS).pressSequentially("90");
    await expect(mine.field(ATTEMPTS)).toHaveValue("90");
    // A field that is back at its loaded value takes the newer value when it loses the focus.
    await mine.field(ATTEMPTS).fill("9");
    await expect(mine.unsaved).toHaveCount(0);
    await mine.field(ATTEMPTS).blur();
    await expect(mine.field(ATTEMPTS)).toHaveValue("8");
  });
});

test("edits that are valid alone but not together are offered as a choice, each with its author", async ({
  administrator: _,
  colleague,
  page,
  sql,
}) => {
  const [MINIMUM, MAXIMUM] = ["Minimum password length", "Maximum password length"];
  const { mine, theirSettings, theirs } = await openForBoth(page, colleague.page, "Password policy");
  await theirs.fill({ [MAXIMUM]: "20" });
  await theirs.save.click();
  await expect(theirSettings.notices).toContainText("Saved. In effect now.");
  await mine.fill({ [MINIMUM]: "30" });
  await mine.save.click();

  const dialog = page.getByRole("dialog", { name: "Password policy was changed while you edited it" });
  const minimum = dialog.getByRole("group", { name: MINIMUM });
  const maximum = dialog.getByRole("group", { name: MAXIMUM });
  await expect(minimum.getByRole("radio", { name: "30 Yours, not saved yet" })).toBeVisible();
  await expect(minimum.getByRole("radio", { name: "12 Unchanged, in effect now" })).toBeVisible();
  await expect(maximum.getByRole("radio", { name: `20 ${colleague.email}, in effect now` })).toBeVisible();
  await maximum.getByRole("radio", { name: "128 Unchanged", exact: true }).check();
  await minimum.getByRole("radio", { name: /^30/ }).check();
  await dialog.getByRole("button", { name: "Use my choice" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(mine.unsaved).toHaveCount(0);
  expect((await storedPanel(sql, "password")).values).toMatchObject({
    minimumLength: 30,
    maximumLength: 128,
  });
});

test("a value is not put down to whoever has only saved another one since", async ({
  administrator: _,
  colleague,
  page,
  arrange,
}) => {
  const { mine, theirs } = await openForBoth(page, colleague.page, "General policy");
  await theirs.fill({ [ATTEMPTS]: "9" });
  await theirs.save.click();
  await expect(theirs.unsaved).toHaveCount(0);
  const third = await arrange("administrator", { email: "cy@example.org" });
  const values = { ...generalPolicyDefaults, maxFailedLoginAttempts: 9, passwordResetTokenTtl: 12 };
  expect(await arrange("updateGeneralPolicy", third, { version: 2, values })).toMatchObject({ ok: true });
  await mine.fill({ [ATTEMPTS]: "7" });
  await mine.save.click();
  const dialog = page.getByRole("dialog", { name: "General policy was changed while you edited it" });
  await expect(dialog).toContainText(`${third.email} was the last to save it, on`);
  await expect(dialog.getByRole("radio", { name: "9 In effect now", exact: true })).toBeVisible();
});

test("a conflict over a secret, which is not shown, says who changed it", async ({
  administrator: _,
  colleague,
  page,
}) => {
  const open = (one: typeof page) => one.goto("/settings/mail");
  const enter = async (one: typeof page, password: string) => {
    await one.getByLabel("Password", { exact: true }).fill(password);
    await one.getByRole("button", { name: "Save" }).click();
  };
  await open(page);
  await page.getByLabel("Server", { exact: true }).fill("smtp.example.org");
  await page.getByLabel("User name").fill("gatehouse");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved. In effect now.")).toBeVisible();
  await open(colleague.page);
  await open(page);
  await enter(colleague.page, "canary one");
  await expect(colleague.page.getByText("Saved. In effect now.")).toBeVisible();
  await enter(page, "canary two");

  const password = page.getByRole("dialog").getByRole("group", { name: "Password" });
  await expect(
    password.getByRole("radio", { name: `The stored password ${colleague.email}, in effect now` }),
  ).toBeVisible();
  await expect(password.getByRole("radio", { name: "Your new password Yours, not saved yet" })).toBeVisible();
});

test("cancelling a save on top of another's new key shows that key as the one in force", async ({
  administrator: _,
  colleague,
  page,
  sql,
}) => {
  const replace = async (one: typeof page) => {
    const settings = new SecuritySettingsPage(one);
    const panel = settings.panel("JWT security");
    await settings.open();
    await panel.region.getByRole("button", { name: "Generate key" }).click();
    await panel.save.click();
    return { panel, question: new RotationDialog(one) };
  };
  const mine = await replace(page);
  await expect(mine.question.box).toBeVisible();
  const theirs = await replace(colleague.page);
  await theirs.question.confirm.click();
  await expect(theirs.panel.unsaved).toHaveCount(0);
  await mine.question.confirm.click();
  const choice = page.getByRole("dialog", { name: "JWT security was changed while you edited it" });
  await choice.getByRole("radio", { name: /^Your new key/ }).check();
  await choice.getByRole("button", { name: "Use my choice" }).click();
  await mine.question.cancel.click();
  await mine.panel.undo.click();

  const [inForce] = await sql<{ fingerprint: string }>(
    "SELECT fingerprint FROM signing_keys ORDER BY created_at DESC LIMIT 1",
  );
  const ring = new KeyRing(page);
  await expect(ring.rows).toHaveCount(2);
  await expect(ring.rows.first()).toContainText(inForce?.fingerprint ?? "?");
});

test("a save that a deadlock ends keeps what was typed, and is made again", async ({
  administrator: _,
  page,
  sql,
}) => {
  const settings = new SecuritySettingsPage(page);
  const panel = settings.panel("General policy");
  const waiting = async () =>
    (
      await sql(
        "SELECT FROM pg_locks JOIN pg_database d ON d.oid = database WHERE datname = current_database() AND NOT granted",
      )
    ).length;
  await settings.open();
  await panel.fill({ [RESET]: "12" });
  await sql("BEGIN");
  await sql("SET LOCAL deadlock_timeout = '10min'");
  // A save writes first the version, then its audit event.
  await sql("LOCK TABLE audit_events IN SHARE MODE");
  await panel.save.click();
  await expect.poll(waiting).toBe(1);
  await sql("INSERT INTO settings_revisions VALUES ('general', 2, '{}', now(), 'host')");
  await sql("ROLLBACK");
  const failure = panel.region.getByRole("alert");
  await expect(failure).toContainText("saving them again is safe");
  await expect(failure).not.toContainText("Something failed on the server");
  await expect(panel.field(RESET)).toHaveValue("12");
  await panel.save.click();
  await expect(settings.notices).toContainText("Saved. In effect now.");
  expect(await storedPanel(sql, "general")).toMatchObject({
    version: 2,
    values: { passwordResetTokenTtl: 12 },
  });
});
