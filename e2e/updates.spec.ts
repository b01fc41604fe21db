import { UNKNOWN_ACTION, updateServer } from "./fixtures/another-build";
import { expect, test } from "./fixtures/test";
import { actionNamed } from "./http/actions";
import { KeyRing } from "./pages/key-ring";
import { LoginPage } from "./pages/login-page";
import { MobilePage } from "./pages/mobile-page";
import { RotationDialog } from "./pages/rotation-dialog";
import { SecuritySettingsPage } from "./pages/security-settings-page";

const UPDATED = "Gatehouse was updated while this page was open";

test("a form that refuses a new password keeps what was typed, also when the server was updated", async ({
  page,
  logIn,
  noise,
}) => {
  noise.allow(/404 \(Not Found\)|409 \(Conflict\)/);
  const { password } = await logIn();
  await page.goto("/account/password");
  await updateServer(page);
  const current = page.getByRole("textbox", { name: "Current password" });
  const chosen = page.getByRole("textbox", { name: "New password" });
  const save = page.getByRole("button", { name: "Change password" });
  await current.fill(password);
  await chosen.fill("short");
  const asked = page.waitForResponse("/api/health");
  await save.click();
  await asked;
  await chosen.fill("a gate, a house, a lamp");
  await save.click();
  await expect(page.getByText(UPDATED)).toBeVisible();
  await expect(current).toHaveValue(password);
  await expect(chosen).toHaveValue("a gate, a house, a lamp");
});

test("a change of the key ring that is confirmed after an update was not made, and says so", async ({
  administrator: _,
  page,
  noise,
  sql,
}) => {
  noise.allow(/409 \(Conflict\)/);
  const settings = new SecuritySettingsPage(page);
  const { region, save } = settings.panel("JWT security");
  const ring = new KeyRing(page);
  await settings.open();
  await region.getByRole("button", { name: "Generate key" }).click();
  await expect(region).toContainText("New key, 512 bits.");
  await save.click();
  await new RotationDialog(page).confirm.click();
  await expect(ring.rows).toHaveCount(2);
  const keys = "SELECT * FROM signing_keys ORDER BY kid";
  const before = await sql(keys);
  await ring.rollBack().click();
  await expect(ring.box).toBeVisible();
  await updateServer(page);
  await ring.confirm.click();
  await expect(ring.failure).toHaveText("Nothing was done. Reload the page and try again.");
  expect(await sql(keys)).toEqual(before);
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("a form from before an update is refused in words, and the way back leads to a new one", async ({
    page,
    arrange,
    noise,
  }) => {
    noise.allow(/409 \(Conflict\)|\(csp\)$/);
    const { email, password } = await arrange("makeUser");
    await page.route(
      "/login",
      async (route) => {
        const response = await route.fetch();
        const body = (await response.text()).replaceAll(actionNamed("logIn").id, UNKNOWN_ACTION);
        await route.fulfill({ response, body });
      },
      { times: 1 },
    );
    const login = new LoginPage(page);
    await login.open();
    await login.logIn(email, password);
    await expect(page.getByText(`${UPDATED}. Nothing was done: go back`)).toBeVisible();
    await page.goBack();
    await login.logIn(email, password);
    await expect(page).toHaveURL("/account");
  });
});

const replacements = {
  "an update of the server": updateServer,
  "a proxy’s own page, for everything, in place of the server": async (page) => {
    const maintenance = { contentType: "text/html", body: "<h1>Back soon</h1>" };
    await page.route("**", (route) => route.fulfill(maintenance));
  },
} satisfies Record<string, typeof updateServer>;

for (const [what, replaceServer] of Object.entries(replacements)) {
  test(`a code for the mobile app outlasts ${what}`, async ({ page, logIn, noise }) => {
    noise.allow(/404 \(Not Found\)/);
    await page.clock.install();
    await logIn();
    const mobile = new MobilePage(page);
    await mobile.open();
    await mobile.make();
    const secret = await mobile.secretText();
    await replaceServer(page);
    let asked = 0;
    page.on("response", (response) => {
      if (response.url().endsWith("/api/health")) asked += 1;
    });
    await expect.poll(() => page.clock.runFor(3_000).then(() => asked)).toBeGreaterThan(1);
    await expect(mobile.secret).toHaveText(secret);
  });
}
