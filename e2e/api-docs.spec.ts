import { contracts } from "@/app/api/contracts";
import { expect, test } from "./fixtures/test";
import { ApiDocsPage } from "./pages/api-docs-page";

test("the API is read in the console, and tried out with a token of its own", async ({
  administrator,
  page,
  context,
  noise,
}) => {
  // The browser logs each error response to its console; this test provokes some.
  noise.allow(/status of 40[01]/);
  const docs = new ApiDocsPage(page);
  const ownUser = docs.call("GET", "/api/auth/user");
  const login = docs.call("POST", "/api/auth/login");
  const refresh = docs.call("POST", "/api/auth/token");
  const logout = docs.call("POST", "/api/auth/logout");
  const invite = docs.call("POST", "/api/user");

  await test.step("every call is there", async () => {
    await page.goto("/settings/security");
    await page.getByRole("link", { name: "API", exact: true }).click();
    await expect(page).toHaveURL("/api-docs");
    await expect(page.getByRole("heading", { level: 3 }).filter({ hasText: "/api/" })).toHaveCount(
      contracts.length,
    );
  });

  await test.step("the console's own session authorises none of them", async () => {
    await ownUser.open();
    await expect(ownUser.form).toContainText("This call needs a token.");
    await ownUser.send.click();
    await expect(ownUser.outcome).toContainText("401");
    await expect(ownUser.answer).toContainText('"errorCode": 10');
  });

  await test.step("what a form lacks is said under its field", async () => {
    await docs.login.getByRole("button", { name: "Get a token" }).click();
    await expect(docs.login.getByLabel("Password", { exact: true })).toBeFocused();
    await expect(docs.login.getByLabel("Password", { exact: true })).toHaveAccessibleDescription(
      /Enter your password\.$/,
    );
    await docs.paste.getByRole("button", { name: "Use this token" }).click();
    await expect(docs.paste.getByLabel("Access token")).toBeFocused();
    await expect(docs.paste.getByLabel("Access token")).toHaveAccessibleDescription("Paste an access token.");
    const remove = docs.call("DELETE", "/api/user/{id}");
    await remove.open();
    await remove.send.click();
    const id = remove.form.getByLabel("id", { exact: true });
    await expect(id).toBeFocused();
    await expect(id).toHaveAccessibleDescription("Enter a value: the path needs it.");
    await id.fill("1");
    await expect(id).toHaveAccessibleDescription("");
    await remove.item.locator("summary").click();
  });

  await test.step("a wrong password says so", async () => {
    await docs.logIn("not the password");
    await expect(docs.login).toContainText("Authentication failed. (401)");
  });

  await test.step("the right one gives the page a token, which it does not show", async () => {
    await docs.logIn(administrator.password);
    await expect(docs.held).toBeFocused();
    await expect(docs.held).toContainText("ada@example.org");
    await expect(docs.held).toContainText("SYS_ADMIN");
    expect(await page.content()).not.toMatch(/eyJ[\w-]+\.[\w-]+\.[\w-]+/);
    const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
    expect(stored).not.toContain("eyJ");
    expect(await context.cookies()).toHaveLength(1);
  });

  await test.step("with it, the call answers who that is", async () => {
    await ownUser.send.click();
    await expect(ownUser.outcome).toContainText("200");
    await expect(ownUser.answer).toContainText('"email": "ada@example.org"');
    await expect(ownUser.form).toContainText("x-request-id");
    // Of the next call: the answer stays when another token takes this one's place.
    await expect(ownUser.form).toContainText("Will be sent with the token of ada@example.org");
  });

  await test.step("a wrong body is told what is wrong with which field", async () => {
    await invite.open();
    await invite.body.fill('{ "email": "nobody", "authority": "KING" }');
    await invite.send.click();
    await expect(invite.outcome).toContainText("400");
    await expect(invite.answer).toContainText('"errorCode": 31');
    await expect(invite.answer).toContainText('"fieldErrors"');
    await invite.body.fill("{ oops");
    await expect(invite.form).toContainText("This is not JSON. It is sent as typed.");
    await invite.body.press("Control+Enter");
    await expect(invite.answer).toContainText("The body is not valid JSON.");
  });

  await test.step("what was sent goes into a shell, with what was filled in and without the token", async () => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await invite.form.getByLabel("sendActivationMail").selectOption("false");
    await invite.send.click();
    await invite.form.getByRole("button", { name: "Copy as curl" }).click();
    await expect(invite.form.locator("[aria-live]").filter({ hasText: "Copied" })).toHaveCount(1);
    const command = await page.evaluate(() => navigator.clipboard.readText());
    expect(command).toContain(
      `curl -X POST '${new URL(page.url()).origin}/api/user?sendActivationMail=false'`,
    );
    expect(command).toContain('-H "X-Authorization: Bearer $TOKEN"');
    expect(command).toContain("-d '{ oops'");
  });

  await test.step("a login that is tried offers its token", async () => {
    await refresh.open();
    const fillIn = refresh.form.getByRole("button", { name: "Fill in the page’s refresh token" });
    await expect(fillIn, "which came with the page's own login").toBeVisible();
    await login.open();
    await login.body.fill(
      JSON.stringify({ username: administrator.email, password: administrator.password }),
    );
    await login.send.click();
    await expect(login.outcome).toContainText("200");
    await login.form.getByRole("button", { name: "Use it on this page" }).click();
    await expect(login.form).toContainText("This page now uses this token.");
    await fillIn.click();
    await refresh.send.click();
    await expect(refresh.outcome).toContainText("200");
    await refresh.form.getByRole("button", { name: "Use it on this page" }).click();
  });

  await test.step("what ends something asks first", async () => {
    await logout.open();
    await logout.send.click();
    await docs.confirm.getByRole("button", { name: "Cancel" }).click();
    await expect(logout.outcome).toBeEmpty();
    await ownUser.send.click();
    await expect(ownUser.outcome).toContainText("200");
    await logout.send.click();
    await docs.confirm.getByRole("button", { name: "Send" }).click();
    await expect(logout.outcome).toContainText("200");
    await expect(logout.form).toContainText("The body is empty.");
    await ownUser.send.click();
    await expect(ownUser.answer).toContainText('"errorCode": 11');
  });

  await test.step("the token is forgotten", async () => {
    await docs.held.getByRole("button", { name: "Forget token" }).click();
    await expect(docs.login).toBeVisible();
    await docs.paste.getByLabel("Access token").fill("not.a token");
    await docs.paste.getByRole("button", { name: "Use this token" }).click();
    await expect(docs.paste).toContainText("This is not an access token");
  });

  await test.step("a call is found by what it does, and by its address", async () => {
    await docs.search.fill("delete a user");
    await expect(page.getByText("1 call", { exact: true })).toBeVisible();
    await docs.search.fill("delete a gate");
    await expect(page.getByText("No call matches. Try fewer words")).toBeVisible();
    await expect(ownUser.item).toBeHidden();
    await page
      .getByRole("navigation", { name: "On this page" })
      .getByRole("link", { name: "Settings" })
      .click();
    await expect(page.getByRole("heading", { name: "Settings", exact: true })).toBeInViewport();
    await expect(docs.search).toHaveValue("");
    await page.goto("about:blank");
    await docs.open("#deleteUserId");
    const remove = docs.call("DELETE", "/api/user/{id}");
    await expect(remove.form).toBeVisible();
    await expect(remove.title).toBeInViewport();
  });
});

test("somebody who is no administrator can read the API too, and is told plainly when no answer comes", async ({
  logIn,
  page,
  context,
  noise,
}) => {
  noise.allow(/api\/noauth\/userPasswordPolicy/);
  await logIn({ authority: "CUSTOMER_USER" });
  const docs = new ApiDocsPage(page);
  const policy = docs.call("GET", "/api/noauth/userPasswordPolicy");
  await page.goto("/account");
  await page.getByRole("link", { name: "API", exact: true }).click();
  await policy.open();
  await policy.send.click();
  await expect(policy.answer).toContainText('"minimumLength": 12');

  await context.route("**/api/noauth/userPasswordPolicy", (route) => route.abort());
  await policy.send.click();
  await expect(policy.outcome).toHaveText(
    /^No response: the server could not be reached, or the connection broke/,
  );

  await context.unroute("**/api/noauth/userPasswordPolicy");
  await context.route("**/api/noauth/userPasswordPolicy", (route) =>
    route.fulfill({ status: 503, contentType: "text/html", body: "<h1>Out</h1>" }),
  );
  await policy.send.click();
  await expect(policy.outcome).toContainText("503");
  await expect(policy.answer).toHaveText("<h1>Out</h1>");
  await expect(policy.form).toContainText("This is not JSON and is shown as received.");
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("the API can be read", async ({ administrator: _, page, noise }) => {
    // With scripts disabled, the browser reports each script as a failed request.
    noise.allow(/\(csp\)$/);
    const docs = new ApiDocsPage(page);
    await docs.open();
    const login = docs.call("POST", "/api/auth/login");
    await login.open();
    await expect(login.item.getByText("username", { exact: true })).toBeVisible();
    await expect(
      login.item.getByRole("region", { name: "The command for POST /api/auth/login" }),
    ).toBeVisible();
    await expect(page.getByText("Trying calls needs scripts")).toBeVisible();
    // A form that is submitted without its script must not put the password into the URL.
    await page.getByLabel("Password", { exact: true }).fill("correct horse battery staple");
    await page.getByRole("button", { name: "Get a token" }).click();
    await expect(page.getByLabel("Password", { exact: true })).toHaveValue("");
    await expect(page).toHaveURL("/api-docs");
  });
});
