import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePort, startProduct } from "./fixtures/product";
import { expect, test } from "./fixtures/quiet";
import { LoginPage } from "./pages/login-page";
import { SecuritySettingsPage } from "./pages/security-settings-page";

const ADMINISTRATOR = { ADMIN_EMAIL: "ada@example.org", ADMIN_PASSWORD: "a gate, a house, a lamp" };

test("npm run dev runs the same product, and tells open pages of changed sources", async ({
  page,
  noise,
}) => {
  // React's development build may log this about Next's own router when a page is reloaded while it still loads.
  noise.allow(/This library called use\(\)[\s\S]*\bInnerLayoutRouter\b/);
  const folder = await mkdtemp(path.join(tmpdir(), "gatehouse-development-"));
  const env = { PORT: await freePort(), DATA_DIR: path.join(folder, "data"), ...ADMINISTRATOR };
  const product = startProduct(env, { script: "dev" });
  try {
    await product.ready;
    expect(product.output()).toContain(`Gatehouse is at ${product.url} (development)`);

    await test.step("somebody logs in, and saves a setting", async () => {
      await page.goto(`${product.url}/login`);
      await new LoginPage(page).logIn(ADMINISTRATOR.ADMIN_EMAIL, ADMINISTRATOR.ADMIN_PASSWORD);
      await page.getByRole("link", { name: "Security settings" }).click();
      const settings = new SecuritySettingsPage(page);
      const panel = settings.panel("General policy");
      await panel.field("failed login attempts").fill("7");
      await panel.save.click();
      await expect(settings.notices).toContainText("Saved");
    });

    await test.step("the page is told over its socket what the sources are", async () => {
      // Listens from before the reload: the first frame may arrive while the page still loads.
      const received = page.waitForEvent("websocket").then((socket) => socket.waitForEvent("framereceived"));
      await page.reload();
      const { payload } = await received;
      expect(JSON.parse(String(payload))).toHaveProperty("type");
    });
    expect(product.output(), "nothing is built for a runtime that is not used").not.toContain("Edge Runtime");
  } finally {
    // What an open page still loads would fail once the server has stopped.
    await page.close();
    await product.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
