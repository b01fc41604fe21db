import { PHONE } from "./fixtures/accessible";
import { holdRequests } from "./fixtures/held-requests";
import { auditDetails, storedPanel } from "./fixtures/stored";
import { expect, test } from "./fixtures/test";
import { RotationDialog } from "./pages/rotation-dialog";
import { SecuritySettingsPage } from "./pages/security-settings-page";

const ATTEMPTS = "Maximum number of failed login attempts";
const MOBILE = "Mobile secret key length";
const ISSUER = "Issuer name";

test("an administrator compares versions, and restores one by saving it again", async ({
  administrator,
  page,
  sql,
}) => {
  const settings = new SecuritySettingsPage(page);
  const panel = settings.panel("General policy");
  const password = settings.panel("Password policy");
  const note = panel.region.getByText("They take effect when you save.");
  const rows = page.getByRole("table").getByRole("row");
  const rowOf = (name: string) => rows.filter({ has: page.getByRole("link", { name, exact: true }) });
  const save = async () => {
    await panel.save.click();
    await expect(settings.notices).toContainText("Saved. In effect now.");
  };

  await settings.open();
  await panel.fill({ [ATTEMPTS]: "3", [MOBILE]: "128" });
  await save();
  await page.reload();
  await panel.fill({ [ATTEMPTS]: "0" });
  await save();

  await test.step("each save is a version, with who saved it and what it changed", async () => {
    await panel.region.getByRole("link", { name: "History General policy" }).click();
    await expect(page).toHaveURL("/settings/history?panel=general");
    await expect(rows).toHaveCount(1 + 3);
    await expect(rowOf("General policy, version 3")).toContainText(`${ATTEMPTS} from 3 to never locks`);
    await expect(rowOf("General policy, version 3")).toContainText(administrator.email);
    await expect(page.getByText("In effect", { exact: true })).toHaveCount(1);
    await expect(rowOf("General policy, version 3")).toContainText("In effect");
    await expect(rowOf("General policy, version 2")).toContainText(`${ATTEMPTS} from 5 to 3`);
    await expect(rowOf("General policy, version 2")).toContainText(`${MOBILE} from 64 to 128`);
    await expect(rowOf("General policy, version 1")).toContainText("The defaults");
    await page.getByLabel("Panel").selectOption("All panels");
    await page.getByRole("button", { name: "Find" }).click();
    await expect(rows).toHaveCount(1 + 5);
    await page.getByRole("link", { name: "Show in Audit" }).click();
    await expect(page).toHaveURL("/audit?kind=settings-changed");
    await expect(rows.filter({ hasText: `${administrator.email} changed General policy` })).toHaveCount(2);
    await page.goBack();
  });

  await test.step("a version stands beside what is in force, or beside another one", async () => {
    await page.getByRole("link", { name: "General policy, version 2" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("General policy, version 2");
    await expect(page).toHaveTitle(/^General policy, version 2/);
    const attempts = rows.filter({ hasText: ATTEMPTS });
    await expect(attempts.getByRole("cell")).toHaveText([/3$/, /never locks$/, "Differs"]);
    await expect(rows.filter({ hasText: MOBILE }).getByRole("cell")).toHaveText([/128$/, /128$/, "Equal"]);
    await expect(rows).toHaveCount(1 + 8);
    await expect(page.getByRole("link", { name: "Restore these values" })).toHaveAccessibleDescription(
      /^Restoring enters these values on the settings page\./,
    );
    await page.getByLabel("Compare with").selectOption("Defaults");
    await page.getByLabel("Only differences").check();
    await page.getByRole("button", { name: "Compare" }).click();
    await expect(page).toHaveURL("/settings/history/general/2?with=0&only=differences");
    await expect(rows).toHaveCount(1 + 2);
    await expect(attempts.getByRole("cell")).toHaveText([/3$/, /5$/, "Differs"]);
    const effects = page.getByRole("region", { name: "Effect" });
    await expect(effects).toContainText("After 3 wrong passwords");
    await expect(effects).toContainText("After 5 wrong passwords");
  });

  await test.step("what is restored is entered as unsaved changes, which Undo takes back", async () => {
    await page.getByRole("link", { name: "Restore these values" }).click();
    await expect(note).toHaveText(
      new RegExp(`^Values of version 2, saved \\d\\d \\w{3} \\d{4} by ${administrator.email}\\. They`),
    );
    await expect(panel.field(ATTEMPTS)).toHaveValue("3");
    await expect(panel.unsaved).toHaveText("1 unsaved change");
    await expect(panel.effect).toContainText("After 3 wrong passwords");
    await expect(page).toHaveURL("/settings/security#general");
    await panel.fill({ [ATTEMPTS]: "0" });
    await expect(note).toHaveCount(0);
    await panel.fill({ [ATTEMPTS]: "3" });
    await expect(note).toBeVisible();
    await panel.undo.click();
    await expect(note).toHaveCount(0);
    await expect(panel.field(ATTEMPTS)).toHaveValue("0");
    await panel.fill({ [ATTEMPTS]: "7" });
    await expect(panel.unsaved).toHaveText("1 unsaved change");
    await expect(note).toHaveCount(0);
    await panel.undo.click();
    await expect(panel.field(ATTEMPTS)).toHaveValue("0");
    await page
      .getByRole("navigation", { name: "Console" })
      .getByRole("link", { name: "History", exact: true })
      .click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("History");
    await page.goBack();
    await expect(panel.field(ATTEMPTS)).toHaveValue("0");
    await expect(note).toHaveCount(0);
    await page.reload();
    await expect(panel.field(ATTEMPTS)).toHaveValue("0");
    await expect(note).toHaveCount(0);
    await expect(panel.unsaved).toHaveCount(0);
    expect((await storedPanel(sql, "general")).version).toBe(3);
  });

  await test.step("it outlasts the save of another panel, and a save stores it as a version of its own", async () => {
    await page.goto("/settings/history/general/2");
    await page.getByRole("link", { name: "Restore these values" }).click();
    await expect(note).toBeVisible();
    await password.fill({ "Minimum password length": "15" });
    await password.save.click();
    await expect(settings.notices).toContainText("Saved. In effect now.");
    await expect(password.unsaved).toHaveCount(0);
    await expect(note).toBeVisible();
    await expect(panel.field(ATTEMPTS)).toHaveValue("3");
    await save();
    await expect(note).toHaveCount(0);
    await expect(panel.unsaved).toHaveCount(0);
    await page.reload();
    await expect(note).toHaveCount(0);
    await expect(panel.field(ATTEMPTS)).toHaveValue("3");
    expect(await storedPanel(sql, "general")).toMatchObject({
      version: 4,
      by: administrator.email,
      values: { maxFailedLoginAttempts: 3, mobileSecretKeyLength: 128 },
    });
    expect((await auditDetails(sql, "settings-changed")).at(-1)).toMatchObject({
      version: 4,
      changes: { maxFailedLoginAttempts: { from: 0, to: 3 } },
    });
  });

  await test.step("the history has it on top, and nothing is left to restore", async () => {
    await page.goto("/audit");
    await page.getByRole("link", { name: "Version 4" }).click();
    await expect(page).toHaveURL("/settings/history/general/4");
    await expect(page.getByText("In effect", { exact: true })).toBeVisible();
    await expect(page.getByText(/These values are in effect/)).toHaveCount(0);
    await page.goto("/settings/history/general/2");
    await expect(page.getByText("These values are in effect, as version 4.")).toBeVisible();
    await expect(page.getByRole("link", { name: "Restore these values" })).toHaveCount(0);
    await page.goto("/settings/security?restore=general.2");
    await expect(panel.field(ATTEMPTS)).toHaveValue("3");
    await expect(note).toHaveCount(0);
  });
});

test("a restored issuer is a rotation like any other, and the key stays", async ({
  administrator: _,
  page,
  sql,
}) => {
  const settings = new SecuritySettingsPage(page);
  const panel = settings.panel("JWT security");
  const dialog = new RotationDialog(page);
  const before = await storedPanel(sql, "jwt");
  await settings.open();
  await panel.fill({ [ISSUER]: "elsewhere" });
  await panel.region.getByRole("button", { name: "Generate key" }).click();
  await expect(panel.unsaved).toHaveText("2 unsaved changes");
  await panel.save.click();
  await dialog.keep.check();
  await dialog.confirm.click();
  await expect(settings.notices).toContainText("Saved. In effect now.");
  const replaced = await storedPanel(sql, "jwt");
  expect(replaced.values.keyFingerprint).not.toBe(before.values.keyFingerprint);

  await page.goto("/settings/history/jwt/1");
  await expect(page.getByText("A signing key is never restored.")).toBeVisible();
  await expect(page.getByRole("row", { name: /Signing key/ })).toContainText("Differs");
  await page.getByRole("link", { name: "Restore these values" }).click();
  await expect(panel.unsaved).toHaveText("1 unsaved change");
  await expect(panel.field(ISSUER)).toHaveValue("gatehouse");
  await panel.save.click();
  await dialog.keep.check();
  await dialog.confirm.click();
  await expect(settings.notices).toContainText("Saved. In effect now.");
  await expect(panel.region.getByText("They take effect when you save.")).toHaveCount(0);
  const { version, values } = await storedPanel(sql, "jwt");
  expect(version).toBe(3);
  expect(values).toEqual({ ...replaced.values, tokenIssuer: "gatehouse" });
});

test("another administrator’s save meanwhile is a conflict, as after typing", async ({
  administrator: _,
  colleague,
  page,
  sql,
}) => {
  const settings = new SecuritySettingsPage(page);
  const panel = settings.panel("General policy");
  const theirSettings = new SecuritySettingsPage(colleague.page);
  const theirs = theirSettings.panel("General policy");
  await settings.open();
  await panel.fill({ [ATTEMPTS]: "3" });
  await panel.save.click();
  await expect(settings.notices).toContainText("Saved. In effect now.");
  await page.goto("/settings/history/general/1");
  await page.getByRole("link", { name: "Restore these values" }).click();
  await expect(panel.unsaved).toHaveText("1 unsaved change");
  await theirSettings.open();
  await theirs.fill({ [ATTEMPTS]: "9" });
  await theirs.save.click();
  await expect(theirSettings.notices).toContainText("Saved. In effect now.");
  await panel.save.click();
  const dialog = page.getByRole("dialog", { name: "General policy was changed while you edited it" });
  await dialog.getByRole("radio", { name: /^5 Yours/ }).check();
  await dialog.getByRole("button", { name: "Use my choice" }).click();
  await expect(settings.notices).toContainText("Saved. In effect now.");
  expect(await storedPanel(sql, "general")).toMatchObject({
    version: 4,
    values: { maxFailedLoginAttempts: 5 },
  });
});

test("an address that names no version restores nothing, and no version is no page", async ({
  administrator: _,
  arrange,
  page,
  noise,
}) => {
  noise.allow(/404/);
  await arrange("makeSettings", { general: { maxFailedLoginAttempts: 9 } });
  const settings = new SecuritySettingsPage(page);
  const panel = settings.panel("General policy");
  for (const restore of ["general.99", "<script>alert(1)</script>", "general.0&restore=general.1", "%00"]) {
    await page.goto(`/settings/security?restore=${restore}`);
    await expect(panel.field(ATTEMPTS)).toHaveValue("9");
    await expect(panel.unsaved).toHaveCount(0);
    await expect(panel.region.getByText("They take effect when you save.")).toHaveCount(0);
    await expect(page).toHaveURL("/settings/security");
  }
  await test.step("nor later, when the settings have changed", async () => {
    await page.goto("/settings/security?restore=general.2#general");
    await panel.fill({ [ATTEMPTS]: "8" });
    await panel.save.click();
    await expect(settings.notices).toContainText("Saved. In effect now.");
    await expect(page).toHaveURL("/settings/security#general");
    await page.reload();
    await expect(panel.field(ATTEMPTS)).toHaveValue("8");
    await expect(panel.unsaved).toHaveCount(0);
  });
  for (const path of ["general/99", "general/x", "general/2147483648", "mail/1", "%00/1", "general/1/2"]) {
    const answer = await page.request.get(`/settings/history/${path}`);
    expect(answer.status(), path).toBe(404);
  }
  await page.goto("/settings/history/general/1?with=99");
  await expect(page.getByLabel("Compare with")).toHaveAccessibleDescription(
    "There is no version 99 of this panel.",
  );
  await page.goto("/settings/history/general/99");
  await page.getByRole("link", { name: "Show all versions" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("History");
});

test("a restored page can be left, and come back to, before the server has answered it again", async ({
  administrator: _,
  arrange,
  page,
}) => {
  await arrange("makeSettings", { general: { maxFailedLoginAttempts: 9 } });
  const panel = new SecuritySettingsPage(page).panel("General policy");
  const isAnswer = (url: URL) => url.pathname === "/settings/security" && url.searchParams.has("_rsc");
  await page.goto("/settings/history/general/1");
  const answer = await holdRequests(page, isAnswer);
  await page.getByRole("link", { name: "Restore these values" }).click();
  // Undo works once the page's scripts do.
  await expect(async () => {
    await panel.undo.click();
    await expect(panel.unsaved).toHaveCount(0, { timeout: 500 });
  }).toPass();
  await page.getByRole("link", { name: "History", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("History");
  answer();
  await page.goBack();
  await expect(panel.field(ATTEMPTS)).toBeVisible();
});

test("many versions come in pages, those of one panel too", async ({ administrator: _, page, sql }) => {
  await sql(`INSERT INTO settings_revisions (panel, version, "values", saved_by_email, saved_at)
    SELECT panel, version + n, "values", 'bob@example.org', saved_at + n * interval '1 minute'
    FROM settings_revisions, generate_series(1, 59) AS n WHERE panel = 'password'`);
  const rows = page.getByRole("table").getByRole("row");
  const pager = page.getByRole("navigation", { name: "Pages of versions" });
  await page.goto("/settings/history?panel=password");
  await expect(rows).toHaveCount(1 + 50);
  await expect(rows.nth(1)).toContainText("Password policy, version 60");
  await expect(rows.nth(1)).toContainText("No value changed");
  await expect(rows.nth(1).getByText("by", { exact: true })).toBeHidden();
  await page.setViewportSize(PHONE);
  await expect(rows.nth(1).getByText("by", { exact: true })).toBeVisible();
  await pager.getByRole("link", { name: "Older" }).click();
  await expect(rows).toHaveCount(1 + 10);
  await expect(rows.last()).toContainText("Password policy, version 1");
  await expect(pager.getByRole("link", { name: "Older" })).toHaveCount(0);
  await pager.getByRole("link", { name: "Newest" }).click();
  await expect(rows).toHaveCount(1 + 50);
});
