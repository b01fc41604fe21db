import type { BrowserContext, Page } from "@playwright/test";
import { PHONE } from "./fixtures/accessible";
import { sendTwice } from "./fixtures/sent-twice";
import { expect, giveSession, test } from "./fixtures/test";
import { RestClient } from "./http/rest/rest-client";

const notices = (page: Page) => page.getByRole("region", { name: "Notices" });
const row = (page: Page, text: RegExp) => page.getByRole("row").filter({ hasText: text });

test("an administrator looks who is logged in, and ends one session, a person's, and everyone's", async ({
  administrator,
  arrange,
  browser,
  page,
  product,
}) => {
  const rest = await RestClient.of(product);
  const jane = await arrange("makeUser", { email: "jane@example.org", firstName: "Jane", lastName: "Doe" });
  const john = await arrange("makeUser", { email: "john@example.org", firstName: "John", lastName: "Roe" });
  const who = async (token: string) => {
    const { status, json } = await rest.call("GET", "/api/auth/user", { token });
    return [status, json.errorCode ?? null];
  };
  const contexts: BrowserContext[] = [];
  const browserOf = async (user: typeof jane) => {
    const { token } = await arrange("loggedIn", user, { address: "198.51.100.7" });
    const context = await browser.newContext({ baseURL: product.url });
    contexts.push(context);
    await giveSession(context, product.url, token);
    const opened = await context.newPage();
    await opened.goto("/account");
    await expect(opened.getByRole("heading", { name: "Your account", level: 1 })).toBeVisible();
    return opened;
  };
  const janes = await browserOf(jane);
  const johns = await browserOf(john);
  const tokens = {
    jane: (await arrange("loggedIn", jane, { kind: "REST" })).token,
    john: (await arrange("loggedIn", john, { kind: "REST" })).token,
  };

  await test.step("the list says who, on what, from where; nobody ends their own by mistake", async () => {
    await page.goto("/settings/security");
    await page.getByRole("link", { name: "Sessions", exact: true }).click();
    await expect(page.getByRole("row")).toHaveCount(6);
    await expect(row(page, /This one/).getByRole("rowheader")).toContainText(administrator.email);
    await expect(row(page, /This one/).getByRole("button")).toHaveCount(0);
    await expect(row(page, /jane.*Browser/)).toContainText("198.51.100.7");
    await page.getByLabel("Kind").selectOption("Program");
    await page.getByRole("button", { name: "Find" }).click();
    await expect(page).toHaveURL("/sessions?search=&kind=REST");
    await expect(page.getByRole("navigation", { name: "Pages of sessions" })).toContainText("found");
    await expect(page.getByRole("row")).toHaveCount(3);
    await page.getByLabel("Address or name").fill("jane");
    await page.getByLabel("Kind").selectOption("Any kind");
    await page.getByRole("button", { name: "Find" }).click();
    await expect(page.getByRole("row")).toHaveCount(3);
  });

  await test.step("on a phone the button stands beside the person, not below all the lines", async () => {
    const desk = page.viewportSize() ?? { width: 1280, height: 720 };
    await page.setViewportSize(PHONE);
    const session = row(page, /jane.*198.51.100.7/);
    const person = await session.getByRole("link", { name: "jane" }).boundingBox();
    const button = await session.getByRole("button").boundingBox();
    expect(button?.x).toBeGreaterThan((person?.x ?? 0) + (person?.width ?? 0));
    expect(button?.y).toBeLessThan((person?.y ?? 0) + (person?.height ?? 0));
    await page.setViewportSize(desk);
  });

  await test.step("one ends, and its browser is at the login with its next request", async () => {
    await page
      .getByRole("button", { name: /^End the session of jane@example.org: .* 198.51.100.7$/ })
      .click();
    await expect(page.getByRole("alertdialog")).toContainText("from 198.51.100.7, is logged out at once");
    await page.getByRole("button", { name: "End session" }).click();
    await expect(notices(page)).toContainText("jane@example.org is logged out there.");
    await expect(page.getByRole("row")).toHaveCount(2);
    await janes.goto("/account");
    await expect(janes).toHaveURL(/\/login/);
    expect(await who(tokens.jane)).toEqual([200, null]);
  });

  await test.step("what ended elsewhere meanwhile is said, and goes from the list", async () => {
    const { token, sessionId } = await arrange("loggedIn", jane, { kind: "REST", address: "198.51.100.8" });
    await page.reload();
    await page.getByRole("button", { name: /198.51.100.8$/ }).click();
    const person = await arrange("authenticate", token, "REST", {
      address: "198.51.100.8",
      userAgent: "",
      requestId: "",
    });
    expect(person).toMatchObject({ sessionId });
    if (person) await arrange("logOut", person);
    await page.getByRole("button", { name: "End session" }).click();
    await expect(notices(page)).toContainText("That session had already ended.");
    await expect(page.getByRole("row")).toHaveCount(2);
  });

  await test.step("all of a person end; programs are told too", async () => {
    await page.goto("/sessions");
    await row(page, /john.*Browser/)
      .getByRole("link", { name: "john" })
      .click();
    await expect(page).toHaveURL(`/sessions?user=${john.id}`);
    await expect(page.getByText(/Only the sessions of john@example.org, 2 live/)).toBeVisible();
    await expect(page.getByRole("button", { name: "End everyone’s sessions" })).toHaveCount(0);
    await page.getByRole("link", { name: "john@example.org" }).first().click();
    await page.getByRole("link", { name: "2 live" }).click();
    // The account's page has the same button, and may still be there when the address has changed.
    await expect(page).toHaveURL(`/sessions?user=${john.id}`);
    await expect(page.getByRole("heading", { name: "Sessions", level: 1 })).toBeVisible();
    await page.getByRole("button", { name: "End sessions (2)" }).click();
    await expect(page.getByRole("alertdialog")).toContainText("The 2 live sessions end at once.");
    await page.getByRole("button", { name: "End sessions", exact: true }).click();
    await expect(notices(page)).toContainText("john@example.org is logged out everywhere.");
    await expect(page.getByRole("heading", { name: "Not logged in anywhere" })).toBeVisible();
    await johns.goto("/account");
    await expect(johns).toHaveURL(/\/login/);
    expect(await who(tokens.john)).toEqual([401, 11]);
  });

  await test.step("everyone's end once the word is typed; the administrator's own goes on", async () => {
    await page.goto("/sessions");
    await page.getByRole("button", { name: "End everyone’s sessions" }).click();
    await expect(page.getByRole("alertdialog")).toContainText(
      "1 session of 1 person ends at once; the one you",
    );
    await page.getByRole("button", { name: "End all other sessions" }).click();
    const word = page.getByLabel("Type “everyone” to confirm");
    await expect(word).toBeFocused();
    await expect(word).toHaveAccessibleDescription("Type “everyone” to end all other sessions.");
    await page.getByLabel("Also end the session I am using").check();
    await expect(word).toHaveAccessibleDescription("Type “everyone” to end all sessions.");
    await page.getByLabel("Also end the session I am using").uncheck();
    await word.fill("everyone");
    await expect(word, "the right word is not refused").toHaveAccessibleDescription("");
    await page.keyboard.press("Enter");
    await expect(notices(page)).toContainText("Ended 1 session.");
    await expect(page.getByRole("row")).toHaveCount(2);
    expect(await who(tokens.jane)).toEqual([401, 11]);
  });

  await test.step("the audit tells of each", async () => {
    await page.goto("/audit?kind=sessions-ended");
    for (const sentence of [
      "ended everyone’s sessions except the one in use: 1 session of 1 person",
      "ended 2 sessions of john@example.org",
      "ended 1 session of jane@example.org",
    ]) {
      await expect(row(page, new RegExp(sentence))).toHaveCount(1);
    }
  });

  await test.step("with their own, they are logged out as well", async () => {
    await arrange("loggedIn", jane);
    await page.goto("/sessions");
    await row(page, /This one/)
      .getByRole("link", { name: administrator.email })
      .click();
    await page.getByRole("button", { name: "End sessions (1)" }).click();
    await expect(page.getByRole("alertdialog", { name: "End your own sessions?" })).toBeVisible();
    await page.goto("/sessions");
    await page.getByRole("button", { name: "End everyone’s sessions" }).click();
    await page.getByLabel("Also end the session I am using").check();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "End everyone’s sessions" }).click();
    await expect(page.getByLabel("Also end the session I am using"), "each time").not.toBeChecked();
    await page.getByLabel("Also end the session I am using").check();
    await expect(page.getByRole("alertdialog")).toContainText(
      "2 sessions of 2 people end at once, including the one you",
    );
    await page.getByLabel("Type “everyone” to confirm").fill("everyone");
    await page.getByRole("button", { name: "End all sessions" }).click();
    await expect(page).toHaveURL("/login?notice=session-ended");
  });

  for (const context of contexts) await context.close();
});

test("ending one's own session with a request that was sent twice is not said to have changed nothing", async ({
  administrator: _,
  arrange,
  page,
}) => {
  await arrange("loggedIn", await arrange("makeUser"));
  await page.goto("/sessions");
  await page.getByRole("button", { name: "End everyone’s sessions" }).click();
  await page.getByLabel("Also end the session I am using").check();
  await page.getByLabel("Type “everyone” to confirm").fill("everyone");
  await sendTwice(page, "/sessions");
  await page.getByRole("button", { name: "End all sessions" }).click();
  await expect(notices(page)).toContainText("Your session has ended.Nothing was changed now.");
});

test("asking how many sessions would end changes nothing, also if no answer comes", async ({
  administrator: _,
  page,
  noise,
}) => {
  noise.allow(/ERR_INTERNET_DISCONNECTED|Failed to fetch/);
  await page.goto("/sessions");
  await page.context().setOffline(true);
  await page.getByRole("button", { name: "End everyone’s sessions" }).click();
  await expect(notices(page)).toContainText("Gatehouse cannot be reached.Nothing was changed. Try again.");
  await page.context().setOffline(false);
});

test("without scripts the list is searched and paged", async ({
  administrator: _,
  arrange,
  browser,
  context,
  product,
}) => {
  for (let n = 0; n < 51; n += 1) {
    await arrange("loggedIn", await arrange("makeUser", { email: `person-${n}@example.org` }));
  }
  const plain = await browser.newContext({ baseURL: product.url, javaScriptEnabled: false });
  await plain.addCookies(await context.cookies());
  const page = await plain.newPage();
  await page.goto("/sessions");
  await expect(page.getByRole("row")).toHaveCount(51);
  const zone = await page
    .getByRole("time")
    .first()
    .evaluate((time) => getComputedStyle(time, "::after").content);
  expect(zone, "the server does not know the reader's").toBe('" UTC"');
  await page.getByRole("link", { name: "Older" }).click();
  await expect(page.getByRole("row")).toHaveCount(3);
  await page.getByLabel("Address or name").fill("ada@example.org");
  await page.getByRole("button", { name: "Find" }).click();
  await expect(page.getByRole("row")).toHaveCount(2);
  await plain.close();
});

test("a list that is reloaded after an action stays visible until the new one is there", async ({
  administrator: _,
  arrange,
  page,
}) => {
  const jane = await arrange("makeUser", { email: "jane@example.org" });
  await arrange("loggedIn", jane);
  await page.goto("/sessions");
  await page.evaluate(() => {
    const { body, documentElement } = document;
    new MutationObserver(() => {
      if (!document.querySelector("main table")) documentElement.dataset.listWasGone = "";
    }).observe(body, { childList: true, subtree: true });
  });
  await page.getByRole("button", { name: /^End the session of jane/ }).click();
  await page.getByRole("button", { name: "End session" }).click();
  await expect(row(page, /jane/)).toHaveCount(0);
  await expect(page.locator("html")).not.toHaveAttribute("data-list-was-gone");
});
