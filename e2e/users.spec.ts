import type { Page } from "@playwright/test";
import { holdRequests } from "./fixtures/held-requests";
import { openBeforeScripts, untilScriptsAnswer } from "./fixtures/late-scripts";
import { listen } from "./fixtures/quiet";
import { expect, test } from "./fixtures/test";
import { ActivationPage } from "./pages/activation-page";
import { LoginPage } from "./pages/login-page";

const EMAIL = "grace@example.org";
const PASSWORD = "a gate, a house, a lamp";

/** The sentence at the top of an account's page that says whether its owner can log in. */
const sentence = (page: Page, text: RegExp) => page.getByRole("main").getByText(text);
const notices = (page: Page) => page.getByRole("region", { name: "Notices" });

test("a person's account, from the invitation to its end", async ({
  page,
  administrator,
  arrange,
  browser,
}) => {
  const theirs = await browser.newContext({ locale: "en-US", timezoneId: "UTC" });
  const reports = await listen(theirs);
  const person = await theirs.newPage();
  const origin = await test.step("the list offers to invite", async () => {
    await page.goto("/users");
    await expect(page.getByRole("link", { name: administrator.email })).toBeVisible();
    await page.getByRole("link", { name: "Invite user" }).click();
    return new URL(page.url()).origin;
  });

  const first = await test.step("an invitation gives a link, this once", async () => {
    await page.getByLabel("E-mail").fill("grace@");
    await page.getByRole("button", { name: "Invite user" }).click();
    await expect(page.getByText("Enter one e-mail address")).toBeVisible();
    await page.getByLabel("E-mail").fill(EMAIL);
    await page.getByLabel("First name").fill("Grace");
    await page.getByRole("radio", { name: "System administrator" }).check();
    // Without a mail server there is nothing to choose here.
    await expect(page.getByLabel("Send the activation link by mail")).toBeDisabled();
    await page.getByRole("button", { name: "Invite user" }).click();
    const title = page.getByRole("heading", { name: `${EMAIL} is invited` });
    await expect(title, "the focused form is gone").toBeFocused();
    return page.getByRole("textbox", { name: "Activation link" }).inputValue();
  });

  const link =
    await test.step("the account says that it waits for its person, and copies another", async () => {
      await page.getByRole("button", { name: "Invite another" }).click();
      await expect(page.getByLabel("E-mail")).toBeFocused();
      await page.getByLabel("E-mail").fill(EMAIL.toUpperCase());
      await page.getByRole("button", { name: "Invite user" }).click();
      const taken = page.getByText("An account with this address already exists.");
      await expect(taken).toBeVisible();
      await page.getByLabel("E-mail").fill("someone.else@example.org");
      await expect(taken).toHaveCount(0);
      await expect(page.getByLabel("E-mail")).toHaveAccessibleErrorMessage("");
      await page.getByLabel("E-mail").fill(EMAIL);
      await page.getByRole("button", { name: "Invite user" }).click();
      await page.getByRole("link", { name: "Find the account in Users" }).click();
      await page.getByRole("link", { name: EMAIL }).click();
      await expect(sentence(page, /cannot log in until a password is chosen/)).toBeVisible();
      await expect(page).toHaveTitle("Grace · Gatehouse");
      await page.getByRole("button", { name: "Copy activation link" }).click();
      const copied = await page.getByRole("textbox", { name: "New activation link" }).inputValue();
      await page.getByRole("button", { name: "Done" }).click();
      // Without a mail server there is nothing to send.
      await expect(page.getByRole("button", { name: /^Send/ })).toHaveCount(0);
      await person.goto(first);
      await expect(person).toHaveURL(/\/link-expired/);
      return copied;
    });

  await test.step("the person activates it in another browser, and logs in there", async () => {
    await person.goto(link);
    await new ActivationPage(person).choose(PASSWORD);
    await person.waitForURL(/\/login\?/);
    await new LoginPage(person).logIn(EMAIL, PASSWORD);
    await person.waitForURL((url) => url.pathname !== "/login");
    await person.goto(`${origin}/users`);
    await expect(person.getByRole("heading", { name: "Users" })).toBeVisible();
    await page.reload();
    await expect(sentence(page, /Nothing about this account prevents grace@example.org/)).toBeVisible();
    await expect(page.getByRole("region", { name: "Login attempts" })).toContainText("Logged in");
  });

  await test.step("wrong passwords lock it; the page says so, and unlocks it", async () => {
    const from = { kind: "anonymous", address: "203.0.113.7", userAgent: "", requestId: "" } as const;
    for (let i = 0; i < 5; i += 1)
      await arrange("logIn", from, { email: EMAIL, password: "not the password", kind: "BROWSER" });
    await page.reload();
    await expect(sentence(page, /cannot log in until .*: too many wrong passwords locked/)).toBeVisible();
    await expect(page.getByRole("region", { name: "Account" })).toContainText(/5 wrong .* 203\.0\.113\.7/);
    await expect(page.getByRole("region", { name: "Login attempts" })).toContainText("the 5th in a row");
    await page.getByRole("button", { name: "Unlock" }).click();
    await expect(notices(page)).toContainText("Unlocked");
    await expect(sentence(page, /Nothing about this account prevents/)).toBeVisible();
  });

  await test.step("another link makes the one before it useless", async () => {
    await page.getByRole("button", { name: "Copy reset link" }).click();
    const first = await page.getByRole("textbox", { name: "New reset link" }).inputValue();
    await page.getByRole("button", { name: "Done" }).click();
    await page.getByRole("button", { name: "Copy reset link" }).click();
    await expect(page.getByRole("textbox", { name: "New reset link" })).not.toHaveValue(first);
    await page.getByRole("button", { name: "Done" }).click();
    const other = await browser.newPage();
    await other.goto(first);
    await expect(other).toHaveURL(/\/link-expired/);
    await other.close();
  });

  await test.step("disabling asks first, and ends the session at once", async () => {
    await page.getByRole("button", { name: "Disable" }).click();
    await expect(page.getByRole("alertdialog")).toContainText("The one live session ends at once.");
    await page.getByRole("button", { name: "Disable account" }).click();
    await expect(sentence(page, /an administrator disabled the account/)).toBeVisible();
    await person.goto(`${origin}/users`);
    await expect(person).toHaveURL(/\/login/);
    await page.goto("/users?state=disabled");
    await expect(page.getByRole("link", { name: EMAIL })).toBeVisible();
  });

  await test.step("a change on a stale page is refused in words", async () => {
    await page.getByRole("link", { name: EMAIL }).click();
    // Waits for the navigation, so that `page.url()` below is the account's address.
    await expect(page.getByRole("button", { name: "Enable" })).toBeVisible();
    const second = await page.context().newPage();
    await second.goto(page.url());
    await page.getByRole("button", { name: "Enable" }).click();
    await expect(sentence(page, /Nothing about this account prevents/)).toBeVisible();
    await second.getByRole("button", { name: "Enable" }).click();
    await expect(notices(second)).toContainText("This account has changed in the meantime");
    await expect(sentence(second, /Nothing about this account prevents/)).toBeVisible();
    await second.close();
  });

  await test.step("deleting asks for the address", async () => {
    const address = page.url();
    await page.getByRole("button", { name: "Delete" }).click();
    const dialog = page.getByRole("alertdialog");
    await dialog.getByRole("textbox").fill("somebody@example.org");
    await dialog.getByRole("button", { name: "Delete account" }).click();
    await expect(dialog).toContainText(`Type ${EMAIL} to delete this account.`);
    await expect(dialog.getByRole("textbox")).toBeFocused();
    await dialog.getByRole("textbox").fill(EMAIL);
    await expect(dialog).not.toContainText(`Type ${EMAIL} to delete this account.`);
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Delete" }).click();
    await expect(dialog.getByRole("textbox"), "each deletion is confirmed by itself").toHaveValue("");
    await dialog.getByRole("textbox").fill(EMAIL);
    await dialog.getByRole("button", { name: "Delete account" }).click();
    await expect(page).toHaveURL(`${origin}/users`);
    await expect(page.getByRole("link", { name: administrator.email })).toBeVisible();
    await expect(page.getByRole("link", { name: EMAIL })).toHaveCount(0);
    const answer = await page.request.get(address);
    expect(answer.status()).toBe(404);
  });

  expect(reports).toEqual([]);
  await theirs.close();
});

test("a name and an address are edited, and what is wrong is said beside it", async ({
  page,
  administrator,
  arrange,
  sql,
}) => {
  const { id, email } = await arrange("makeUser", { email: "ada@example.com" });
  await page.goto(`/users/${id}`);
  await page.getByRole("button", { name: "Edit name and e-mail" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("E-mail")).toHaveValue(email);

  await dialog.getByLabel("E-mail").fill("ada@");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText("Enter one e-mail address, like ops@example.org.")).toBeVisible();
  await expect(dialog.getByLabel("E-mail")).toBeFocused();
  await dialog.getByLabel("E-mail").fill(administrator.email.toUpperCase());
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText("Another account already has this address.")).toBeVisible();
  await dialog.getByLabel("E-mail").fill("ada.king@example.com");
  await expect(dialog.getByText("Another account already has this address.")).toHaveCount(0);
  await dialog.getByLabel("Last name").fill("King & <b>Lovelace</b>");
  await expect(dialog.getByText("Both addresses are notified")).toBeVisible();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(notices(page)).toContainText("The account’s address is ada.king@example.com.");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Ada King & <b>Lovelace</b>");
  await expect(
    page.getByRole("region", { name: "Mail", exact: true }).getByText("E-mail address changed"),
  ).toHaveCount(2);

  await test.step("who began from what is no more is told, and need not save", async () => {
    await page.getByRole("button", { name: "Edit name and e-mail" }).click();
    await sql("UPDATE users SET first_name = 'Augusta' WHERE id = $1", id);
    await dialog.getByLabel("First name").fill("Lady Ada");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(dialog).toContainText("Stored by now: first name “Augusta”. Nothing was saved.");
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Augusta King & <b>Lovelace</b>");
  });

  await test.step("the log of all its addresses says what became of it", async () => {
    await page.getByRole("link", { name: "All events with this address or an earlier one" }).click();
    await expect(page.getByLabel("Person")).toHaveValue(`"ada.king@example.com" "${email}"`);
    await expect(page.getByText(`Only events of "ada.king@example.com" or "${email}"`)).toBeVisible();
    await expect(page.getByText(/changed the address of/)).toContainText(
      `${administrator.email} changed the address of ${email} to ada.king@example.com`,
    );
  });
});

test("what somebody else has changed is not undone, even if the page shows it while the dialog is open", async ({
  page,
  administrator: _,
  arrange,
  sql,
}) => {
  const { id } = await arrange("makeUser", { firstName: "Ada", lastName: "Byron", lockedAt: new Date() });
  const dialog = page.getByRole("dialog");
  await page.goto(`/users/${id}`);

  await test.step("another name", async () => {
    const release = await holdRequests(page, /_rsc=/);
    await page.getByRole("button", { name: "Unlock" }).click();
    await expect(notices(page)).toContainText("Unlocked.");
    await page.getByRole("button", { name: "Edit name and e-mail" }).click();
    await dialog.getByLabel("First name").fill("Augusta");
    await sql("UPDATE users SET last_name = 'King' WHERE id = $1", id);
    release();
    await expect(page.locator("h1")).toHaveText("Ada King");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(dialog).toContainText("This account has changed in the meantime");
    await expect(dialog).toContainText("Stored by now: last name “King”. Nothing was saved.");
    await expect(dialog.getByLabel("First name")).toHaveValue("Augusta");
    await expect(dialog.getByLabel("Last name")).toHaveValue("King");
    await sql("UPDATE users SET first_name = 'Adah', last_name = '' WHERE id = $1", id);
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(dialog).toContainText("Stored by now: first name “Adah”, no last name.");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(page.locator("h1"), "only what was typed is put in the place of theirs").toHaveText(
      "Augusta",
    );
  });

  await test.step("another authority", async () => {
    await sql("UPDATE users SET authority = 'SYS_ADMIN' WHERE id = $1", id);
    await page.getByRole("button", { name: "Change authority" }).click();
    await dialog.getByRole("radio", { name: "Tenant administrator" }).check();
    await dialog.getByRole("button", { name: "Change authority" }).click();
    await expect(notices(page)).toContainText("This account has changed in the meantime");
    await expect(page.getByRole("main")).toContainText("System administrator");
  });

  expect(await sql("SELECT first_name, last_name, authority FROM users WHERE id = $1", id)).toEqual([
    { first_name: "Augusta", last_name: "", authority: "SYS_ADMIN" },
  ]);
});

test("a notice names the address that the account has by then", async ({
  page,
  administrator: _,
  arrange,
  sql,
}) => {
  const { id } = await arrange("makeUser", { lockedAt: new Date(), email: "old@example.org" });
  const move = (email: string) => sql("UPDATE users SET email = $2, email_key = $2 WHERE id = $1", id, email);
  await page.goto(`/users/${id}`);
  await move("one@example.org");
  await page.getByRole("button", { name: "Unlock" }).click();
  await expect(notices(page)).toContainText("Unlocked. one@example.org can try again at once.");
  await expect(page.getByRole("main")).toContainText("one@example.org");

  await page.getByRole("button", { name: "Change authority" }).click();
  await page.getByRole("radio", { name: "Tenant administrator" }).check();
  await move("two@example.org");
  await page.keyboard.press("Enter");
  await expect(notices(page)).toContainText("two@example.org is now a tenant administrator.");
  await expect(page.getByRole("main")).toContainText("two@example.org");

  await page.getByRole("button", { name: "Disable" }).click();
  await move("three@example.org");
  await page.getByRole("button", { name: "Disable account" }).click();
  await expect(notices(page)).toContainText("Disabled. three@example.org is logged out");
});

test("a link is said to go where it goes, and to wait where nothing is sent by then", async ({
  page,
  administrator: _,
  arrange,
  sql,
}) => {
  const { id } = await arrange("makeUser", { state: "INVITED" });
  const send = page.getByRole("button", { name: "Send activation link" });
  await arrange("useMailServer", {});
  await page.goto(`/users/${id}`);
  await sql("UPDATE users SET email = 'ada.king@example.com' WHERE id = $1", id);
  await send.click();
  await expect(notices(page)).toContainText("An activation link is on its way to ada.king@example.com.");
  await expect(send, "the page has been refreshed").not.toHaveAttribute("aria-busy");
  await arrange("useMailServer", { host: null });
  await send.click();
  await expect(notices(page)).toContainText("waits in the outbox for ada.king@example.com");
  await expect(send).toHaveCount(0);

  await arrange("useMailServer", {});
  await page.goto("/users/new");
  await arrange("useMailServer", { host: null });
  await page.getByLabel("E-mail").fill("late@example.org");
  await page.getByRole("button", { name: "Invite user" }).click();
  await expect(page.getByText("the mail waits in the outbox. Copy the link")).toBeVisible();
});

test("a link that is shown once outlasts a connection that is lost right after it was made", async ({
  page,
  administrator: _,
  arrange,
  noise,
}) => {
  noise.allow(/ERR_FAILED|Failed to fetch/);
  const { id } = await arrange("makeUser", { state: "INVITED" });
  const copy = page.getByRole("button", { name: "Copy activation link" });
  await page.goto(`/users/${id}`);
  const lost = page.waitForEvent("requestfailed");
  await page.route(/_rsc=|api.health/, (route) => route.abort());
  await copy.click();
  await lost;
  await expect(page.getByRole("textbox", { name: "New activation link" })).toHaveValue(/activate\?token=/);
  await page.getByRole("button", { name: "Done" }).click();
  await expect(copy, "the page does not show the link yet").toHaveAttribute("aria-busy", "true");
  await page.unrouteAll();
  await expect(copy).not.toHaveAttribute("aria-busy");
});

const losses = {
  lost: (route) => route.abort(),
  "a proxy’s": (route) =>
    route.fulfill({ status: 502, contentType: "text/html", body: "<h1>Bad Gateway</h1>" }),
} satisfies Record<string, Parameters<Page["route"]>[1]>;

for (const [what, lose] of Object.entries(losses)) {
  test(`an invitation’s link, shown once, outlasts a refresh whose answer is ${what}`, async ({
    page,
    administrator: _,
    noise,
  }) => {
    noise.allow(/ERR_FAILED|502/);
    await page.goto("/users/new");
    await page.getByLabel("E-mail").fill(EMAIL);
    await page.route(/_rsc=/, lose, { times: 1 });
    const refreshed = page.waitForResponse((answer) => answer.url().includes("_rsc=") && answer.ok());
    await page.getByRole("button", { name: "Invite user" }).click();
    await refreshed;
    await expect(page.getByRole("textbox", { name: "Activation link" })).toHaveValue(/activate\?token=/);
  });
}

test("a change is shown behind a proxy that keeps the health check from browsers", async ({
  page,
  administrator: _,
  arrange,
  noise,
}) => {
  noise.allow(/403/);
  const { id } = await arrange("makeUser");
  await page.goto(`/users/${id}`);
  await page.route("/api/health", (route) => route.fulfill({ status: 403, body: "Forbidden" }));
  await page.getByRole("button", { name: "Disable" }).click();
  await page.getByRole("button", { name: "Disable account" }).click();
  await expect(page.getByRole("button", { name: "Enable" })).toBeEnabled();
});

test("an edit that gets no answer keeps what was typed", async ({
  page,
  administrator: _,
  arrange,
  noise,
}) => {
  noise.allow(/ERR_FAILED/);
  const { id } = await arrange("makeUser", { state: "ACTIVE" });
  const dialog = page.getByRole("dialog");
  await page.goto(`/users/${id}`);
  await page.getByRole("button", { name: "Edit name and e-mail" }).click();
  await dialog.getByLabel("Last name").fill("Lovelace-King");
  await page.route(`/users/${id}`, (route) => route.abort());
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toContainText("Gatehouse cannot be reached");
  await expect(dialog).toContainText("What you entered is still here");
  await expect(dialog.getByLabel("Last name")).toHaveValue("Lovelace-King");
  await page.unroute(`/users/${id}`);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Lovelace-King");
});

test("an edit that is refused after its dialog was closed is said to have failed", async ({
  page,
  administrator,
  arrange,
}) => {
  const { id } = await arrange("makeUser", { state: "ACTIVE" });
  const dialog = page.getByRole("dialog");
  const edit = page.getByRole("button", { name: "Edit name and e-mail" });
  await page.goto(`/users/${id}`);
  await edit.click();
  await dialog.getByLabel("E-mail").fill(administrator.email);
  const release = await holdRequests(page, `/users/${id}`);
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  // An edit that began now would get the answer to this one.
  await expect(edit).toBeFocused();
  await page.keyboard.press("Enter");
  release();
  await expect(notices(page)).toContainText("Nothing was changed.");
  await expect(dialog).toHaveCount(0);
});

test("selecting text beyond the edge of a dialog leaves it open", async ({
  page,
  administrator: _,
  arrange,
}) => {
  const { id } = await arrange("makeUser", { state: "ACTIVE" });
  const dialog = page.getByRole("dialog");
  await page.goto(`/users/${id}`);
  await page.getByRole("button", { name: "Edit name and e-mail" }).click();
  const lastName = dialog.getByLabel("Last name");
  await lastName.fill("Lovelace-King");
  await lastName.hover();
  await page.mouse.down();
  await page.mouse.move(10, 10);
  await page.mouse.up();
  await expect(lastName).toHaveValue("Lovelace-King");
  await page.mouse.click(10, 10);
  await expect(dialog).toHaveCount(0);
});

test("a deletion is said to be done even before the next page is there", async ({
  page,
  administrator: _,
  arrange,
}) => {
  const { id, email } = await arrange("makeUser", { state: "ACTIVE" });
  const dialog = page.getByRole("alertdialog");
  await page.goto(`/users/${id}`);
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await dialog.getByLabel(`Type ${email} to confirm`).fill(email);
  const release = await holdRequests(page, (url) => url.searchParams.has("_rsc"));
  await dialog.getByRole("button", { name: "Delete account" }).click();
  await expect(notices(page)).toContainText(`Deleted. ${email}`);
  await expect(dialog).toHaveCount(0);
  release();
  await expect(page).toHaveURL("/users");
});

test("an answer that comes after its page was left is told, and changes nothing on the next page", async ({
  page,
  administrator,
  arrange,
}) => {
  const [gone, other] = [await arrange("makeUser", {}), await arrange("makeUser", {})];
  await page.goto(`/users?search=${other.email}`);
  await page.getByRole("link", { name: other.email }).click();

  await test.step("a refused edit, beside the edit of another account", async () => {
    const dialog = page.getByRole("dialog");
    const edit = page.getByRole("button", { name: "Edit name and e-mail" });
    await edit.click();
    await dialog.getByLabel("E-mail").fill(administrator.email);
    const release = await holdRequests(page, `/users/${other.id}`);
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.keyboard.press("Escape");
    await page.getByRole("link", { name: "All users" }).click();
    await page.getByRole("link", { name: gone.email }).click();
    await expect(page).toHaveURL(`/users/${gone.id}`);
    await edit.click();
    release();
    await expect(notices(page)).toContainText("Nothing was changed.");
    await page.keyboard.press("Escape");
  });

  await test.step("a deletion, beside unsaved changes", async () => {
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    const dialog = page.getByRole("alertdialog");
    await dialog.getByRole("textbox").fill(gone.email);
    const release = await holdRequests(page, `/users/${gone.id}`);
    await dialog.getByRole("button", { name: "Delete account" }).click();
    await page.keyboard.press("Escape");
    await page.getByRole("link", { name: "Security settings" }).click();
    const field = page.getByRole("textbox", { name: "Mobile secret key length" });
    await field.fill("77");
    release();
    await expect(notices(page)).toContainText(`Deleted. ${gone.email}`);
    // Actions are answered in turn, and after a navigation that began before.
    await page.getByRole("button", { name: "Generate key" }).click();
    await expect(page.getByText("New key, 512 bits.")).toBeVisible();
    await expect(field).toHaveValue("77");
  });
});

test("an invitation that is answered after its form was left is told", async ({ page, administrator }) => {
  for (const [email, notice] of [
    [administrator.email, "Nothing was changed."],
    [EMAIL, `${EMAIL} is invited.`],
  ] as const) {
    await page.goto("/users/new");
    await page.getByLabel("E-mail").fill(email);
    const release = await holdRequests(page, "/users/new");
    await page.getByRole("button", { name: "Invite user" }).click();
    await page.getByRole("link", { name: "All users" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Users", exact: true })).toBeVisible();
    release();
    await expect(notices(page)).toContainText(notice);
    await page.unroute("/users/new");
  }
  await expect(page.getByRole("rowheader", { name: EMAIL })).toBeVisible();
});

test("one's own change is not taken for somebody else's while the page does not show it yet", async ({
  page,
  administrator: _,
  arrange,
}) => {
  const { id } = await arrange("makeUser", { state: "ACTIVE" });
  const dialog = page.getByRole("dialog");
  const edit = page.getByRole("button", { name: "Edit name and e-mail" });
  await page.goto(`/users/${id}`);
  await edit.click();
  await dialog.getByLabel("First name").fill("Ada");
  const release = await holdRequests(page, /_rsc=/);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(notices(page)).toContainText("Saved.");
  await expect(edit).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(dialog).toHaveCount(0);
  release();
  await expect(page.locator("h1")).toContainText("Ada");
  await edit.click();
  await expect(dialog.getByLabel("First name")).toHaveValue("Ada");
  await dialog.getByLabel("Last name").fill("King");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.locator("h1")).toHaveText("Ada King");

  const authority = page.getByRole("button", { name: "Change authority" });
  await authority.click();
  await dialog.getByRole("radio", { name: "Tenant administrator" }).check();
  const releaseAgain = await holdRequests(page, /_rsc=/);
  await page.keyboard.press("Enter");
  await expect(notices(page)).toContainText("is now a tenant administrator.");
  await expect(authority).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(dialog).toHaveCount(0);
  releaseAgain();
  await expect(page.getByRole("region", { name: "Account" })).toContainText("Tenant administrator");
});

test("going back from an invitation leads to a list with the new account", async ({
  page,
  administrator: _,
}) => {
  await page.goto("/users");
  await page.getByRole("link", { name: "Invite user" }).click();
  await page.getByLabel("E-mail").fill(EMAIL);
  const refreshed = page.waitForResponse(/\/users\/new\?.*_rsc=/);
  await page.getByRole("button", { name: "Invite user" }).click();
  await refreshed;
  await expect(page.getByRole("textbox", { name: "Activation link" })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("link", { name: EMAIL })).toBeVisible();
});

test("the page of an account brings a browser no more of its login attempts than it shows", async ({
  administrator: _,
  page,
  arrange,
  sql,
}) => {
  const { id, email } = await arrange("makeUser");
  await page.request.post("/api/auth/login", { data: { username: email, password: "wrong" } });
  const attempts = await sql<{ request: string }>(
    "SELECT request_id AS request FROM audit_events WHERE subject_email = $1",
    email,
  );
  const shown = await (await page.request.get(`/users/${id}`)).text();
  expect(shown).toContain("Wrong password");
  for (const { request } of attempts) expect(shown).not.toContain(request);
  expect(attempts).toHaveLength(1);
});

test("one's own account is protected, and says so", async ({ page, administrator }) => {
  await page.goto(`/users?search=${administrator.email}`);
  await page.getByRole("link", { name: administrator.email }).click();
  await expect(page.getByText("This is your own account")).toHaveCount(3);
  for (const name of ["Change authority", "Disable", "Delete"]) {
    const button = page.getByRole("button", { name, exact: true });
    await expect(button).toBeDisabled();
    await expect(button).toHaveAccessibleDescription(/^This is your own account\. /);
  }
  await expect(page.getByRole("link", { name: "All events with this address" })).toHaveAttribute(
    "href",
    `/audit?${new URLSearchParams({ person: `"${administrator.email}"` })}`,
  );
  await expect(page.getByRole("link", { name: "all failed logins" })).toHaveAttribute(
    "href",
    "/audit?kind=login-failed",
  );
});

test("the notice of a change makes way for that of the next one", async ({
  page,
  administrator: _,
  arrange,
}) => {
  const { id } = await arrange("makeUser", { state: "DISABLED" });
  await page.goto(`/users/${id}`);
  await page.getByRole("button", { name: "Enable" }).click();
  await expect(notices(page)).toContainText("Enabled.");
  await page.getByRole("button", { name: "Disable" }).click();
  await page.getByRole("button", { name: "Disable account" }).click();
  await expect(notices(page)).toContainText("Disabled.");
  // Not `expect(locator)`, which would wait until the first notice goes by itself.
  expect(await notices(page).textContent()).not.toContain("Enabled.");
});

test("by keyboard the choice of an authority begins at the one in force", async ({
  page,
  administrator: _,
  arrange,
}) => {
  const { id, email } = await arrange("makeUser", { authority: "CUSTOMER_USER" });
  await page.goto(`/users/${id}`);
  await page.getByRole("button", { name: "Change authority" }).press("Enter");
  await expect(page.getByRole("radio", { name: "Customer user" })).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await expect(notices(page)).toContainText(`${email} is now a tenant administrator.`);
  await expect(page.getByRole("button", { name: "Change authority" })).toBeFocused();
});

test("a notice about a long address stays in the window, and can be dismissed", async ({
  page,
  administrator: _,
  arrange,
}) => {
  const email = `${"operations".repeat(6)}@${"subdomain".repeat(6)}.org`;
  const { id } = await arrange("makeUser", { email });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`/users/${id}`);
  await page.getByRole("button", { name: "Change authority" }).click();
  await page.getByRole("radio", { name: "Tenant administrator" }).check();
  await page.getByRole("dialog").getByRole("button", { name: "Change authority" }).click();
  await expect(notices(page)).toContainText(`${email} is now a tenant administrator.`);
  const dismiss = notices(page).getByRole("button", { name: "Dismiss" });
  await expect(dismiss).toBeInViewport({ ratio: 1 });
  await expect(notices(page)).toHaveAttribute("aria-live", "polite");
  await dismiss.click();
  await expect(notices(page)).toBeEmpty();
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("the list can be searched, filtered, ordered and paged", async ({
    page,
    administrator,
    arrange,
    noise,
    sql,
  }) => {
    // With scripts disabled, the browser reports each script as a failed request.
    noise.allow(/\(csp\)$/);
    for (let i = 10; i < 65; i += 1) await arrange("makeUser", { email: `person-${i}@example.com` });
    await arrange("makeUser", { email: "100%_sure@example.com", state: "INVITED" });
    await page.goto("/users");
    await expect(page.getByRole("rowheader", { name: administrator.email })).toBeVisible();
    await page.getByLabel("Address or name").fill("PERSON-");
    await page.getByLabel("Order").selectOption("Newest first");
    await page.getByRole("button", { name: "Find" }).click();
    await expect(page.getByRole("row")).toHaveCount(51);
    await page.getByRole("link", { name: "Next" }).click();
    await expect(page.getByRole("row")).toHaveCount(6);
    await expect(page.getByLabel("Address or name")).toHaveValue("PERSON-");
    // As if somebody else had deleted these meanwhile.
    await sql("DELETE FROM users WHERE email LIKE 'person-1%' AND email < 'person-15'");
    await page.reload();
    await expect(page.getByRole("heading", { name: "No more users" })).toBeVisible();
    await page.getByRole("link", { name: "Back to the first" }).click();
    await expect(page.getByRole("row")).toHaveCount(51);
    await page.getByLabel("Address or name").fill("%_");
    await page.getByLabel("State").selectOption("Invited");
    await page.getByRole("button", { name: "Find" }).click();
    await expect(page.getByRole("row")).toHaveCount(2);
    await page.getByLabel("Address or name").fill("nobody");
    await page.getByRole("button", { name: "Find" }).click();
    await expect(page.getByRole("heading", { name: "Nobody matches" })).toBeVisible();
    await expect(
      page.getByText("Try a shorter part of the address or name, or another state."),
    ).toBeVisible();
    await expect(page.getByRole("link", { name: "audit log" })).toHaveAttribute(
      "href",
      "/audit?person=nobody",
    );
    await page.getByLabel("Address or name").fill("zz");
    await page.getByRole("button", { name: "Find" }).click();
    await expect(page.getByText("One or two letters match only at the beginning")).toBeVisible();
    await page.goto("/users");
    await page.getByLabel("Authority").selectOption("System administrator");
    await page.getByRole("button", { name: "Find" }).click();
    await expect(page.getByRole("rowheader", { name: /person-/ })).toHaveCount(0);
    await expect(page.getByRole("rowheader", { name: administrator.email })).toBeVisible();
    await page.getByLabel("State").selectOption("Disabled");
    await page.getByRole("button", { name: "Find" }).click();
    await expect(page.getByText("Try another state or authority, or show everyone.")).toBeVisible();
    await expect(page.getByLabel("Authority")).toHaveValue("SYS_ADMIN");
  });
});

test("an address that names no account has no page", async ({ page, administrator: _, noise }) => {
  noise.allow(/404/);
  for (const path of ["/users/nobody", "/users/018f0000-0000-7000-8000-000000000000", "/users/%00"]) {
    const answer = await page.goto(path);
    expect(answer?.status(), path).toBe(404);
    await page.getByRole("link", { name: "which accounts were deleted" }).click();
    await expect(page).toHaveURL("/audit?kind=account-deleted");
  }
});

test("whoever is typed in before the page's scripts are there is invited all the same", async ({
  administrator: _,
  arrange,
  page,
  sql,
}) => {
  await arrange("useMailServer", {});
  const releaseScripts = await openBeforeScripts(page, "/users/new");
  await page.getByLabel("E-mail", { exact: true }).fill("early@example.org");
  await page.getByRole("radio", { name: "Tenant administrator" }).check();
  await page.getByLabel("Send the activation link by mail").uncheck();
  releaseScripts();
  await untilScriptsAnswer(page);
  await page.getByRole("button", { name: "Invite user" }).click();
  await expect(page.getByRole("heading", { name: "early@example.org is invited" })).toBeVisible();
  await expect(page.getByText("Nothing was mailed.")).toBeVisible();
  const [invited] = await sql("SELECT authority FROM users WHERE email = 'early@example.org'");
  expect(invited).toEqual({ authority: "TENANT_ADMIN" });
});
