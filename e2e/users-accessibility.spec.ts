import { expectAccessible } from "./fixtures/accessible";
import { expect, test } from "./fixtures/test";

const DAY_MS = 86_400_000;
const ago = (days: number) => new Date(Date.now() - days * DAY_MS);

test("axe finds nothing on the list of users, in any of its states", async ({
  administrator: _,
  arrange,
  page,
  sql,
}) => {
  test.slow();
  await sql("DELETE FROM users WHERE state = 'INVITED'");
  await page.goto("/users");
  await expect(page.getByText("Only you so far")).toBeVisible();
  await expectAccessible(page, "only oneself");
  await arrange("makeUser", { email: `${"a.long.part.".repeat(5)}x@${"a-long-name.".repeat(5)}example.org` });
  await arrange("makeUser", { state: "INVITED" });
  await arrange("makeUser", { state: "DISABLED" });
  await arrange("makeUser", { lockedAt: ago(1), lockedUntil: null });
  await page.reload();
  await expect(page.getByRole("table").getByText("Locked", { exact: true })).toBeVisible();
  await expectAccessible(page, "one of each");
  await page.goto("/users?search=nobody&state=locked&sort=newest");
  await expect(page.getByText("Nobody matches")).toBeVisible();
  await expectAccessible(page, "no match");
});

test("axe finds nothing on an account's page, whatever keeps its person out", async ({
  administrator: _,
  arrange,
  page,
}) => {
  test.slow();
  const password = { passwordExpirationPeriodDays: 30 };
  await arrange("makeSettings", { password }, { expirySwitchedOnAt: ago(90) });
  const name = { firstName: "Wolfeschlegelsteinhausenbergerdorff", lastName: "Featherstonehaugh" };
  const people = {
    nothing: await arrange("makeUser", name),
    invited: await arrange("makeUser", { state: "INVITED" }),
    disabled: await arrange("makeUser", { state: "DISABLED" }),
    "locked for a time": await arrange("makeUser", { lockedAt: ago(0), lockedUntil: ago(-1) }),
    "locked for good": await arrange("makeUser", { lockedAt: ago(1), lockedUntil: null }),
    "an expired password": await arrange("makeUser", { passwordSetAt: ago(31) }),
  };
  for (const [state, { id }] of Object.entries(people)) {
    await page.goto(`/users/${id}`);
    await expect(page.getByRole("heading", { name: "Login attempts" })).toBeVisible();
    await expectAccessible(page, state);
  }
  await page.goto(`/users/${people.nothing.id}`);
  for (const button of ["Change authority", "Edit name and e-mail", "Copy reset link", "Disable", "Delete"]) {
    await page.getByRole("button", { name: button, exact: true }).click();
    await expect(page.getByRole("dialog").or(page.getByRole("alertdialog"))).toBeVisible();
    await expectAccessible(page, `the dialog of “${button}”`);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog").or(page.getByRole("alertdialog"))).toBeHidden();
  }
});

test("axe finds nothing on an invitation, refused and made", async ({ administrator: _, page }) => {
  test.slow();
  await page.goto("/users/new");
  await page.getByRole("button", { name: "Invite user" }).click();
  await expect(page.getByText("Enter one e-mail address")).toBeVisible();
  await expectAccessible(page, "refused");
  await page.getByLabel("E-mail").fill("grace@example.org");
  await page.getByRole("button", { name: "Invite user" }).click();
  await expect(page.getByRole("textbox", { name: "Activation link" })).toBeVisible();
  await expectAccessible(page, "made");
});
