import { openBeforeScripts } from "./fixtures/late-scripts";
import { snapshot } from "./fixtures/snapshot";
import { EXPIRED_COOKIE, expect, test } from "./fixtures/test";
import { ActivationPage } from "./pages/activation-page";

const PASSWORD = "a gate, a house, a lamp";

const pages = [
  ["ACTIVATION", "INVITED", "/link-expired?kind=activation"],
  ["PASSWORD_RESET", "ACTIVE", "/link-expired?kind=reset"],
  ["UNLOCK", "ACTIVE", "/link-expired?kind=unlock"],
] as const;

for (const [purpose, state, expired] of pages) {
  test(`looking at a link for ${purpose} changes nothing and tells nobody of it`, async ({
    request,
    arrange,
    sql,
  }) => {
    const user = await arrange("makeUser", { state, lockedAt: new Date(), lockedUntil: null });
    const { url, secret } = await arrange("makeLink", user.id, purpose);
    const before = await snapshot(sql);
    await request.fetch(url, { method: "OPTIONS" });
    for (const method of ["GET", "HEAD", "GET"]) {
      const answer = await request.fetch(url, { method, maxRedirects: 0 });
      expect(answer.status()).toBe(200);
      expect(answer.headers()["referrer-policy"]).toBe("no-referrer");
      expect(answer.headers()["cache-control"]).toContain("no-store");
      expect(answer.headers()["set-cookie"]).toBeUndefined();
      expect(await answer.text()).not.toContain(user.email);
    }
    for (const wrong of ["", "?token=", `?token=${secret}x`, `?token=${secret}&token=${secret}`]) {
      const answer = await request.get(new URL(url).pathname + wrong, { maxRedirects: 0 });
      expect([303, 307]).toContain(answer.status());
      expect(answer.headers().location).toBe(expired);
    }
    // As mail programs garble links: broken in the middle, or with the punctuation that followed.
    for (const garbled of [
      `${secret.slice(0, 20)}%0D%0A${secret.slice(20)}`,
      `${secret}.`,
      `${secret}%3E`,
      `%20${secret}`,
    ]) {
      const answer = await request.get(`${new URL(url).pathname}?token=${garbled}&utm_source=mail`, {
        maxRedirects: 0,
      });
      expect(answer.status(), garbled).toBe(200);
    }
    expect(await snapshot(sql)).toEqual(before);
  });
}

test("whoever was invited and comes too late finds a page that fits", async ({ page, arrange }) => {
  await arrange("useMailServer", {});
  await page.goto("/activate?token=cut-o");
  await expect(page.getByText("or was not copied in full")).toBeVisible();
  await page.getByRole("link", { name: "Get a new link" }).click();
  await expect(page.getByRole("heading", { name: "Get a new link" })).toBeVisible();
  await expect(page).toHaveTitle(/^Get a new link/);
  await expect(page.getByRole("main")).not.toContainText("Forgot");
  await page.getByLabel("E-mail").fill("invited@exmaple.org");
  await page.getByRole("button").click();
  await page.getByRole("link", { name: "Enter the address again" }).click();
  await expect(page.getByRole("heading", { name: "Get a new link" })).toBeVisible();
  await expect(page.getByLabel("E-mail")).toHaveValue("");
});

test("whoever sends a link that has ended meanwhile is told so", async ({
  page,
  context,
  arrange,
  product,
  sql,
}) => {
  const user = await arrange("makeUser", { lockedAt: new Date(), lockedUntil: null });
  const domain = new URL(product.url).hostname;
  const ways = [
    ["UNLOCK", "Unlock account", "/link-expired?kind=unlock"],
    ["PASSWORD_RESET", /^Save/, "/link-expired?kind=reset"],
    ["PASSWORD_EXPIRED", /^Save/, "/link-expired?kind=password-expired"],
  ] as const;
  for (const [purpose, button, ended] of ways) {
    const { url, secret } = await arrange("makeLink", user.id, purpose);
    await page.goto("/forgot-password");
    if (purpose === "PASSWORD_EXPIRED") {
      await context.addCookies([{ name: EXPIRED_COOKIE, value: secret, domain, path: "/password-expired" }]);
      await page.goto("/password-expired");
    } else {
      await page.goto(url);
    }
    await sql("UPDATE account_links SET expires_at = now() WHERE purpose::text = $1", purpose);
    if (purpose !== "UNLOCK")
      await page.getByLabel("New password", { exact: true }).fill("a gate, a house, a lamp");
    await page.getByRole("button", { name: button }).click();
    await expect(page).toHaveURL(ended);
    await page.goBack();
    await expect(page, "the way back does not lead to the form").toHaveURL("/forgot-password");
  }
  expect(await context.cookies(), "the permission is given back").toEqual([]);
  expect(await sql("SELECT FROM users WHERE id = $1 AND locked_at IS NULL", user.id)).toEqual([]);
});

test("the way back from a used link does not lead to its form", async ({ page, arrange }) => {
  const user = await arrange("makeUser", { lockedAt: new Date(), lockedUntil: null });
  const invited = await arrange("makeUser", { state: "INVITED" });
  const ways = [
    [user, "UNLOCK", "Unlock account", "/unlock?notice=unlocked"],
    [user, "PASSWORD_RESET", "Save new password", "/login?notice=password-set"],
    [invited, "ACTIVATION", "Activate account", "/login?notice=password-set"],
  ] as const;
  for (const [{ id }, purpose, button, done] of ways) {
    const { url } = await arrange("makeLink", id, purpose);
    await page.goto("/forgot-password");
    await page.goto(url);
    if (purpose !== "UNLOCK") await page.getByLabel("New password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: button }).click();
    await expect(page).toHaveURL(done);
    await page.goBack();
    await expect(page, purpose).toHaveURL("/forgot-password");
  }
});

test("a new password stays in the form when no answer comes", async ({ page, arrange, noise }) => {
  noise.allow(/ERR_INTERNET_DISCONNECTED/);
  const { id } = await arrange("makeUser", { state: "INVITED" });
  const { url } = await arrange("makeLink", id, "ACTIVATION");
  const form = new ActivationPage(page);
  await page.goto(url);
  await page.context().setOffline(true);
  const failed = page.waitForEvent("requestfailed");
  await form.choose("short");
  await failed;
  await expect(form.password).toHaveValue("short");
  await form.choose(PASSWORD);
  await expect(page.getByText("Gatehouse did not answer")).toBeVisible();
  await expect(form.password).toHaveValue(PASSWORD);
  await page.context().setOffline(false);
  await form.submit.click();
  await expect(page).toHaveURL("/login?notice=password-set");
});

test("looking at the page for an expired password uses nothing up", async ({ request, arrange, sql }) => {
  const user = await arrange("makeUser", {});
  const { secret } = await arrange("makeLink", user.id, "PASSWORD_EXPIRED");
  const before = await snapshot(sql);
  for (const method of ["GET", "HEAD", "GET"]) {
    const headers = { cookie: `${EXPIRED_COOKIE}=${secret}` };
    const answer = await request.fetch("/password-expired", { method, headers, maxRedirects: 0 });
    expect(answer.status()).toBe(200);
    expect(answer.headers()["referrer-policy"]).toBe("no-referrer");
    expect(await answer.text()).not.toContain(secret);
  }
  const inAddress = await request.get(`/password-expired?token=${secret}`, { maxRedirects: 0 });
  expect(inAddress.headers().location).toBe("/link-expired?kind=password-expired");
  expect(await snapshot(sql)).toEqual(before);
});

test("a password chosen in place of an expired one does not go to whoever has logged in at the browser since", async ({
  page,
  context,
  arrange,
  product,
  sql,
}) => {
  const form = new ActivationPage(page);
  const domain = new URL(product.url).hostname;
  /** Leaves the browser as a login with an expired password does. */
  async function logInExpired() {
    const user = await arrange("makeUser", {});
    const { secret } = await arrange("makeLink", user.id, "PASSWORD_EXPIRED");
    await context.addCookies([{ name: EXPIRED_COOKIE, value: secret, domain, path: "/password-expired" }]);
    return user;
  }
  await logInExpired();
  await page.goto("/password-expired");
  const other = await logInExpired();
  const before = await snapshot(sql);
  await form.password.fill(PASSWORD);
  await form.save.click();
  await expect(page).toHaveURL("/link-expired?kind=password-expired");
  await expect(page.getByText("or there was another login since")).toBeVisible();
  expect(await snapshot(sql)).toEqual(before);

  await page.goto("/password-expired");
  await expect(page.getByText(other.email), "opened again, it is another's, and says whose").toBeVisible();
  await form.password.fill(PASSWORD);
  await form.save.click();
  await expect(page).toHaveURL("/login?notice=password-set");
  expect(await sql("SELECT subject_email FROM audit_events WHERE kind = 'password-changed'")).toEqual([
    { subject_email: other.email },
  ]);
});

for (const [state, heading] of [
  ["with a mail server", "Check your mail"],
  ["without one, for which no link is promised", "No mail can be sent yet"],
] as const) {
  test(`whatever address is forgotten, the answer is the same: ${state}`, async ({ page, arrange }) => {
    if (state === "with a mail server") await arrange("useMailServer", {});
    await arrange("makeUser", { email: "known@example.org" });
    await arrange("makeUser", { email: "disabled@example.org", state: "DISABLED" });
    const texts: string[] = [];
    for (const typed of ["known@example.org", "nobody@example.org", "disabled@example.org"]) {
      await page.goto("/forgot-password");
      await page.getByLabel("E-mail").fill(typed);
      const [answer] = await Promise.all([
        page.waitForResponse((response) => response.request().method() === "POST"),
        page.getByRole("button", { name: "Send link" }).click(),
      ]);
      expect(answer.status()).toBe(200);
      expect(answer.headers()["set-cookie"]).toBeUndefined();
      const title = page.getByRole("heading", { name: heading });
      await expect(title, "the focused form is gone").toBeFocused();
      // What was typed is shown again, so that a typo is noticed.
      const text = (await page.getByRole("main").textContent()) ?? "";
      expect(text).toContain(typed);
      texts.push(text.replace(typed, "the address"));
    }
    expect(new Set(texts).size).toBe(1);
  });
}

test("what a form lacks is said under its field, not in a bubble that covers the next one", async ({
  logIn,
  page,
}) => {
  await page.goto("/forgot-password");
  const email = page.getByLabel("E-mail");
  await page.getByRole("button", { name: "Send link" }).click();
  await expect(email).toBeFocused();
  await expect(email).toHaveAccessibleDescription("Enter your e-mail address.");
  await email.fill("ada at example.org");
  await page.keyboard.press("Enter");
  await expect(email).toHaveAccessibleDescription("Enter one e-mail address, like name@example.org.");
  await expect(email).toHaveValue("ada at example.org");
  await email.fill("ada");
  await expect(email).toHaveAccessibleDescription("");

  await logIn({});
  const releaseScripts = await openBeforeScripts(page, "/account/password");
  const [current, fresh] = [
    page.getByLabel("Current password", { exact: true }),
    page.getByLabel("New password", { exact: true }),
  ];
  await fresh.fill("short");
  releaseScripts();
  await expect(page.getByRole("listitem").filter({ hasText: "not met: At least 12" })).toBeVisible();
  await fresh.fill("");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(current).toBeFocused();
  await expect(page.getByText("Enter your current password.")).toBeVisible();
  await expect(page.getByText("Enter a new password.")).toBeVisible();
  await current.fill("any");
  await expect(page.getByText("Enter your current password.")).toBeHidden();
  await page.keyboard.press("Enter");
  await expect(fresh).toBeFocused();
});
