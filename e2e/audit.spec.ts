import { readFile } from "node:fs/promises";
import { expect, test } from "./fixtures/test";
import { LoginPage } from "./pages/login-page";
import { SecuritySettingsPage } from "./pages/security-settings-page";

test.describe("in New Zealand", () => {
  test.use({ timezoneId: "Pacific/Auckland" });

  test("the audit is looked through by days of the reader's own zone", async ({
    administrator: _,
    browser,
    page,
    product,
    sql,
  }) => {
    // Noon UTC is an hour past midnight there.
    for (const [at, email] of [
      ["2026-03-01T10:59Z", "before@example.org"],
      ["2026-03-01T12:00Z", "within@example.org"],
      ["2026-03-02T11:00Z", "after@example.org"],
    ]) {
      await sql(
        `INSERT INTO audit_events (at, kind, actor_email, subject_email, address, user_agent, request_id, details)
         VALUES ($1, 'logged-out', $2, $2, '', '', '', '{}')`,
        at,
        email,
      );
    }
    const rows = page.getByRole("row").filter({ hasText: "@example.org" });

    await page.goto("/audit");
    const filters = page.getByRole("search");
    await filters.getByLabel("First day", { exact: true }).fill("2026-03-02");
    await filters.getByLabel("Last day", { exact: true }).fill("2026-03-02");
    await page.getByRole("button", { name: "Find", exact: true }).click();
    await expect(
      page.getByText("Only events from 02 Mar 2026 to 02 Mar 2026 (Pacific/Auckland)"),
    ).toBeVisible();
    await expect(rows).toHaveCount(1);
    await expect(rows).toContainText("within@example.org");
    await expect(rows.getByRole("time")).toHaveText(/^02 Mar 2026, 01:00/);
    await expect(rows.getByRole("time")).toHaveAttribute("title", "01 Mar 2026, 12:00:00 UTC");

    await test.step("what is shown can be downloaded for a spreadsheet", async () => {
      const downloading = page.waitForEvent("download");
      await page.getByRole("link", { name: "Download as CSV" }).click();
      const download = await downloading;
      expect(download.suggestedFilename()).toMatch(/^gatehouse-audit-\d{4}-\d\d-\d\d\.csv$/);
      expect(await readFile(await download.path(), "utf8")).toBe(
        [
          "\ufefftime,event,actor,subject,address,userAgent,requestId,details",
          "2026-03-01T12:00:00.000Z,logged-out,within@example.org,within@example.org,,,,{}",
          "",
        ].join("\r\n"),
      );
    });

    await test.step("the days of one person are the same days", async () => {
      await rows.getByRole("link", { name: "within@example.org" }).click();
      await expect(
        page.getByText('of "within@example.org" from 02 Mar 2026 to 02 Mar 2026 (Pacific/Auckland)'),
      ).toBeVisible();
      await expect(rows).toHaveCount(1);
      await expect(page.getByRole("link", { name: "Find in Users" })).toHaveAttribute(
        "href",
        "/users?search=within%40example.org",
      );
    });

    await test.step("somebody in another zone who opens the same URL sees the same days, and whose zone they are in", async () => {
      const storageState = await page.context().storageState();
      const elsewhere = await browser.newContext({ storageState, baseURL: product.url, timezoneId: "UTC" });
      const theirs = await elsewhere.newPage();
      await theirs.goto(page.url());
      await expect(theirs.getByLabel("First day (Pacific/Auckland)")).toHaveValue("2026-03-02");
      const theirRows = theirs.getByRole("row").filter({ hasText: "@example.org" });
      await expect(theirRows).toHaveCount(1);
      await expect(theirRows.getByRole("time")).toHaveText(/^01 Mar 2026, 12:00/);
      await theirs.getByRole("button", { name: "Find", exact: true }).click();
      await expect(theirRows).toHaveCount(1);
      await theirs.getByRole("link", { name: "Clear filters" }).click();
      await expect(theirs.getByLabel("First day", { exact: true })).toHaveValue("");
      await elsewhere.close();
    });
  });
});

test("a change in the audit leads to its setting, however late the page is in its place", async ({
  administrator: _,
  page,
}) => {
  // React puts what stands behind a skeleton into its place with the next frame; here, not before the page is loaded.
  await page.addInitScript(() => {
    const soon = window.requestAnimationFrame.bind(window);
    window.requestAnimationFrame = (step) => {
      if (document.readyState === "complete") return soon(step);
      window.addEventListener("load", () => soon(step));
      return 0;
    };
  });
  const settings = new SecuritySettingsPage(page);
  await settings.open();
  const jwt = settings.panel("JWT security");
  await jwt.fill({ "Refresh token expiration time": "604801" });
  await jwt.save.click();
  await expect(settings.notices).toContainText("Saved. In effect now.");

  await page.goto("/audit");
  await page.getByRole("link", { name: "Refresh token expiration time (sec)" }).click();
  await expect(page).toHaveURL("/settings/security#refreshTokenExpTime");
  await expect(jwt.field("Refresh token expiration time")).toBeInViewport();
});

test("from an event it is one step to the account that it is about", async ({
  administrator: _,
  arrange,
  browser,
  page,
  product,
}) => {
  const { id, email } = await arrange("makeUser", {});
  const elsewhere = await browser.newContext({ baseURL: product.url });
  const login = new LoginPage(await elsewhere.newPage());
  await login.fail(email, "wrong");
  await login.fail("nobody@example.org", "wrong");
  await elsewhere.close();

  await page.goto("/audit?kind=login-failed");
  const [unknown, known] = [page.getByRole("row").nth(1), page.getByRole("row").nth(2)];
  for (const row of [unknown, known]) await row.locator("summary").click();
  await expect(unknown.getByText("Recorded")).toBeVisible();
  await expect(unknown.getByRole("link", { name: "nobody@example.org" })).toHaveCount(0);
  await known.getByRole("link", { name: email }).click();
  await expect(page).toHaveURL(`/users/${id}`);
});

test("from an event it is one step to all others from its network address", async ({
  administrator: _,
  arrange,
  page,
  sql,
}) => {
  for (const [address, email, at] of [
    ["198.51.100.7", "ada@example.org", "2026-03-01T12:00Z"],
    ["198.51.100.7", "bob@example.org", "2026-03-01T12:01Z"],
    ["198.51.100.70", "eve@example.org", "2026-03-01T12:02Z"],
    ["198.51.101.7", "far@example.org", "2026-03-01T12:03Z"],
  ])
    await sql(
      `INSERT INTO audit_events (at, kind, actor_email, subject_email, address, user_agent, request_id, details)
       VALUES ($1, 'logged-out', $2, $2, $3, '', '', '{}')`,
      at,
      email,
      address,
    );
  const rows = page.getByRole("row").filter({ hasText: "@example.org" });
  const filters = page.getByRole("search");
  await page.goto("/audit?person=ada");
  await rows.getByRole("link", { name: "198.51.100.7" }).click();
  await expect(page.getByText("of ada from the address 198.51.100.7")).toBeVisible();
  await filters.getByLabel("Person").fill("");
  await filters.getByRole("button", { name: "Find" }).click();
  await expect(filters.getByLabel("Network address")).toHaveValue("198.51.100.7");
  await expect(rows).toHaveCount(2);
  await expect(page.getByRole("link", { name: "Download as CSV" })).toHaveAttribute(
    "href",
    "/audit/export?address=198.51.100.7",
  );
  await filters.getByLabel("Network address").fill("198.51.100");
  await filters.getByRole("button", { name: "Find" }).click();
  await expect(page.getByText("finds all that begin with it")).toBeVisible();
  await expect(filters.getByLabel("Network address")).toHaveAttribute("maxlength", "45");
  await filters.getByLabel("Person").fill("ada");
  await filters.getByRole("button", { name: "Find" }).click();
  await expect(page.getByText("or a shorter part of the person’s address. A network address")).toBeVisible();
  await filters.getByLabel("Person").fill("");
  await filters.getByLabel("Network address").fill("198.51.100.");
  await filters.getByRole("button", { name: "Find" }).click();
  await expect(page.getByText("from addresses that begin with 198.51.100.")).toBeVisible();
  await expect(rows).toHaveCount(3);

  await test.step("and so it is from a session, and from an attempt to log in", async () => {
    const user = await arrange("makeUser");
    await arrange("loggedIn", user, { address: "198.51.100.7" });
    await sql(
      `INSERT INTO audit_events (at, kind, actor_email, subject_id, subject_email, address, user_agent, request_id, details)
       VALUES (now(), 'login-failed', '', $1, $2, '198.51.100.7', '', '', '{"reason": "wrong-password"}')`,
      user.id,
      user.email,
    );
    await page.goto("/sessions");
    const link = page.getByRole("link", { name: "198.51.100.7" });
    await expect(link).toHaveAttribute("href", "/audit?address=198.51.100.7");
    await page.goto(`/users/${user.id}`);
    await expect(
      page.getByRole("region", { name: "Login attempts" }).getByRole("link", { name: "198.51.100.7" }),
    ).toHaveAttribute("href", "/audit?address=198.51.100.7");
  });
});

test("an event's details show what came from outside letter by letter, and in lines", async ({
  administrator: _,
  page,
  sql,
}) => {
  await sql(
    `INSERT INTO audit_events (at, kind, actor_email, subject_email, address, user_agent, request_id, details)
     VALUES ('2026-03-01T12:00:00.007Z', 'logged-out', '', '', '', $1, 'request-7', jsonb_build_object('how', $2::text))`,
    "tb-app/1.0\u202e",
    "BROWSER\u202e",
  );
  await page.goto("/audit?kind=logged-out");
  const row = page.getByRole("row").nth(1);
  await row.locator("summary").click();
  for (const text of ["tb-app/1.0\\u{202E}", "request-7", "2026-03-01T12:00:00.007Z"])
    await expect(row.getByText(text, { exact: true })).toBeVisible();
  expect(await row.locator("pre").textContent()).toBe('{\n  "how": "BROWSER\\u{202E}"\n}');
});
