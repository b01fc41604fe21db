import type { Page } from "@playwright/test";
import { PHONE, withTextSpacedOut, withTextTwiceAsLarge } from "./fixtures/accessible";
import { openBeforeScripts } from "./fixtures/late-scripts";
import type { Sql } from "./fixtures/sql";
import { expect, giveSession, test } from "./fixtures/test";
import { SecuritySettingsPage } from "./pages/security-settings-page";

/** Puts a mail into the outbox that could not be sent, and can be sent again. */
const insertFailedMail = (sql: Sql) =>
  sql(`INSERT INTO outbox_messages (id, kind, recipient, message_id, sealed_payload, state, created_at, due_at)
    VALUES (gen_random_uuid(), 'activation', 'jane@example.org', 'one', 'sealed', 'FAILED', now(), now())`);

/** The contrast of two colours in the notation of computed styles (WCAG 2.2). */
function contrastOf(page: Page, colours: string[]): Promise<number> {
  return page.evaluate((both) => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    if (!canvas) throw new Error("There is no canvas.");
    const [low = 0, high = 0] = both
      .map((colour) => {
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        const [red = 0, green = 0, blue = 0] = [...canvas.getImageData(0, 0, 1, 1).data].map((byte) => {
          const part = byte / 255;
          return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
      })
      .sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  }, colours);
}

test("a switch that is off, and the chosen theme, stand out from what is around them, in either theme", async ({
  administrator: _,
  page,
}) => {
  const settings = new SecuritySettingsPage(page);
  await settings.open();
  const off = page.getByRole("switch", { name: "Force to reset password" });
  const theme = page.getByRole("banner").getByRole("group", { name: "Theme" }).locator("label:has(:checked)");
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const parts = {
      knob: await off.evaluate((box) =>
        [getComputedStyle(box, "::before"), getComputedStyle(box)].map((s) => s.backgroundColor),
      ),
      "chosen theme": await theme.evaluate((label) => [
        getComputedStyle(label).outlineColor,
        getComputedStyle(label.parentElement ?? label).backgroundColor,
      ]),
    };
    for (const [part, colours] of Object.entries(parts))
      expect(await contrastOf(page, colours), `${part}, ${colorScheme}`).toBeGreaterThanOrEqual(3);
  }
});

test("in forced colours the state of a switch and the current section still show", async ({
  administrator: _,
  page,
}) => {
  await page.emulateMedia({ forcedColors: "active" });
  const settings = new SecuritySettingsPage(page);
  await settings.open();
  // The browser draws its own checkbox; our pseudo-element must not cover the tick.
  const toggle = page.getByRole("switch", { name: "Tell the account’s owner" });
  expect(await toggle.evaluate((element) => getComputedStyle(element, "::before").display)).toBe("none");
  const places = page.getByRole("navigation", { name: "On this page" });
  await expect(places.locator("[aria-current]")).toHaveCSS("text-decoration-line", "underline");
  await expect(places.getByRole("link", { name: "JWT security" })).toHaveCSS("text-decoration-line", "none");
  const pages = page.getByRole("navigation", { name: "Console" });
  await expect(pages.locator("[aria-current=page]")).toHaveText("Security settings");
  await expect(pages.locator("[aria-current=page]")).toHaveCSS("text-decoration-line", "underline");
  await page.goto("/mail?state=FAILED");
  const states = page.getByRole("navigation", { name: "Messages by state" });
  await expect(states.locator("[aria-current]")).toHaveCSS("text-decoration-line", "underline");
  await expect(states.getByRole("link", { name: "All" })).toHaveCSS("text-decoration-line", "none");
});

test("a theme that is chosen before the page's scripts are there holds", async ({
  administrator: _,
  page,
}) => {
  const releaseScripts = await openBeforeScripts(page, "/sessions");
  const dark = page.getByRole("radio", { name: "Dark" });
  await page.getByTitle("Dark").first().click();
  releaseScripts();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(dark).toBeChecked();
  await page.reload();
  await expect(dark).toBeChecked();

  const other = await page.context().newPage();
  const releaseOtherScripts = await openBeforeScripts(other, "/sessions");
  await expect(other.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.getByTitle("Light").first().click();
  releaseOtherScripts();
  await expect(other.getByRole("radio", { name: "Light" })).toBeChecked();
  await expect(other.locator("html"), "in another tab, too").toHaveAttribute("data-theme", "light");
  await page.getByTitle("Dark").first().click();
  await expect(other.locator("html")).toHaveAttribute("data-theme", "dark");
});

/** Expects a page's actions to be beside its title while its text can wrap. */
async function expectActionsBesideTitle(page: Page, state: string) {
  const parts = page.getByRole("main").locator("header").first().locator("> div");
  const [text, actions] = [await parts.nth(0).boundingBox(), await parts.nth(1).boundingBox()];
  expect(actions?.x, state).toBeGreaterThan((text?.x ?? 0) + (text?.width ?? 0));
  expect(actions?.y, `${state}, whatever is below the title`).toBe(text?.y);
}

/** Expects each option of a list's filters to fit into its control when it is chosen. */
async function expectWholeOptions(page: Page, state: string) {
  const cut = await page.locator("main select").evaluateAll((selects) =>
    selects.flatMap((select) => {
      if (!(select instanceof HTMLSelectElement) || !select.checkVisibility()) return [];
      const { font, paddingLeft, paddingRight } = getComputedStyle(select);
      const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
      if (!pen) throw new Error("There is no canvas.");
      pen.font = font;
      const room = select.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight);
      return [...select.options].map(({ text }) => text).filter((text) => pen.measureText(text).width > room);
    }),
  );
  expect(cut, `cut off, ${state}`).toEqual([]);
}

/** Expects the heads of a list's columns to keep apart. */
async function expectHeadsApart(page: Page, state: string) {
  const squeezed = await page
    .getByRole("columnheader")
    .evaluateAll((heads) =>
      heads.filter((head) => head.scrollWidth > head.clientWidth).map(({ textContent }) => textContent),
    );
  expect(squeezed, `heads wider than their columns, ${state}`).toEqual([]);
}

/** Expects the cells of a list's row to stand on one line of text. */
async function expectSharedBaseline(page: Page, state: string) {
  const rows = page.getByRole("table").locator("tbody tr");
  const spreads = await rows.evaluateAll((all) => {
    const pen = document.createElement("canvas").getContext("2d");
    if (!pen) throw new Error("There is no canvas.");
    const baselineOf = (cell: Element) => {
      const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
      const first = document.createRange();
      for (let node = texts.nextNode(); node; node = texts.nextNode()) {
        if (!node.nodeValue?.trim() || node.parentElement?.closest(".sr-only")) continue;
        first.selectNodeContents(node);
        break;
      }
      const box = first.getClientRects()[0];
      if (!box) return [];
      const { fontSize, fontFamily } = getComputedStyle(first.startContainer.parentElement ?? cell);
      pen.font = `${fontSize} ${fontFamily}`;
      return [box.bottom - pen.measureText("x").fontBoundingBoxDescent];
    };
    return all.map((row) => {
      const baselines = [...row.children].flatMap(baselineOf);
      return Math.max(...baselines) - Math.min(...baselines);
    });
  });
  expect(Math.max(...spreads), `pixels between the highest and the lowest, ${state}`).toBeLessThan(1);
}

/** Expects the time that begins a row to stay in its column. */
async function expectTimeInColumn(page: Page, state: string) {
  const cell = page.getByRole("row").last().getByRole("cell").first();
  await expect(cell.locator("time")).toBeVisible();
  const overhang = await cell.evaluate((element) => element.scrollWidth - element.clientWidth);
  expect(overhang, state).toBe(0);
}

/** Runs an expectation about the page at each of these widths of its window. */
async function atWidths(
  page: Page,
  widths: number[],
  expectation: (page: Page, state: string) => Promise<void>,
) {
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    await expectation(page, `${new URL(page.url()).pathname} at ${width} px`);
  }
}

test("the lists keep their order at every width", async ({ administrator: _, arrange, page, sql }) => {
  await insertFailedMail(sql);
  await arrange("loggedIn", await arrange("makeUser"));
  for (const path of ["/users", "/sessions", "/mail", "/audit", "/settings/history"]) {
    await page.goto(path);
    await expect(page.getByRole("table").getByRole("row").last()).toBeVisible();
    await atWidths(page, [720, 1200], expectActionsBesideTitle);
    await atWidths(page, [768, 1024, 1280, 1440], expectWholeOptions);
    await atWidths(page, [834, 1024, 1180, 1280], expectHeadsApart);
    await atWidths(page, [1280], expectSharedBaseline);
    if (path !== "/audit" && path !== "/settings/history") continue;
    await withTextSpacedOut(page, () => atWidths(page, [1280], expectTimeInColumn));
  }
  await page.goto("/settings/history/jwt/1");
  await expect(page.getByRole("columnheader").first()).toBeVisible();
  await atWidths(page, [834, 1024, 1180, 1280], expectHeadsApart);
});

test("a button that cannot be pressed does not light up under the pointer", async ({
  administrator: _,
  page,
}) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.goto("/settings/mail");
  const send = page.getByRole("button", { name: "Send test mail" });
  await expect(send).toBeDisabled();
  const colour = await send.evaluate((button) => getComputedStyle(button).backgroundColor);
  await send.hover({ force: true });
  await expect(send).toHaveCSS("background-color", colour);
});

test("a sentence of the audit never begins a line with its comma", async ({ page, sql, logIn }) => {
  const { email } = await logIn({ authority: "SYS_ADMIN", email: "leo.rossi@plant-7.contoso.example" });
  await sql(
    `INSERT INTO audit_events (at, kind, actor_email, subject_email, address, user_agent, request_id, details)
     VALUES (now(), 'account-created', $1, $1, '', '', '', '{"authority": "CUSTOMER_USER"}')`,
    email,
  );
  await page.goto("/audit?kind=account-created");
  const sentence = page.getByRole("table").locator("p", { hasText: "a customer user" });
  await expect(sentence).toBeVisible();
  const loose: number[] = [];
  for (let width = 1440; width > 320; width -= 20) {
    await page.setViewportSize({ width, height: 900 });
    const isLoose = await sentence.evaluate((element) => {
      const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      const comma = document.createRange();
      for (let node = texts.nextNode(); node; node = texts.nextNode()) {
        if (!node.nodeValue?.startsWith(",")) continue;
        comma.setStart(node, 0);
        comma.setEnd(node, 1);
      }
      return comma.getBoundingClientRect().left <= element.getBoundingClientRect().left;
    });
    if (isLoose) loose.push(width);
  }
  expect(loose, "widths at which it does").toEqual([]);
});

test("on a tablet a person of the list has room for an address", async ({
  administrator: _,
  arrange,
  page,
}) => {
  await arrange("makeUser", { email: "katarzyna.zielinska@plant.example.org" });
  await page.setViewportSize({ width: 834, height: 1112 });
  await page.goto("/users");
  const address = page.getByRole("link", { name: "katarzyna.zielinska@plant.example.org" });
  const lines = await address.evaluate((element) => {
    const text = document.createRange();
    text.selectNodeContents(element);
    return new Set([...text.getClientRects()].map(({ bottom }) => Math.round(bottom))).size;
  });
  expect(lines, "lines of the address").toBe(1);
});

test("in half a window the lines of a session, of a message and of a person stand in pairs", async ({
  administrator: _,
  page,
  sql,
}) => {
  await insertFailedMail(sql);
  for (const [path, left, right] of [
    ["/sessions", /^From /, /^Started /],
    ["/mail", /^Attempts /, /^Created /],
    ["/users", /@/, /administrator$/],
  ] as const) {
    await page.goto(path);
    const row = page.getByRole("row").last();
    const linesAt = async (width: number) => {
      await page.setViewportSize({ width, height: 900 });
      const boxes = [left, right].map((text) => row.getByText(text).first().boundingBox());
      const [one, other] = await Promise.all(boxes);
      return other && one && other.y - one.y < 4 ? "beside" : "below";
    };
    expect(await linesAt(768), path).toBe("beside");
    expect(await linesAt(390), path).toBe("below");
  }
});

test("in half a window a session stands in the columns of the others, whether it can be ended or not", async ({
  administrator: _,
  arrange,
  page,
}) => {
  await arrange("loggedIn", await arrange("makeUser"));
  await page.setViewportSize({ width: 768, height: 900 });
  await page.goto("/sessions");
  const rows = page.getByRole("row").filter({ hasText: "Started" });
  await expect(rows.filter({ has: page.getByRole("button") })).toHaveCount(1);
  const starts = await rows.evaluateAll((all) =>
    all.map((row) => row.children[1]?.getBoundingClientRect().left),
  );
  expect(starts).toEqual([starts[0], starts[0]]);
});

test("the long name of a program stays in its column", async ({ administrator: _, page, sql }) => {
  const program = "IndustrialGatewayFirmwareUpdater";
  await sql("UPDATE sessions SET user_agent = $1", `${program}/1.0`);
  await sql(
    `INSERT INTO audit_events (at, kind, actor_email, subject_email, address, user_agent, request_id, details)
     VALUES (now(), 'logged-out', 'jane@example.org', '', '203.0.113.7', $1, '', '{}')`,
    `${program}/1.0`,
  );
  for (const path of ["/sessions", "/audit"]) {
    await page.goto(path);
    const cell = page.getByRole("cell").filter({ hasText: program }).last();
    await expect(cell).toBeVisible();
    for (const width of [1440, 1280, 1180]) {
      await page.setViewportSize({ width, height: 900 });
      const overhang = await cell.evaluate((element) => element.scrollWidth - element.clientWidth);
      expect(overhang, `${path} at ${width} px`).toBe(0);
    }
  }
});

test.describe("under a finger", () => {
  test.use({ hasTouch: true, isMobile: true, viewport: PHONE });

  test("whatever is pressed is 44 pixels high", async ({ arrange, context, page, product, sql }) => {
    await insertFailedMail(sql);
    await arrange("makeSettings", { general: { maxFailedLoginAttempts: 9 } });
    const user = await arrange("makeUser", { authority: "SYS_ADMIN" });
    const { token } = await arrange("loggedIn", user);
    await arrange("loggedIn", user);
    const locked = await arrange("makeUser", { lockedAt: new Date() });
    await giveSession(context, product.url, token);
    for (const path of [
      "/settings/security",
      "/settings/history/general/1",
      `/users/${user.id}`,
      "/sessions",
      "/mail",
      "/account",
    ]) {
      await page.goto(path);
      await expect(page.getByRole("main").getByRole("heading").first()).toBeVisible();
      const small = await page
        .getByRole("main")
        .locator("button:visible, nav a:visible")
        .evaluateAll((buttons) =>
          buttons
            .filter((button) => !button.matches("[tabindex='-1'], .control button"))
            .filter((button) => button.getBoundingClientRect().height < 44)
            .map(({ textContent }) => textContent),
        );
      expect(small, `lower than 44 px on ${path}`).toEqual([]);
    }
    await page.goto(`/users/${locked.id}`);
    await page.getByRole("button", { name: "Unlock" }).click();
    const dismiss = await page.getByRole("button", { name: "Dismiss" }).boundingBox();
    expect(dismiss?.height).toBeGreaterThanOrEqual(44);
    await page.getByRole("banner").getByRole("button").last().click();
    const theme = page.getByTitle("Dark").filter({ visible: true });
    expect((await theme.boundingBox())?.height).toBeGreaterThanOrEqual(44);
  });

  test("the dot of a value that is not the default stands beside its label", async ({
    administrator: _,
    arrange,
    page,
  }) => {
    await arrange("makeSettings", { general: { maxFailedLoginAttempts: 9, passwordResetTokenTtl: 9 } });
    await page.goto("/settings/security");
    // The button that resets the value is beside the shorter label, and below the longer one.
    for (const id of ["maxFailedLoginAttempts", "passwordResetTokenTtl"]) {
      const field = page.locator(`#${id}`);
      await expect(field.getByRole("button", { name: /^Reset to/ })).toBeVisible();
      const [dot, label] = [
        await field.locator("span:empty").boundingBox(),
        await field.locator("label").boundingBox(),
      ];
      const middle = (box: typeof dot) => (box?.y ?? 0) + (box?.height ?? 0) / 2;
      expect(Math.abs(middle(dot) - middle(label)), id).toBeLessThan(3);
    }
  });

  test("no option of a list's filters is cut off when it is chosen", async ({ administrator: _, page }) => {
    for (const path of ["/users", "/sessions", "/audit", "/settings/history"]) {
      await page.goto(path);
      const widths = [320, 360, 375, 390, 412, 430, 600, 768, 834, 1024, 1280];
      await atWidths(page, widths, expectWholeOptions);
    }
  });

  test("an address of a session does not run under the button that ends it", async ({
    arrange,
    context,
    page,
    product,
  }) => {
    const user = await arrange("makeUser");
    const { token } = await arrange("loggedIn", user);
    await arrange("loggedIn", user, { address: "2001:db8:85a3:1234:5678:8a2e:370:7334" });
    await giveSession(context, product.url, token);
    await page.goto("/account");
    const button = await page
      .getByRole("button", { name: /^End session/ })
      .first()
      .boundingBox();
    const address = await page
      .getByRole("listitem")
      .filter({ has: page.getByRole("button", { name: /^End session/ }) })
      .first()
      .locator("bdi")
      .boundingBox();
    if (!button || !address) throw new Error("The session is not shown.");
    expect(address.x + address.width).toBeLessThanOrEqual(button.x);
  });
});

test("text twice as large breaks no words, and its lines do not overlap", async ({
  administrator: _,
  arrange,
  page,
}) => {
  await arrange("makeUser", { lastLoginAt: new Date() });
  await page.setViewportSize(PHONE);
  await withTextTwiceAsLarge(page, async () => {
    await page.goto("/mail");
    const main = ["All", "Queued", "Sent", "Failed", "Withdrawn", "Find"];
    // "AL": the initials of the administrator.
    for (const [part, words] of [["main", main] as const, ["banner", ["AL"]] as const]) {
      for (const word of words) {
        const lines = await page
          .getByRole(part)
          .getByText(word, { exact: true })
          .evaluate((element) => {
            const text = document.createRange();
            text.selectNodeContents(element);
            return text.getClientRects().length;
          });
        expect(lines, `lines of “${word}”`).toBe(1);
      }
    }
    for (const path of ["/users", "/sessions", "/account", "/settings/history"]) {
      await page.goto(path);
      const times = page.getByRole("main").locator("time").filter({ visible: true });
      await expect(times.first()).toBeVisible();
      const closest = await times.evaluateAll((elements) => {
        const leading = elements.map((element) => {
          const { fontSize, lineHeight } = getComputedStyle(element);
          return Number.parseFloat(lineHeight) / Number.parseFloat(fontSize);
        });
        return Math.min(...leading);
      });
      expect(closest, `the lines of ${path}`).toBeGreaterThan(1.3);
    }
  });
});

test("the settings stand in their panels by the names, and in the order, that administrators know", async ({
  administrator: _,
  page,
}) => {
  const settings = new SecuritySettingsPage(page);
  await settings.open();
  const panels = {
    "General policy": [
      "Maximum number of failed login attempts",
      "Notification on account lockout",
      "User activation link TTL (hours)",
      "Password reset link TTL (hours)",
      "Mobile secret key length",
      // From here on our own.
      "Response",
      "Unlock automatically after (minutes)",
      "Tell the account’s owner",
      "Login attempts per network address and minute",
    ],
    "Password policy": [
      "Minimum password length",
      "Maximum password length",
      "Minimum number of uppercase letters",
      "Minimum number of lowercase letters",
      "Minimum number of digits",
      "Minimum number of special characters",
      "Password expiration period in days",
      "Password reuse frequency in days",
      "Allow whitespace",
      "Force to reset password if not valid",
    ],
    "JWT security": [
      "Issuer name",
      "Signing key",
      "Token expiration time (sec)",
      "Refresh token expiration time (sec)",
      "Key ring",
    ],
  } as const;
  await expect(page.getByRole("main").getByRole("heading", { level: 2 })).toHaveText(Object.keys(panels));
  for (const [title, names] of Object.entries(panels)) {
    const { region } = settings.panel(title as keyof typeof panels);
    await expect(region.locator("h3, label")).toHaveText([...names]);
  }
});
