import { existsSync } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { MIGRATION_LOCK } from "@/server/server-lock";
import { createEmptyDatabase, dropDatabase } from "@/tests/support/make-database";
import { signalGroup } from "./fixtures/process-group";
import { freePort, type Product, StartFailed, startProduct } from "./fixtures/product";
import { expect, test as quiet } from "./fixtures/quiet";
import { openSql } from "./fixtures/sql";
import { ActivationPage } from "./pages/activation-page";
import { LoginPage } from "./pages/login-page";
import { SecuritySettingsPage } from "./pages/security-settings-page";

const PASSWORD = "a gate, a house, a lamp";

type Start = (more?: Readonly<Record<string, string>>) => Promise<Product>;

const test = quiet.extend<{ folder: string; start: Start }>({
  folder: async ({ browserName: _ }, use) => {
    const folder = await mkdtemp(path.join(tmpdir(), "gatehouse-first-start-"));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
  /** Runs `npm start` with a data folder and `more`, again and again on the same port, in other programs' shell. */
  start: async ({ folder, page }, use) => {
    const others = { DEBUG: "*", AUTH_URL: "login.example.org" };
    const env = { PORT: await freePort(), DATA_DIR: path.join(folder, "data"), ...others };
    const started: Product[] = [];
    await use(async (more) => {
      const product = startProduct({ ...env, ...more });
      started.push(product);
      await product.ready;
      return product;
    });
    // What an open page still loads would fail once the server has stopped.
    await page.close();
    for (const product of started) await product.stop();
  },
});

function linkIn(output: string): string {
  return /^ +(http\S+\/activate\?token=\S+)$/m.exec(output)?.[1] ?? "";
}

test("from an empty folder to a saved setting, which outlives a restart", async ({ page, folder, start }) => {
  const product = await start();
  const link = linkIn(product.output());
  const email = /administrator is (\S+)/.exec(product.output())?.[1] ?? "";
  const limit = new SecuritySettingsPage(page).panel("General policy").field("failed login attempts");

  await test.step("the data folder is closed to others", async () => {
    expect((await stat(path.join(folder, "data"))).mode & 0o777).toBe(0o700);
  });

  await test.step("the link leads to a password that fits the policy", async () => {
    const activation = new ActivationPage(page);
    expect(link).toMatch(`${product.url}/`);
    await page.goto(link);
    await activation.choose("too short");
    await expect(activation.requirement(/^not met: At least 12 characters/)).toBeVisible();
    await expect(page).toHaveURL(link);
    await activation.password.fill(PASSWORD);
    await expect(activation.requirement(/^met: At least 12 characters/)).toBeVisible();
    await activation.submit.click();
    await expect(page).toHaveURL(/\/login\?/);
  });

  await test.step("the password lets in", async () => {
    await new LoginPage(page).logIn(email, PASSWORD);
    await page.getByRole("link", { name: "Security settings" }).click();
    await expect(page).toHaveURL(`${product.url}/settings/security`);
  });

  await test.step("no library has printed its details, such as the hash of the password", () => {
    expect(product.output()).toContain('"path":"/login"');
    expect(product.output()).not.toMatch(/argon2id|prisma:/);
  });

  await test.step("a changed value is saved, and there after a reload", async () => {
    const settings = new SecuritySettingsPage(page);
    await expect(limit).toHaveValue("5");
    await limit.fill("7");
    await settings.panel("General policy").save.click();
    await expect(settings.notices).toContainText("Saved");
    await page.reload();
    await expect(limit).toHaveValue("7");
  });

  await test.step("the link works no more", async () => {
    await page.goto(link);
    await expect(page).toHaveURL(/\/link-expired/);
  });

  await test.step("a second start on the same folder says so and ends", async () => {
    for (const PORT of [await freePort(), new URL(product.url).port]) {
      const second = startProduct({ PORT, DATA_DIR: path.join(folder, "data") });
      const failure = await second.ready.catch((error) => error);
      expect(failure).toBeInstanceOf(StartFailed);
      expect(failure.exitCode).toBe(1);
      expect(failure.output).toMatch(/already running on .*gatehouse-first-start-/);
    }
  });

  await test.step("a port that is taken is reported in one line, before anything is created", async () => {
    const DATA_DIR = path.join(folder, "other");
    const second = startProduct({ PORT: new URL(product.url).port, DATA_DIR });
    const failure = await second.ready.catch((error) => error);
    expect(failure).toBeInstanceOf(StartFailed);
    expect(failure.exitCode).toBe(1);
    expect(failure.output).toMatch(
      /\nPort \d+ is already in use\. Set PORT to another port, or stop the program that uses it\.\n$/,
    );
    expect(existsSync(DATA_DIR)).toBe(false);
  });

  await test.step("Ctrl-C ends it, and the next start has everything", async () => {
    await page.goto("about:blank");
    await product.stop();
    const again = await start();
    expect(linkIn(again.output())).toBe("");
    await page.goto(`${again.url}/settings/security`);
    await expect(limit).toHaveValue("7");
  });
});

test("a start that is stopped while another one migrates ends, and changes nothing", async () => {
  const server = process.env.TEST_DATABASE_URL ?? "";
  const DATABASE_URL = await createEmptyDatabase(server);
  const { sql, close } = await openSql(DATABASE_URL);
  await sql("SELECT pg_advisory_lock($1, $2)", ...MIGRATION_LOCK);
  const SECRET_KEY = "0123456789abcdef".repeat(4);
  const product = startProduct({ PORT: await freePort(), DATABASE_URL, SECRET_KEY });
  const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'`;
  await expect.poll(() => sql(waiting), { timeout: 20_000 }).toHaveLength(1);
  signalGroup(product.pid, "SIGTERM");
  await expect.poll(product.output).toMatch(/Stopping …\n$/);
  await sql("SELECT pg_advisory_unlock_all()");
  const { output } = await product.ready.catch((error) => error);
  expect(output).toMatch(/Stopping …\n$/);
  expect(await sql("SELECT FROM information_schema.tables WHERE table_name = 'users'")).toEqual([]);
  await close();
  await dropDatabase(server, DATABASE_URL);
});

/**
 * Loading the first page takes longer than a connection to the database may take, as it does for all pages together on a
 * busy machine; nothing else is done meanwhile. A module, for Node's option --import.
 */
const SLOW_PAGES = `
  import Module from "node:module";
  const load = Module._load;
  let isFirst = true;
  Module._load = function (id, ...rest) {
    if (isFirst && String(id).includes("/.next/server/app/")) {
      isFirst = false;
      process.stdout.write("loading pages\\n");
      for (const begun = performance.now(); performance.now() - begun < 3_500; );
    }
    return load.call(this, id, ...rest);
  };`;

test("a supervisor starts it on a busy machine with an administrator’s name, and ends it by a signal to npm alone", async ({
  folder,
  start,
}) => {
  const ADMIN_PASSWORD = "a lantern, a ladder, a gate";
  const named = "The first administrator is ada@example.org, with the password from ADMIN_PASSWORD.";
  const ignored = "ADMIN_EMAIL and ADMIN_PASSWORD change nothing; they can be removed.";
  const administrator = { ADMIN_EMAIL: "ada@example.org", ADMIN_PASSWORD };
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(SLOW_PAGES)}`;
  const first = await start({ ...administrator, NODE_OPTIONS });

  await test.step("a busy machine fails neither the background work nor the first request", async () => {
    expect(await fetch(`${first.url}/api/health`)).toMatchObject({ status: 200 });
    expect(first.output()).toMatch(/loading pages[\s\S]*Gatehouse is at/);
  });

  await test.step("the signal ends server and database too", async () => {
    const postgres = path.join(folder, "data", "postgres", "postmaster.pid");
    expect(existsSync(postgres)).toBe(true);
    process.kill(first.pid, "SIGTERM");
    await expect.poll(() => existsSync(postgres)).toBe(false);
  });

  await test.step("the next start says that the names do nothing any more", async () => {
    const second = await start(administrator);
    for (const [{ output }, said, unsaid] of [
      [first, named, ignored],
      [second, ignored, named],
    ] as const) {
      expect(output()).toContain(said);
      expect(output()).not.toContain(unsaid);
      expect(output()).not.toContain(ADMIN_PASSWORD);
    }
  });
  expect(first.output()).not.toContain('"level":"error"');
});
