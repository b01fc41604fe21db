import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { generalPolicyDefaults } from "@/lib/settings/general/schema";
import { startWorkers } from "@/tests/support/workers";
import { embeddedDatabase } from "./fixtures/embedded-database";
import { type FaultyPostgres, startFaultyPostgres } from "./fixtures/faulty-postgres";
import { freePort, type Product, startProduct } from "./fixtures/product";
import { openSql } from "./fixtures/sql";
import { storedPanel } from "./fixtures/stored";
import { COOKIE, expect, test } from "./fixtures/test";
import { actionNamed, answerOf, callAction } from "./http/actions";
import { fromOwnPage, send } from "./http/client";
import { readLoginForm, submitLogin } from "./http/login-form";
import { expectSecure } from "./http/secure-answer";

const PASSWORD = "correct horse battery staple";
const REFUSED = "or this account cannot log in right now";
const WITHIN_MS = 5_000;

async function timed<T>(work: Promise<T>): Promise<{ value: T; ms: number }> {
  const begun = performance.now();
  return { value: await work, ms: performance.now() - begun };
}

test("killed under load, it has all that it acknowledged when it is started again", async () => {
  test.setTimeout(120_000);
  const folder = await mkdtemp(path.join(tmpdir(), "gatehouse-killed-"));
  const env = { PORT: await freePort(), DATA_DIR: path.join(folder, "data") };
  const first = startProduct(env);
  const started: Product[] = [first];
  try {
    await first.ready;
    const database = await embeddedDatabase(env.DATA_DIR);
    const [worker] = await startWorkers(1, { ...database, BASE_URL: first.url, LOG_LEVEL: "silent" });
    if (!worker) throw new Error("No worker was started.");
    const never = { maxFailedLoginAttempts: null, loginAttemptsPerAddressPerMinute: null };
    await worker.call("makeSettings", { general: never });
    const victim = await worker.call("makeUser", { authority: "SYS_ADMIN" });
    const { token } = await worker.call(
      "loggedIn",
      await worker.call("makeUser", { authority: "SYS_ADMIN" }),
    );
    await worker.stop();
    const { sql, close } = await openSql(database.DATABASE_URL);

    const acknowledged = { password: 0, jwt: 0, failures: 0 };
    let sent = 0;
    const isEnough = () => acknowledged.password >= 8 && acknowledged.jwt >= 8 && acknowledged.failures >= 8;
    const savers = [
      { panel: "password", action: "savePasswordPolicy", field: "passwordReuseFrequencyDays", more: {} },
      {
        panel: "jwt",
        action: "saveJwtSettings",
        field: "tokenExpirationTime",
        more: { key: null, mode: null, password: null },
      },
    ] as const;
    const saving = savers.map(async ({ panel, action, field, more }) => {
      const { values, version } = await storedPanel(sql, panel);
      for (let saved = version; ; saved += 1) {
        const edit = { version: saved, values: { ...values, [field]: 1_000 + saved }, ...more };
        const answer = await callAction(first.url, actionNamed(action), JSON.stringify([edit]), {
          cookie: `${COOKIE}=${token}`,
        });
        const { ok } = answerOf(answer) as { ok: boolean };
        if (!ok) throw new Error(`A save was refused: ${answer.body}`);
        acknowledged[panel] = saved + 1;
      }
    });
    const guessing = [1, 2].map(async () => {
      for (;;) {
        sent += 1;
        const answer = await submitLogin(first.url, victim.email, "wrong");
        if (answer.body.includes(REFUSED)) acknowledged.failures += 1;
      }
    });
    const broken = Promise.allSettled([...saving, ...guessing]);
    await expect.poll(isEnough, { timeout: 60_000, intervals: [50] }).toBe(true);
    await first.kill();
    for (const { reason } of (await broken) as PromiseRejectedResult[]) {
      expect(reason).toMatchObject({ code: expect.stringMatching(/^ECONN/) });
    }
    await close();

    const second = startProduct(env);
    started.push(second);
    await second.ready;
    const after = await openSql((await embeddedDatabase(env.DATA_DIR)).DATABASE_URL);
    for (const { panel, field } of savers) {
      const stored = await storedPanel(after.sql, panel);
      expect(stored.version).toBeGreaterThanOrEqual(acknowledged[panel]);
      expect(stored.values[field]).toBe(999 + stored.version);
      const [audited] = await after.sql<{ n: number }>(
        "SELECT count(*)::int AS n FROM audit_events WHERE kind = 'settings-changed' AND details->>'panel' = $1",
        panel,
      );
      expect(audited?.n, "each save is one with its audit event").toBe(stored.version - 1);
    }
    const [counted] = await after.sql<{ failed: number; audited: number }>(
      `SELECT failed_attempts AS failed,
              (SELECT count(*)::int FROM audit_events WHERE kind = 'login-failed') AS audited
       FROM users WHERE email = $1`,
      victim.email,
    );
    expect(counted?.failed).toBeGreaterThanOrEqual(acknowledged.failures);
    expect(counted?.failed).toBeLessThanOrEqual(sent);
    expect(counted?.audited).toBe(counted?.failed);
    await after.close();
    const login = await submitLogin(second.url, victim.email, PASSWORD);
    expect(login.headers["set-cookie"]).toContain(COOKIE);
  } finally {
    for (const product of started) await product.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

/** A product whose database comes and goes, an administrator's session, and a login form read while it was there. */
type FaultyProduct = Product & { cookie: string; logIn: Awaited<ReturnType<typeof readLoginForm>> };

const faultTest = test.extend<{ postgres: FaultyPostgres; faulty: FaultyProduct }>({
  postgres: async ({ browserName: _ }, use) => {
    const postgres = await startFaultyPostgres();
    await use(postgres);
    await postgres.end();
  },
  faulty: async ({ postgres }, use, testInfo) => {
    const secrets = { DATABASE_URL: postgres.url, SECRET_KEY: randomBytes(32).toString("base64") };
    const product = startProduct({ PORT: await freePort(), ...secrets });
    await product.ready;
    const [worker] = await startWorkers(1, { ...secrets, BASE_URL: product.url, LOG_LEVEL: "silent" });
    if (!worker) throw new Error("No worker was started.");
    const { token } = await worker.call(
      "loggedIn",
      await worker.call("makeUser", { authority: "SYS_ADMIN" }),
    );
    await worker.stop();
    const logIn = await readLoginForm(product.url);
    await use({ ...product, cookie: `${COOKIE}=${token}`, logIn });
    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach("log of the server", { body: product.output() });
    }
    await product.stop();
  },
});

async function expectUnavailable({ url, cookie, logIn }: FaultyProduct): Promise<void> {
  const values = { ...generalPolicyDefaults, maxFailedLoginAttempts: 7 };
  const asked = await Promise.all([
    timed(send(url, { path: "/settings/security", headers: { cookie } })),
    timed(send(url, { path: "/audit", headers: { cookie } })),
    timed(send(url, { path: "/login", headers: { cookie } })),
    timed(send(url, { path: "/activate?token=x" })),
    timed(send(url, { path: "/api/health" })),
  ]);
  for (const [index, { value, ms }] of asked.entries()) {
    expect(value.status, `page ${index}`).toBe(503);
    expect(ms, `page ${index}`).toBeLessThan(WITHIN_MS);
    expectSecure(value, `page ${index}`);
    if (value.headers["content-type"]?.startsWith("text/html")) {
      expect(value.headers["retry-after"], `page ${index}`).toBe("5");
      expect(value.body, `page ${index}`).toContain('<meta http-equiv="refresh" content="5">');
    }
  }
  const posted = { ...fromOwnPage(url), cookie, "content-type": "multipart/form-data; boundary=x" };
  const form = await timed(
    send(url, { method: "POST", path: "/account", headers: posted, body: "--x--\r\n" }),
  );
  expect([form.value.status, form.ms < WITHIN_MS]).toEqual([503, true]);
  expect((await send(url, { path: "/link-expired?kind=reset" })).status, "it needs no database").toBe(200);
  const login = await timed(logIn("ada@example.org", PASSWORD));
  expect(login.value.body).toContain("Gatehouse is busy. Wait a few seconds and try again.");
  expect(login.ms).toBeLessThan(WITHIN_MS);
  const save = await timed(
    callAction(url, actionNamed("saveGeneralPolicy"), JSON.stringify([{ version: 1, values }]), { cookie }),
  );
  expect(save.ms).toBeLessThan(WITHIN_MS);
  expect(answerOf(save.value)).toMatchObject({ ok: false, code: "unavailable" });
}

async function expectAvailable({ url, cookie, output }: FaultyProduct): Promise<void> {
  const health = async () => (await send(url, { path: "/api/health" })).status;
  await expect.poll(health, { timeout: WITHIN_MS, intervals: [100] }).toBe(200);
  const pages = await Promise.all(
    Array.from({ length: 12 }, () => send(url, { path: "/settings/security", headers: { cookie } })),
  );
  expect(pages.map(({ status }) => status)).toEqual(Array(12).fill(200));
  expect(await submitLogin(url, "nobody@example.org", PASSWORD)).toMatchObject({
    body: expect.stringContaining(REFUSED),
  });
  expect(output()).not.toContain('"level":"fatal"');
}

faultTest(
  "a database that hangs, is gone, or has become read-only is said so, and comes back",
  async ({ postgres, faulty }) => {
    test.setTimeout(120_000);
    await expectAvailable(faulty);
    await test.step("it hangs", async () => {
      await postgres.freeze();
      await expectUnavailable(faulty);
      postgres.thaw();
      await expectAvailable(faulty);
    });
    await test.step("it is gone", async () => {
      await postgres.stop();
      await expectUnavailable(faulty);
      await postgres.start();
      await expectAvailable(faulty);
    });
    await test.step("it is read-only, until it can be written", async () => {
      const { sql, close } = await openSql(postgres.url);
      const health = async () => {
        const { status, body } = await send(faulty.url, { path: "/api/health" });
        return [status, JSON.parse(body)];
      };
      const makeReadOnly = async (value: "on" | "off") => {
        await sql(`ALTER SYSTEM SET default_transaction_read_only = ${value}`);
        await sql("SELECT pg_reload_conf()");
      };
      await makeReadOnly("on");
      await expect.poll(health).toEqual([503, { status: "down", database: "read-only" }]);
      const login = await faulty.logIn("ada@example.org", PASSWORD);
      expect(login.body).toContain("Gatehouse is busy. Wait a few seconds and try again.");
      await makeReadOnly("off");
      await expect.poll(health).toEqual([200, { status: "up", database: "up" }]);
      await expectAvailable(faulty);
      await close();
    });
  },
);
