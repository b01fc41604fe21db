import type { Locator } from "@playwright/test";
import { MARK_CID, markDataUrl } from "@/lib/mail/templates/mark";
import { renderLetter } from "@/lib/mail/templates/render";
import { sampleValues } from "@/lib/mail/templates/samples";
import { PHONE } from "./fixtures/accessible";
import { holdRequests } from "./fixtures/held-requests";
import { openBeforeScripts, untilScriptsAnswer } from "./fixtures/late-scripts";
import { expect, test } from "./fixtures/mailbox";
import { LoginPage } from "./pages/login-page";

test("a mail server is set up, tried, and then carries what waited", async ({
  page,
  browser,
  administrator,
  arrange,
  smtp,
  product,
}) => {
  test.slow();
  const owner = await arrange("makeUser", {});

  await test.step("without one, mails wait and the console says so", async () => {
    const stranger = { kind: "anonymous", address: "203.0.113.7", userAgent: "", requestId: "" } as const;
    for (let i = 0; i < 5; i += 1)
      await arrange("logIn", stranger, { email: owner.email, password: "wrong", kind: "BROWSER" });
    await page.goto("/mail");
    await expect(page.getByText("1 message waits in the outbox")).toBeVisible();
    await expect(page.getByText("Waiting for a mail server")).toBeVisible();
    await expect(page.getByRole("button", { name: /Resend/ })).toHaveCount(0);
    await page.getByRole("row").getByRole("link", { name: owner.email }).click();
    await expect(page).toHaveURL(`/users/${owner.id}`);
    await page.getByRole("link", { name: "All to this address" }).click();
    await expect(page.getByLabel("Recipient", { exact: true })).toHaveValue(`"${owner.email}"`);
    await page.getByRole("link", { name: "Set up a mail server" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Mail settings" })).toBeVisible();
    await expect(page.getByRole("button", { name: "Send test mail" })).toBeDisabled();
  });

  await test.step("what is wrong is named, and not saved", async () => {
    await page.getByLabel("Server", { exact: true }).fill("127.0.0.1:25 or so");
    await page.getByLabel("Password", { exact: true }).fill("canary");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("Not saved: 2 fields need attention")).toBeVisible();
    await expect(page.getByRole("link", { name: /without a port/ })).toBeVisible();
    await page.getByRole("button", { name: "Undo" }).click();
  });

  await test.step("saved, it carries what waited", async () => {
    await page.getByLabel("Server", { exact: true }).fill("127.0.0.1");
    await page.getByLabel("Port").fill(String(smtp.port));
    await page.getByLabel("Encryption").selectOption("none");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("Saved. In effect now.")).toBeVisible();
    await expect(page.getByText("No mail server is set up")).toBeHidden();
    await expect.poll(() => smtp.mails.map(({ to }) => to.join())).toEqual([owner.email]);
  });

  await test.step("its link unlocks the account", async () => {
    const link = /http:\S+\/unlock\?token=\S+/.exec(smtp.mails[0]?.parsed.text ?? "")?.[0] ?? "";
    const theirs = await browser.newPage({ baseURL: product.url });
    await theirs.goto(link);
    await theirs.getByRole("button", { name: /unlock/i }).click();
    await expect(theirs).toHaveURL(/notice=unlocked/);
    const login = new LoginPage(theirs);
    await login.open();
    await login.logIn(owner.email, owner.password);
    await expect(theirs).not.toHaveURL(/\/login/);
    await theirs.close();
  });

  await test.step("a test mail shows the server's own answer", async () => {
    await page.getByRole("button", { name: "Send test mail" }).click();
    await expect(page.getByText(`The mail server has accepted it for ${administrator.email}`)).toBeVisible();
    await expect(page.getByText(/^250 /)).toBeVisible();
    smtp.onRecipient = () => 550;
    await page.getByLabel("Recipient").fill("gone");
    await page.getByRole("button", { name: "Send test mail" }).click();
    await expect(page.getByLabel("Recipient")).toBeFocused();
    await expect(page.getByLabel("Recipient")).toHaveAccessibleDescription(/Enter one e-mail address/);
    await page.getByLabel("Recipient").fill("gone@example.org");
    await expect(page.getByLabel("Recipient")).not.toHaveAttribute("aria-invalid");
    await page.getByRole("button", { name: "Send test mail" }).click();
    await expect(page.getByText("The test mail was not sent")).toBeVisible();
    await expect(page.getByText("550 no such mailbox here")).toBeVisible();
    await expect(page.getByText("Check the recipient’s address.")).toBeInViewport();
  });

  await test.step("what failed is sent again", async () => {
    smtp.onRecipient = () => null;
    await page.goto("/mail?state=FAILED");
    await page.getByRole("button", { name: "Resend to gone@example.org" }).click();
    await expect(page.getByText("Queued again for gone@example.org.")).toBeVisible();
    await expect(page.getByRole("heading", { name: "No failed messages" })).toBeVisible();
    await expect.poll(() => smtp.mails.at(-1)?.to).toEqual(["gone@example.org"]);
    await page.getByLabel("Recipient").fill("gone");
    await page.getByRole("button", { name: "Find" }).click();
    await expect(page).toHaveURL("/mail?state=FAILED&recipient=gone");
    const states = page.getByRole("navigation", { name: "Messages by state" });
    await states.getByRole("link", { name: "Sent" }).click();
    await expect(page).toHaveURL("/mail?state=SENT&recipient=gone");
    await expect(page.getByRole("row")).toHaveCount(2);
    await page.goto("/mail?state=SENT");
    await expect(page.getByRole("row")).toHaveCount(4);
    await expect(page.getByRole("button", { name: /Resend/ })).toHaveCount(0);
  });
});

test("an account's page says what else there is while the mail server does not accept a reset link", async ({
  administrator: _,
  page,
  arrange,
  smtp,
  sql,
}) => {
  smtp.onRecipient = () => 451;
  await arrange("useMailServer", { port: smtp.port });
  const { id } = await arrange("makeUser");
  const advice = page.getByText("somebody on the host can print one");
  await page.goto(`/users/${id}`);
  await page.getByRole("button", { name: "Send reset link" }).click();
  await expect
    .poll(() => sql("SELECT 1 FROM outbox_messages WHERE user_id = $1 AND last_answer LIKE '451%'", id))
    .toHaveLength(1);
  await page.reload();
  await expect(advice).toBeVisible();
  smtp.onRecipient = () => null;
  await page.goto("/mail");
  await page.getByRole("button", { name: "Resend" }).click();
  await expect
    .poll(() => sql("SELECT 1 FROM outbox_messages WHERE user_id = $1 AND state = 'SENT'", id))
    .toHaveLength(1);
  await page.goto(`/users/${id}`);
  await expect(page.locator("#mails").getByText("Sent")).toBeVisible();
  await expect(advice).toHaveCount(0);
});

test("a test mail goes to the recipient that was entered before the page's scripts were there", async ({
  administrator: _,
  page,
  arrange,
  smtp,
}) => {
  await arrange("useMailServer", { port: smtp.port });
  const releaseScripts = await openBeforeScripts(page, "/settings/mail");
  await page.getByLabel("Recipient").fill("early@example.org");
  releaseScripts();
  await untilScriptsAnswer(page);
  await page.getByRole("button", { name: "Send test mail" }).click();
  await expect(page.getByText("The mail server has accepted it for early@example.org")).toBeVisible();
});

test("a test mail names the server that another administrator has saved meanwhile, and the page then shows it", async ({
  administrator: _,
  page,
  arrange,
  smtp,
}) => {
  const { port } = smtp;
  const server = page.getByLabel("Server", { exact: true });
  const send = page.getByRole("button", { name: "Send test mail" });
  await arrange("useMailServer", { port });
  await page.goto("/settings/mail");
  await arrange("useMailServer", { host: "localhost", port });
  await send.click();
  await expect(
    page.getByText(`Delivery is now up to localhost on port ${port} and the servers`),
  ).toBeVisible();
  await expect(server).toHaveValue("localhost");

  await arrange("useMailServer", { host: null });
  await send.click();
  const missing = page.getByText("There is no mail server. Enter one above and save it first.");
  await expect(missing).toBeVisible();
  await expect(server).toHaveValue("");
  await expect(send).toBeDisabled();
  await expect(page.getByLabel("Recipient")).toBeFocused();
  await server.fill("localhost");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(send).toBeEnabled();
  await expect(missing).toHaveCount(0);
});

test("a mail tells whom it is about, what its server answered, and when it is tried next or that it is being sent", async ({
  administrator: _,
  arrange,
  page,
  sql,
}) => {
  const { id, email } = await arrange("makeUser", { email: "jane@example.org" });
  await arrange("useMailServer", {});
  const put = (recipient: string, state: string, attempts: number, answer: string | null) =>
    sql(
      `INSERT INTO outbox_messages (id, user_id, kind, recipient, message_id, state, attempts, last_answer,
         created_at, due_at, last_attempt_at, sent_at)
       SELECT gen_random_uuid(), $1::uuid, 'email-changed', $2, $2, $3::"OutboxState", $4::int, $5,
         now() - interval '1 minute' * $4::int, now() + interval '1 hour',
         CASE WHEN $4::int > 0 THEN now() END, CASE WHEN $3 = 'SENT' THEN now() END`,
      id,
      recipient,
      state,
      attempts,
      answer,
    );
  await put(email, "QUEUED", 0, null);
  await put("jane.before@example.org", "QUEUED", 1, "451 later\u202e");
  await put("jane.long.before@example.org", "SENT", 2, "250 OK");

  await page.goto("/mail");
  const [waiting, tried, sent] = [1, 2, 3].map((nth) => page.getByRole("row").nth(nth)) as [
    Locator,
    Locator,
    Locator,
  ];
  for (const row of [waiting, tried, sent])
    await expect(row.getByRole("link", { name: email })).toHaveAttribute("href", `/users/${id}`);
  await expect(waiting).not.toContainText(/About|Next attempt|Last tried/);
  await expect(tried).toContainText("About jane@example.org");
  await expect(tried).toContainText("451 later\\u{202E}");
  await expect(tried).toContainText(/Next attempt \d.*Last tried \d/);
  await expect(sent).toContainText(/250 OK.*Sent \d/);
  await expect(sent).not.toContainText(/Next attempt|Last tried/);

  await sql(
    `UPDATE outbox_messages SET sealed_payload = 'sealed',
       claimed_until = CASE WHEN attempts = 1 THEN now() + interval '1 minute' END WHERE state = 'QUEUED'`,
  );
  await page.reload();
  await expect(waiting.getByRole("button", { name: /Resend/ })).toBeVisible();
  await expect(tried).toContainText("Being sent right now");
  await expect(tried).not.toContainText(/Next attempt|Resend/);
});

test("a resend that gets no answer says so, on the page as it is", async ({
  administrator: _,
  page,
  sql,
  noise,
}) => {
  noise.allow(/ERR_FAILED|Failed to fetch/);
  await sql(
    `INSERT INTO outbox_messages (id, kind, recipient, message_id, sealed_payload, state, attempts, created_at, due_at)
     VALUES (gen_random_uuid(), 'test', 'jane@example.org', 'test', 'sealed', 'FAILED', 1, now(), now())`,
  );
  await page.goto("/mail");
  await page.route("**/mail*", (route) => route.abort());
  const notices = page.getByRole("region", { name: "Notices" });
  for (const shown of [1, 2]) {
    await page.getByRole("button", { name: "Resend to jane@example.org" }).click();
    await expect(notices.getByText("Gatehouse cannot be reached.")).toHaveCount(shown);
  }
  await page.unroute("**/mail*");
  await sql("UPDATE users SET authority = 'CUSTOMER_USER'");
  await page.getByRole("button", { name: "Resend to jane@example.org" }).click();
  await expect(notices, "the settings are not on this page").toContainText(
    "Not queued again.Only a system administrator can do this.",
  );
  await sql("UPDATE users SET authority = 'SYS_ADMIN'");
  await sql("DELETE FROM outbox_messages");
  await page.getByRole("button", { name: "Resend to jane@example.org" }).click();
  await expect(notices).toContainText("That message is no longer kept.");
});

test("the password of the mail server is set, replaced and removed, and never shown", async ({
  administrator: _,
  page,
}) => {
  await page.goto("/settings/mail");
  const field = page.locator("#password");
  const save = async () => {
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText(/unsaved change/)).toBeHidden();
  };
  await page.getByLabel("Server", { exact: true }).fill("smtp.example.org");
  await page.getByLabel("User name").fill("gatehouse");
  await expect(
    page.getByLabel("Password", { exact: true }),
    "which is none of the reader's own",
  ).toHaveAttribute("autocomplete", "new-password");
  await page.getByLabel("Password", { exact: true }).fill("canary one");
  await save();
  await expect(field.getByText("Set", { exact: true })).toBeVisible();
  await page.reload();
  expect(await page.content()).not.toContain("canary");

  await page.getByLabel("Server", { exact: true }).fill("smtp.example.net");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(field.getByText(/^Enter the password again, or remove it/)).toBeVisible();
  await field.getByRole("button", { name: "Replace" }).click();
  await page.getByLabel("Password", { exact: true }).fill("canary two");
  await save();
  await field.getByRole("button", { name: "Remove" }).click();
  await field.getByRole("button", { name: "Keep stored password" }).click();
  await expect(field.getByText("Set", { exact: true })).toBeVisible();
  await expect(page.getByText(/unsaved change/)).toBeHidden();
  await field.getByRole("button", { name: "Remove" }).click();
  await expect(field.getByText("Removed when you save")).toBeVisible();
  await save();
  await expect(field.getByText("Not set")).toBeVisible();
});

test("without scripts the mails are shown, and the console says what it lacks", async ({
  administrator,
  browser,
  context,
  product,
}) => {
  const plain = await browser.newContext({ baseURL: product.url, javaScriptEnabled: false });
  await plain.addCookies(await context.cookies());
  const page = await plain.newPage();
  await page.goto("/forgot-password");
  await page.getByLabel("E-mail").fill(administrator.email);
  await page.getByRole("button", { name: "Send link" }).click();
  const row = page.getByRole("row", { name: administrator.email });
  await expect(async () => {
    await page.goto("/mail?state=QUEUED");
    await expect(row).toBeVisible({ timeout: 1_000 });
  }).toPass();
  for (const address of ["/settings/security", "/settings/mail", "/users/new"]) {
    await page.goto(address);
    await expect(page.getByText("Scripts are off in this browser.")).toBeVisible();
  }
  await page.getByLabel("E-mail").fill("new@example.org");
  await page.getByRole("button", { name: /^Invite/ }).click();
  await expect(page.getByLabel("E-mail")).toHaveValue("");
  await expect(page).toHaveURL("/users/new");
  await plain.close();
});

test("a mail fits a phone, however long an address in it is", async ({ page }) => {
  const email = `${"operations".repeat(6)}@${"production".repeat(6)}.example.org`;
  const values = { ...sampleValues(new Date())["account-locked"], email };
  const { html } = renderLetter("account-locked", values, {
    baseUrl: `https://${"gatehouse".repeat(6)}.org`,
  });
  await page.setViewportSize(PHONE);
  await page.setContent(html.replace(`cid:${MARK_CID}`, markDataUrl));
  await expect(page.getByRole("heading", { name: "An account was locked" })).toBeVisible();
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(PHONE.width);
});

test("the mails of one state have a title of their own, which is announced", async ({
  administrator: _,
  page,
}) => {
  await page.goto("/mail");
  const announced = page.locator("#__next-route-announcer__");
  for (const state of ["Failed", "Sent"]) {
    await page.getByRole("link", { name: state }).press("Enter");
    await expect(page).toHaveTitle(`${state} mail · Gatehouse`);
    // While React replaces the title in place it is missing, and Next announces the heading.
    await expect(announced).toHaveText(new RegExp(`^${state} mail`));
  }
});

const MAIL_PAGE = /\/mail\?_rsc=/;

test("the link to a page that is still loading says so", async ({ administrator: _, page }) => {
  await page.goto("/audit");
  const answer = await holdRequests(page, MAIL_PAGE);
  const links = page.getByRole("navigation", { name: "Console" });
  await links.getByRole("link", { name: "Mail", exact: true }).click();
  await expect(links.getByRole("link", { name: "Mail (loading)" })).toBeVisible();
  answer();
  await expect(page).toHaveURL("/mail");
  await expect(links.getByRole("link", { name: "Mail", exact: true })).toBeVisible();
});

test("on a phone it says so in the navigation, which goes once the page is there", async ({
  administrator: _,
  page,
}) => {
  await page.setViewportSize(PHONE);
  await page.goto("/audit");
  const answer = await holdRequests(page, MAIL_PAGE);
  const navigation = page.getByRole("dialog", { name: "Navigation" });
  const open = page.getByRole("button", { name: "Open navigation" });
  await open.click();
  await navigation.getByRole("link", { name: "Mail", exact: true }).click();
  await expect(navigation.getByRole("link", { name: "Mail (loading)" })).toBeVisible();
  answer();
  await expect(page).toHaveURL("/mail");
  await expect(navigation).toHaveCount(0);

  await open.click();
  await navigation.getByRole("link", { name: "Mail", exact: true }).click();
  await expect(navigation).toHaveCount(0);
  await page.goBack();
  await expect(page).toHaveURL("/audit");
  await expect(navigation).toHaveCount(0);

  await open.click();
  await navigation.getByRole("link", { name: "Audit" }).click();
  await expect(navigation, "the page is there already").toHaveCount(0);
});
