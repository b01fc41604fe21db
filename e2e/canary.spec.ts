import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { dump } from "./fixtures/snapshot";
import { expect, sessionToken, test } from "./fixtures/test";
import { ActivationPage } from "./pages/activation-page";
import { LoginPage } from "./pages/login-page";
import { RotationDialog } from "./pages/rotation-dialog";
import { SecuritySettingsPage } from "./pages/security-settings-page";

/** The encodings in which a secret might appear. */
function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const decoded = /^[A-Za-z0-9+/]{43,}=*$/.test(secret) ? Buffer.from(secret, "base64") : bytes;
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    bytes.toString("base64").replace(/=+$/, ""),
    decoded.toString("hex"),
    decoded.toString("base64url"),
  ];
}

function expectNone(secrets: Record<string, string>, text: string, where: string): void {
  const found = Object.entries(secrets).flatMap(([name, secret]) =>
    spellings(secret).some((spelling) => text.includes(spelling)) ? [`${name} in ${where}`] : [],
  );
  expect(found).toEqual([]);
}

function bundle(): string {
  const files = readdirSync(".next/static", { recursive: true, withFileTypes: true });
  return files
    .filter((file) => file.isFile())
    .map((file) => readFileSync(path.join(file.parentPath, file.name), "latin1"))
    .join("\n");
}

test("no secret is anywhere in clear", async ({ page, context, arrange, product, sql }) => {
  const tag = randomBytes(6).toString("hex");
  const password = `the canary sings ${tag}`;
  const wrong = `the canary is wrong ${tag}`;
  const misplaced = `the canary misses ${tag}`;
  const key = randomBytes(64).toString("base64");
  const printedBefore = product.output().length;
  const bodies: Promise<{ url: string; text: string }>[] = [];
  context.on("response", (response) => {
    const text = response.text().catch(() => "");
    bodies.push(
      text.then((body) => ({ url: `${response.request().method()} ${response.url()}`, text: body })),
    );
  });
  const settings = new SecuritySettingsPage(page);
  const panel = settings.panel("JWT security");
  const login = new LoginPage(page);

  // By default Node then opens its debugger, to everybody on the machine, and says so on the output.
  const [server] = await sql<{ pid: string }>(`SELECT substring(application_name from 'process (.*)') AS pid
    FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'gatehouse server%'`);
  process.kill(Number(server?.pid), "SIGUSR1");

  const { activationLink, adminEmail } = await arrange("provision");
  const link = new URL(activationLink?.url ?? "").searchParams.get("token") ?? "";
  await page.goto(activationLink?.url ?? "");
  await new ActivationPage(page).choose(password);
  await expect(page).toHaveURL(/\/login/);
  await login.fail(adminEmail, wrong);
  await test.step("a password typed where the address belongs", async () => {
    await login.open();
    await page.locator("form").evaluate((form: HTMLFormElement) => {
      form.noValidate = true;
    });
    await login.logIn(misplaced, "x");
    await expect(login.message).toContainText("password is wrong");
  });
  await login.logIn(adminEmail, password);
  await expect(page).toHaveURL("/settings/security");
  const token = (await sessionToken(context)) ?? "";

  await panel.region.getByRole("button", { name: "Paste key" }).click();
  await panel.field(/^Signing key$/).fill(key);
  await panel.save.click();
  await new RotationDialog(page).confirm.click();
  await expect(settings.notices).toContainText("Saved");
  await page.goto("/audit");
  await page.reload();

  const secrets = { password, wrong, token, key, link, SECRET_KEY: product.env.SECRET_KEY };
  await test.step("the pages and their payloads", async () => {
    const { link: _, ...others } = secrets;
    for (const { url, text } of await Promise.all(bodies)) {
      // The page behind the link contains the link's secret, to post it back.
      expectNone(url.includes("/activate?") ? others : secrets, text, url);
    }
    expect(bodies.length).toBeGreaterThan(20);
  });
  await test.step("the export of the audit", async () => {
    const text = await (await page.request.get("/audit/export")).text();
    expect(text.split("\n").length).toBeGreaterThan(5);
    expectNone({ ...secrets, misplaced }, text, "the export");
  });
  await test.step("the bundle", () => {
    const text = bundle();
    expect(text.length).toBeGreaterThan(100_000);
    expectNone(secrets, text, "the bundle");
    expect(text).not.toMatch(/argon2|node:crypto|password_hash|sealedKey|DATABASE_URL/);
  });
  await test.step("the log", () => {
    const log = product.output().slice(printedBefore);
    expectNone({ ...secrets, misplaced }, log, "the log");
    for (const line of log.split("\n").filter(Boolean)) expect(JSON.parse(line)).toHaveProperty("event");
  });
  await test.step("the database, the audit in it", async () => {
    const dumped = await dump(sql);
    expect(dumped.get("audit_events")?.split("\n").length).toBeGreaterThan(5);
    for (const [table, text] of dumped) expectNone({ ...secrets, misplaced }, text, table);
  });
});
