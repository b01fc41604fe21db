import type { Locator, Page } from "@playwright/test";
import { updateServer } from "./fixtures/another-build";
import { startCuttingProxy } from "./fixtures/cut-documents";
import { holdRequests } from "./fixtures/held-requests";
import { openBeforeScripts } from "./fixtures/late-scripts";
import { expect, test } from "./fixtures/test";
import { LoginPage } from "./pages/login-page";
import { SecuritySettingsPage } from "./pages/security-settings-page";

const ATTEMPTS = "Maximum number of failed login attempts";
const MINIMUM = "Minimum password length";

test.beforeEach(async ({ administrator: _, page }) => {
  await page.goto("/audit");
  await page.getByRole("link", { name: "Security settings" }).click();
  await expect(page).toHaveURL("/settings/security");
});

test("leaving without changes asks nothing", async ({ page }) => {
  const asked: string[] = [];
  page.on("dialog", (dialog) => {
    asked.push(dialog.type());
    void dialog.accept();
  });
  const general = new SecuritySettingsPage(page).panel("General policy");
  await general.field(ATTEMPTS).fill("7");
  await general.field(ATTEMPTS).fill("5");
  await expect(general.unsaved).toHaveCount(0);
  await page.reload();
  await page.getByRole("link", { name: "Audit" }).click();
  await expect(page).toHaveURL("/audit");
  await page.goBack();
  await expect(page).toHaveURL("/settings/security");
  const closed = page.waitForEvent("close");
  await page.close({ runBeforeUnload: true });
  await closed;
  expect(asked).toEqual([]);
});

test("every way out asks first, and staying keeps what was typed", async ({ page }) => {
  const settings = new SecuritySettingsPage(page);
  const general = settings.panel("General policy");
  const question = page.getByRole("alertdialog", { name: "Leave without saving?" });
  const stay = question.getByRole("button", { name: "Stay" });
  // The dialog names the panels in the order of the page, not in the order of the edits.
  await settings.panel("Password policy").fill({ [MINIMUM]: "14" });
  await general.field(ATTEMPTS).fill("7");

  const ways: Record<string, () => Promise<unknown>> = {
    "a link": () => page.getByRole("link", { name: "Audit" }).click(),
    "the back button": () => page.evaluate(() => history.back()),
    "logging out": async () => {
      await page.getByRole("button", { name: "Ada Lovelace" }).click();
      await page.getByRole("button", { name: "Log out" }).click();
    },
  };
  for (const [name, leave] of Object.entries(ways)) {
    await test.step(name, async () => {
      await leave();
      await expect(question).toContainText(
        "General policy: 1 unsaved change. Password policy: 1 unsaved change.",
      );
      await expect(stay).toBeFocused();
      await stay.click();
      await expect(question).toHaveCount(0);
      await expect(page).toHaveURL("/settings/security");
      await expect(general.field(ATTEMPTS)).toHaveValue("7");
    });
  }

  await test.step("closing, where the browser asks", async () => {
    const asking = page.waitForEvent("dialog");
    await page.close({ runBeforeUnload: true });
    const dialog = await asking;
    expect(dialog.type()).toBe("beforeunload");
    await dialog.dismiss();
    await expect(general.field(ATTEMPTS)).toHaveValue("7");
  });

  await test.step("a link that is opened in another tab needs no question", async () => {
    const opened = page.context().waitForEvent("page");
    await page.getByRole("link", { name: "Audit" }).click({ modifiers: ["ControlOrMeta"] });
    await (await opened).close();
    await expect(question).toHaveCount(0);
  });

  await test.step("a place on the same page needs no question", async () => {
    await page.getByRole("link", { name: "JWT security", exact: true }).click();
    await expect(page).toHaveURL("/settings/security#jwt");
    await expect(question).toHaveCount(0);
  });
});

test("whoever means to leave, leaves", async ({ page }) => {
  const general = new SecuritySettingsPage(page).panel("General policy");
  const leave = page.getByRole("button", { name: "Leave without saving" });
  await general.field(ATTEMPTS).fill("7");
  await page.getByRole("link", { name: "Audit" }).click();
  await leave.click();
  await expect(page).toHaveURL("/audit");

  await page.getByRole("link", { name: "Security settings" }).click();
  await expect(general.field(ATTEMPTS)).toHaveValue("5");
  await general.field(ATTEMPTS).fill("7");
  await page.evaluate(() => history.back());
  await leave.click();
  await expect(page).toHaveURL("/audit");
});

/**
 * Makes a page take the browser for WebKit, in which a script must not stop a step back. WebKit also calls a window's
 * capturing listeners first; Chromium calls them in the order in which they were added.
 */
async function actAsWebKit(page: Page): Promise<void> {
  await page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, "vendor", { get: () => "Apple Computer, Inc." });
    NavigateEvent.prototype.preventDefault = () => reportError(new Error("A step was stopped."));
    const add = EventTarget.prototype.addEventListener;
    const capturing = new EventTarget();
    add.call(window, "popstate", (event) => {
      const copy = new PopStateEvent("popstate", { cancelable: true });
      copy.stopImmediatePropagation = () => event.stopImmediatePropagation();
      capturing.dispatchEvent(copy);
    });
    window.addEventListener = (
      type: string,
      listener: EventListenerOrEventListenerObject,
      options?: boolean | AddEventListenerOptions,
    ) => {
      const isFirst = type === "popstate" && typeof options === "object" && options.capture;
      add.call(isFirst ? capturing : window, type, listener, options);
    };
  });
  await page.goto("/audit");
  await page.getByRole("link", { name: "Security settings" }).click();
}

test("in WebKit, which loses count when a step back is stopped, each of them is asked about too", async ({
  page,
}) => {
  await actAsWebKit(page);
  const general = new SecuritySettingsPage(page).panel("General policy");
  const question = page.getByRole("alertdialog", { name: "Leave without saving?" });
  await general.field(ATTEMPTS).fill("6");
  await general.save.click();
  await expect(general.unsaved).toHaveCount(0);
  await general.field(ATTEMPTS).fill("7");
  for (const step of ["the first step back", "the second one"]) {
    await test.step(step, async () => {
      await page.evaluate(() => history.back());
      await question.getByRole("button", { name: "Stay" }).click();
      await expect(page).toHaveURL("/settings/security");
      await expect(general.field(ATTEMPTS)).toHaveValue("7");
    });
  }
  await page.evaluate(() => history.back());
  await question.getByRole("button", { name: "Leave without saving" }).click();
  await expect(page).toHaveURL("/audit");
});

test("in WebKit, a place on the same page needs no question either, and the page is still asked about", async ({
  page,
}) => {
  await actAsWebKit(page);
  const general = new SecuritySettingsPage(page).panel("General policy");
  const question = page.getByRole("alertdialog", { name: "Leave without saving?" });
  await general.field(ATTEMPTS).fill("-1");
  await general.save.click();
  await general.summary.getByRole("link").click();
  await expect(general.field(ATTEMPTS)).toBeFocused();
  await page.getByRole("link", { name: "JWT security", exact: true }).click();
  await expect(page).toHaveURL("/settings/security#jwt");
  await expect(question).toHaveCount(0);
  await test.step("nor does the way back from it", async () => {
    for (const address of [/#maxFailedLoginAttempts-control$/, "/settings/security"]) {
      await page.evaluate(() => history.back());
      await expect(page).toHaveURL(address);
      await expect(general.field(ATTEMPTS)).toHaveValue("-1");
      await expect(question).toHaveCount(0);
    }
    await page.evaluate(() => history.go(2));
    await expect(page).toHaveURL("/settings/security#jwt");
  });
  for (const [steps, answer] of [
    [-4, "Stay"],
    [-2, "Leave without saving"],
  ] as const) {
    await page.evaluate((by) => history.go(by), steps);
    await question.getByRole("button", { name: answer }).click();
  }
  await expect(page).toHaveURL("/audit");
});

test("in WebKit, several steps back at once are asked about too", async ({ page }) => {
  await actAsWebKit(page);
  const general = new SecuritySettingsPage(page).panel("General policy");
  const question = page.getByRole("alertdialog", { name: "Leave without saving?" });
  await general.field(ATTEMPTS).fill("7");
  await expect(general.unsaved).toHaveText("1 unsaved change");
  for (const answer of ["Stay", "Stay", "Leave without saving"]) {
    // From the guard's own entry past that of the page, as a choice in the back button's menu does.
    await page.evaluate(() => history.go(-2));
    await expect(page).toHaveURL("/settings/security");
    await expect(general.field(ATTEMPTS)).toHaveValue("7");
    await question.getByRole("button", { name: answer }).click();
  }
  await expect(page).toHaveURL("/audit");
  await expect(page.getByRole("heading", { name: "Audit" })).toBeVisible();
});

test("a page restored from the back/forward cache is reloaded, without a question", async ({
  page,
  context,
}) => {
  const asked: string[] = [];
  page.on("dialog", (dialog) => {
    asked.push(dialog.type());
    void dialog.accept();
  });
  const general = new SecuritySettingsPage(page).panel("General policy");
  await general.field(ATTEMPTS).fill("7");
  await expect(general.unsaved).toHaveText("1 unsaved change");
  await context.clearCookies(); // Logged out in between.
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
  await expect(page).toHaveURL("/login?next=%2Fsettings%2Fsecurity");
  expect(asked).toEqual([]);
});

test("a page restored from the back/forward cache is reloaded where its reader was", async ({ page }) => {
  const loaded = page.waitForEvent("load");
  await page.evaluate(() => {
    dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
    scrollTo(0, 900); // As WebKit does, only after the event.
  });
  await loaded;
  await expect.poll(() => page.evaluate(() => scrollY)).toBe(900);
});

test("a save from a page that is older than the server says so, and keeps what was typed", async ({
  page,
  noise,
}) => {
  noise.allow(/409 \(Conflict\)/);
  const general = new SecuritySettingsPage(page).panel("General policy");
  await updateServer(page);
  await general.field(ATTEMPTS).fill("7");
  await general.save.click();
  await expect(general.region.getByRole("alert")).toContainText(
    "Gatehouse was updated while this page was open",
  );
  await expect(general.field(ATTEMPTS)).toHaveValue("7");
  await expect(general.unsaved).toHaveText("1 unsaved change");
});

test("what is typed during a save is kept, and unsaved", async ({ page }) => {
  const settings = new SecuritySettingsPage(page);
  const general = settings.panel("General policy");
  const release = await holdRequests(page, "/settings/security");
  await general.fill({ [ATTEMPTS]: "7" });
  await general.save.click();
  await expect(general.unsaved).toHaveText("Saving…");
  await general.fill({ "Unlock automatically after": "45" });
  await general.field(ATTEMPTS).press("Enter");
  release();
  await expect(settings.notices).toContainText("Saved. In effect now.");
  await expect(general.field(ATTEMPTS)).toHaveValue("7");
  await expect(general.field("Unlock automatically after")).toHaveValue("45");
  // Actions are answered in turn: had Enter sent a second save, it would be done by now.
  const jwt = settings.panel("JWT security").region;
  await jwt.getByRole("button", { name: "Generate key" }).click();
  await expect(jwt).toContainText("New key, 512 bits.");
  await expect(general.unsaved).toHaveText("1 unsaved change");
});

test("a question about leaving goes once a save under way has left nothing unsaved", async ({ page }) => {
  const settings = new SecuritySettingsPage(page);
  const general = settings.panel("General policy");
  const question = page.getByRole("alertdialog", { name: "Leave without saving?" });
  const release = await holdRequests(page, "/settings/security");
  await general.fill({ [ATTEMPTS]: "7" });
  await general.save.click();
  await page.getByRole("link", { name: "Audit" }).click();
  await expect(question).toContainText("General policy: 1 unsaved change.");
  release();
  await expect(settings.notices).toContainText("Saved. In effect now.");
  await expect(question).toHaveCount(0);
  await general.fill({ [ATTEMPTS]: "8" });
  await expect(general.unsaved).toHaveText("1 unsaved change");
  await expect(question, "nobody has left since").toHaveCount(0);
});

test("whoever was logged out meanwhile logs in beside the form, without a question, and saves what was typed", async ({
  administrator,
  context,
  page,
  sql,
}) => {
  const settings = new SecuritySettingsPage(page);
  const general = settings.panel("General policy");
  await general.fill({ [ATTEMPTS]: "7" });
  await sql("UPDATE sessions SET ended_at = now(), end_reason = 'signed-out-by-administrator'");
  await general.save.click();
  await expect(general.region.getByRole("alert")).toContainText("Your session has ended");
  const opened = context.waitForEvent("page");
  await general.region.getByRole("link", { name: "Log in in a new tab" }).click();
  const tab = await opened;
  await new LoginPage(tab).logIn(administrator.email, administrator.password);
  await expect(tab).toHaveURL("/settings/security");
  await tab.close();
  await general.save.click();
  await expect(settings.notices).toContainText("Saved. In effect now.");
  await expect(general.field(ATTEMPTS)).toHaveValue("7");
});

test("a failed save leaves nothing in a bar that is closed again", async ({ page, sql }) => {
  const general = new SecuritySettingsPage(page).panel("General policy");
  const attempts = await general.field(ATTEMPTS).inputValue();
  await general.fill({ [ATTEMPTS]: "7" });
  await sql("UPDATE sessions SET ended_at = now(), end_reason = 'signed-out-by-administrator'");
  await general.save.click();
  const link = general.region.getByText("Log in in a new tab");
  await expect(link).toBeVisible();
  await general.fill({ [ATTEMPTS]: attempts });
  await expect(general.unsaved).toHaveCount(0);
  await expect(link, "a hidden one could be focused").toHaveCount(0);
  await general.fill({ [ATTEMPTS]: "8" });
  await expect(general.unsaved).toHaveText("1 unsaved change");
  await expect(link, "it was about the change taken back").toHaveCount(0);
});

test("whoever reads that it is saved, and leaves at once, is not asked", async ({ page }) => {
  const settings = new SecuritySettingsPage(page);
  const general = settings.panel("General policy");
  await general.fill({ [ATTEMPTS]: "7" });
  // What React leaves until the page has been drawn comes late, as on a slow machine.
  await page.evaluate(() => {
    const { postMessage } = MessagePort.prototype;
    MessagePort.prototype.postMessage = function (...message: unknown[]) {
      setTimeout(() => Reflect.apply(postMessage, this, message), 500);
    };
  });
  await general.save.click();
  await expect(settings.notices).toContainText("Saved. In effect now.");
  await page.getByRole("link", { name: "Audit" }).click();
  await expect(page).toHaveURL("/audit");
});

test("a stored text with blanks around it does not count as a change", async ({ page, arrange, logIn }) => {
  await arrange("makeSettings", { jwt: { tokenIssuer: " gate house " } });
  await logIn({ authority: "SYS_ADMIN" });
  await page.reload();
  const jwt = new SecuritySettingsPage(page).panel("JWT security");
  await expect(jwt.field("Issuer name")).toHaveValue(" gate house ");
  await jwt.field(/^Token expiration time/).fill("600");
  await expect(jwt.unsaved).toHaveText("1 unsaved change");
  await jwt.field("Issuer name").fill("gate house ");
  await expect(jwt.unsaved).toHaveText("2 unsaved changes");
  await jwt.undo.click();
  await expect(jwt.unsaved).toHaveCount(0);
});

test("what is entered before the page's scripts are there is an unsaved change like any other", async ({
  page,
}) => {
  const releaseScripts = await openBeforeScripts(page, "/settings/security");
  const panel = new SecuritySettingsPage(page).panel("General policy");
  await panel.fill({ "failed login attempts": "7", "Notification on account lockout": "ops@example.org" });
  await panel.switch("Tell the account’s owner").click();
  const jwt = new SecuritySettingsPage(page).panel("JWT security");
  const duration = (label: RegExp) => ({
    number: jwt.field(label),
    unit: jwt.region.getByRole("combobox", { name: label }),
  });
  const [access, refresh] = [duration(/^Token expiration time/), duration(/^Refresh token expiration time/)];
  await access.number.fill("4");
  await access.unit.selectOption("hours");
  await refresh.unit.selectOption("days");
  releaseScripts();

  await expect(panel.unsaved).toHaveText("3 unsaved changes");
  await expect(panel.switch("Tell the account’s owner")).not.toBeChecked();
  await expect(panel.effect).toContainText("After 7 wrong passwords an account is locked");
  await panel.undo.click();
  await expect(panel.field("failed login attempts")).toHaveValue("5");
  await expect(panel.switch("Tell the account’s owner")).toBeChecked();

  await expect(jwt.unsaved).toHaveText("1 unsaved change");
  await expect(jwt.region.getByText("14400 s = 4 h")).toBeVisible();
  for (const [{ number, unit }, text, chosen] of [
    [access, "4", "hours"],
    [refresh, "7", "days"],
  ] as const) {
    await expect(number).toHaveValue(text);
    await expect(unit).toHaveValue(chosen);
  }
});

test("what is sent before the page's scripts are there stays in its form", async ({ page }) => {
  const releaseScripts = await openBeforeScripts(page, "/settings/security");
  const panel = new SecuritySettingsPage(page).panel("General policy");
  await panel.fill({ [ATTEMPTS]: "7" });
  await panel.field(ATTEMPTS).press("Enter");
  releaseScripts();
  await expect(panel.unsaved).toHaveText("1 unsaved change");
  await expect(panel.field(ATTEMPTS)).toHaveValue("7");
});

test("a page whose scripts did not arrive says that it cannot save", async ({ page, noise }) => {
  noise.allow(/ERR_FAILED/);
  const notice = page.getByText("Part of this page could not be loaded.");
  await expect(notice).toBeHidden();
  await page.route("**/_next/static/**/*.js", (route) => route.abort());
  await page.goto("/settings/security");
  await expect(notice).toBeVisible();
  await page.unrouteAll();
  await page.getByRole("link", { name: "Reload the page" }).click();
  const general = new SecuritySettingsPage(page).panel("General policy");
  await general.field(ATTEMPTS).fill("7");
  await expect(general.save).toBeVisible();
  await expect(notice).toBeHidden();
});

/** Lets a page's clock run until it says that nothing arrives any more: what arrives meanwhile starts the wait anew. */
async function runUntilShown(page: Page, notice: Locator): Promise<void> {
  await expect(async () => {
    await page.clock.runFor(11_000);
    await expect(notice).toBeVisible({ timeout: 500 });
  }).toPass();
}

/** Everything that looks like the page, without the data that makes it work. */
const looks = (html: string) => html.slice(0, html.lastIndexOf("self.__next_f.push"));
/** Not even the script that starts the others. */
const starts = (html: string) => html.slice(0, html.indexOf("self.__next_f"));

for (const { ending, beginning, of } of [
  { ending: "broken", beginning: looks, of: "its data" },
  { ending: "broken", beginning: starts, of: "its scripts" },
  { ending: "closed", beginning: starts, of: "its scripts" },
] as const) {
  test(`a page that was cut short before ${of}, its connection ${ending}, says that it cannot save`, async ({
    page,
    product,
    noise,
  }) => {
    noise.allow(/ERR_INCOMPLETE_CHUNKED_ENCODING|React error #412/);
    const proxy = await startCuttingProxy(product.url, beginning);
    const notice = page.getByText("Part of this page could not be loaded.");
    await page.clock.install();
    await page.goto(`${proxy.url}/settings/security`, { waitUntil: "commit" });
    await expect(page.getByRole("main")).toBeVisible();
    proxy.end(ending);
    await expect(notice, "the rest may be under way").toBeHidden();
    await runUntilShown(page, notice);
    proxy.stop();
  });
}

test("a page that comes slowly says so only as long as nothing arrives", async ({ page }) => {
  const notice = page.getByText("Part of this page could not be loaded.");
  await page.clock.install();
  const release = await openBeforeScripts(page, "/settings/security");
  const general = new SecuritySettingsPage(page).panel("General policy");
  await expect(general.region).toBeVisible();
  await runUntilShown(page, notice);
  release();
  await general.fill({ [ATTEMPTS]: "7" });
  await expect(general.save).toBeVisible();
  await page.clock.runFor(1_000);
  await expect(notice).toBeHidden();
});

test("a save whose page cannot be refreshed says that it is saved, and keeps what was typed elsewhere", async ({
  page,
  noise,
}) => {
  noise.allow(/ERR_FAILED|Failed to fetch/);
  const settings = new SecuritySettingsPage(page);
  await settings.panel("Password policy").fill({ [MINIMUM]: "14" });
  await settings.panel("General policy").fill({ [ATTEMPTS]: "7" });
  const asked: string[] = [];
  page.on("dialog", (dialog) => {
    asked.push(dialog.type());
    void dialog.accept();
  });
  const lost = page.waitForEvent("requestfailed");
  await page.route(/_rsc=|api.health/, (route) => route.abort());
  await settings.panel("General policy").save.click();
  await lost;
  await expect(settings.notices).toContainText("Saved. In effect now.");
  await page.unrouteAll();
  await settings.panel("Password policy").save.click();
  await expect(settings.panel("Password policy").unsaved).toHaveCount(0);
  await expect(settings.panel("Password policy").field(MINIMUM)).toHaveValue("14");
  expect(asked).toEqual([]);
});

test("a script that a proxy has added to the page, and that is blocked, is none that the page needs", async ({
  page,
  noise,
}) => {
  noise.allow(/scanner\.example/);
  await page.route("/settings/security", async (route) => {
    const response = await route.fetch();
    const added = '<script src="http://scanner.example/watch.js"></script></head>';
    await route.fulfill({ response, body: (await response.text()).replace("</head>", added) });
  });
  const blocked = page.waitForEvent("console", (message) => /scanner\.example/.test(message.text()));
  await page.goto("/settings/security");
  await blocked;
  await expect(new SecuritySettingsPage(page).panel("General policy").field(ATTEMPTS)).toBeVisible();
  await expect(page.getByText("Part of this page could not be loaded.")).toBeHidden();
});
