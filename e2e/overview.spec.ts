import { test } from "./fixtures/mailbox";
import { expect } from "./fixtures/test";

const STRANGER = {
  kind: "anonymous",
  address: "203.0.113.8",
  userAgent: "Mozilla/5.0 (e2e)",
  requestId: "",
} as const;

test("an administrator sees what needs attention, and is led to it", async ({
  administrator: _,
  arrange,
  page,
  smtp,
}) => {
  const attention = page.getByRole("region", { name: "Needs attention" });
  const happened = page.getByRole("region", { name: "What happened" });
  const jane = await arrange("makeUser", { email: "jane@example.org" });

  await test.step("after the first start it names the first steps", async () => {
    await page.goto("/settings/security");
    await page.getByRole("link", { name: "Overview" }).click();
    await expect(page).toHaveURL("/overview");
    await expect(attention.getByRole("listitem")).toHaveText([
      /^Warning: No mail server is set up.*Set up a mail server$/,
      /^Note: You are the only administrator who can log in.*Invite another administrator$/,
    ]);
    await expect(happened.getByRole("link")).toHaveText(["1 Link issued, last 24 hours"]);
    const now = page.getByRole("region", { name: "Now" });
    for (const [name, href] of [
      ["1 live session: Browser", "/sessions?kind=BROWSER"],
      ["2 accounts: Active", "/users?state=active"],
    ] as const)
      await expect(now.getByRole("link", { name })).toHaveAttribute("href", href);
  });

  await test.step("the rules in force are the sentences of the settings, each with its panel", async () => {
    const rules = page.getByRole("region", { name: "Rules in effect" });
    await expect(rules.getByRole("heading", { level: 3 })).toHaveText([
      "General policy",
      "Password policy",
      "JWT security",
    ]);
    const sentence = "After 5 wrong passwords an account is locked for 30 minutes; the owner is told.";
    await expect(rules).toContainText(sentence);
    await expect(rules).toContainText("at first start");
    await rules.getByRole("link", { name: "Password policy" }).click();
    await expect(page).toHaveURL("/settings/security#password");
    await expect(page.getByRole("region", { name: "General policy" })).toContainText(sentence);
  });

  await test.step("a locked account is the most urgent, and its link leads to it", async () => {
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      await arrange("logIn", STRANGER, { email: jane.email, password: `wrong ${attempt}`, kind: "BROWSER" });
    }
    await page.goto("/overview");
    const first = attention.getByRole("listitem").first();
    await expect(first).toContainText("1 account is locked after too many wrong passwords.");
    await first.getByRole("link", { name: "Show the account" }).click();
    await expect(page).toHaveURL("/users?state=locked");
    await page.getByRole("row").getByRole("link", { name: jane.email }).click();
    await expect(page).toHaveURL(`/users/${jane.id}`);
  });

  await test.step("each number leads to just the events that it counts", async () => {
    await page.goto("/overview");
    const failed = happened.getByRole("row", { name: /Login failed/ });
    await expect(failed.getByRole("cell")).toHaveText([/^5 /, "0"]);
    await happened.getByRole("link", { name: "1 Account locked, last 24 hours" }).click();
    await expect(page).toHaveURL(/\/audit\?kind=account-locked&since=[^&]+Z&until=[^&]+Z$/);
    await expect(page.getByText(/^Only Account locked since .* until .*/)).toBeVisible();
    await expect(page.getByRole("row")).toHaveCount(2);
    await expect(page.getByRole("row").last()).toContainText(jane.email);
    await page.getByLabel("What happened").selectOption("Login failed");
    await page.getByRole("button", { name: "Find", exact: true }).click();
    await expect(page.getByText(/^Only Login failed since .* until .*/)).toBeVisible();
    await expect(page.getByRole("row")).toHaveCount(6);
  });

  await test.step("what is dealt with goes, and in the end nothing needs attention", async () => {
    await page.goto(`/users/${jane.id}`);
    await page.getByRole("button", { name: "Unlock" }).click();
    await expect(page.getByRole("button", { name: "Unlock" })).toHaveCount(0);
    await arrange("useMailServer", { port: smtp.port });
    await arrange("makeUser", { authority: "SYS_ADMIN" });
    await page.getByRole("link", { name: "Overview" }).click();
    await expect(attention).toContainText("Nothing needs your attention.");
    await expect(attention.getByRole("listitem")).toHaveCount(0);
  });
});

test("without scripts the overview is all there", async ({ administrator: _, browser, context, product }) => {
  const plain = await browser.newContext({ baseURL: product.url, javaScriptEnabled: false });
  await plain.addCookies(await context.cookies());
  const page = await plain.newPage();
  await page.goto("/overview");
  await expect(page.getByRole("main").getByRole("heading")).toHaveText([
    "Overview",
    "Needs attention",
    "Rules in effect",
    "General policy",
    "Password policy",
    "JWT security",
    "What happened",
    "Now",
    "Live sessions",
    "Accounts",
  ]);
  await page.getByRole("link", { name: "Set up a mail server" }).click();
  await expect(page).toHaveURL("/settings/mail");
  await plain.close();
});

test("no page is fetched before its link is followed", async ({ administrator: _, page }) => {
  const fetched: string[] = [];
  page.on("request", (request) => {
    if (request.headers()["next-router-prefetch"]) fetched.push(request.url());
  });
  for (const address of ["/overview", "/mail"]) await page.goto(address, { waitUntil: "networkidle" });
  expect(fetched).toEqual([]);
});
