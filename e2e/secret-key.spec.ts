import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { cleanEnv } from "@/tests/support/environment";
import { createEmptyDatabase, dropDatabase } from "@/tests/support/make-database";
import { startWorkers } from "@/tests/support/workers";
import { embeddedDatabase } from "./fixtures/embedded-database";
import { freePort, type Product, StartFailed, startProduct } from "./fixtures/product";
import { expect, test as quiet } from "./fixtures/quiet";
import { COOKIE } from "./fixtures/test";
import { send } from "./http/client";

type Env = Record<string, string>;
type Ended = { code: number; output: string };

/** Starts products, and stops them whether or not the test passes. */
const test = quiet.extend<{ start: (env: Env) => Promise<Product> }>({
  start: async ({ browserName: _ }, use) => {
    const started: Product[] = [];
    await use(async (env) => {
      const product = startProduct({ PORT: await freePort(), ...env });
      started.push(product);
      await product.ready;
      return product;
    });
    for (const product of started) await product.stop();
  },
});

const newKey = () => randomBytes(32).toString("base64");

/** Runs `npm run admin -- secret-key rotate`. */
function rotate(env: Env): Promise<Ended> {
  const args = ["scripts/admin.js", "secret-key", "rotate"];
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      args,
      { env: { ...cleanEnv(env), NODE_ENV: "production" } },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
    );
  });
}

/** Begins an administrator's session. @returns its Cookie header */
async function sessionOn(env: Env): Promise<string> {
  const [worker] = await startWorkers(1, { ...env, BASE_URL: "http://localhost:3000", LOG_LEVEL: "silent" });
  if (!worker) throw new Error("No worker was started.");
  const { token } = await worker.call("loggedIn", await worker.call("makeUser", { authority: "SYS_ADMIN" }));
  await worker.stop();
  return `${COOKIE}=${token}`;
}

const statusOf = async ({ url }: Product, cookie: string) =>
  (await send(url, { path: "/settings/security", headers: { cookie } })).status;

test("on an operator's own database, SECRET_KEY is replaced while no server runs, and sessions go on", async ({
  start,
}) => {
  test.slow();
  const server = process.env.TEST_DATABASE_URL ?? "";
  const DATABASE_URL = await createEmptyDatabase(server);
  const [SECRET_KEY, NEW_SECRET_KEY] = [newKey(), newKey()];
  const asked = { DATABASE_URL, SECRET_KEY, NEW_SECRET_KEY };
  try {
    const before = await start({ DATABASE_URL, SECRET_KEY });
    const cookie = await sessionOn({ DATABASE_URL, SECRET_KEY });
    expect(await statusOf(before, cookie)).toBe(200);

    await test.step("a server that runs is in the way", async () => {
      const { code, output } = await rotate(asked);
      expect(code).toBe(1);
      expect(output).toContain("Stop all of its servers first");
      await before.stop();
    });

    await test.step("the right one does, once, and says no key", async () => {
      const { code, output } = await rotate(asked);
      expect({ code, output }).toEqual({
        code: 0,
        output: expect.stringContaining("Re-encrypted: 1 signing key, 0 messages"),
      });
      expect(output).not.toContain(SECRET_KEY);
      expect(output).not.toContain(NEW_SECRET_KEY);
    });

    await test.step("a server with the old key does not start; one with the new key knows everyone", async () => {
      const failure = await start({ DATABASE_URL, SECRET_KEY }).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(StartFailed);
      expect((failure as StartFailed).output).toContain("SECRET_KEY is not the key that this database");
      const after = await start({ DATABASE_URL, SECRET_KEY: NEW_SECRET_KEY });
      expect(await statusOf(after, cookie)).toBe(200);
      await after.stop();
    });
  } finally {
    await dropDatabase(server, DATABASE_URL);
  }
});

test("in the data folder, SECRET_KEY is replaced with its file, and a start finds the right one after an interruption", async ({
  start,
}) => {
  test.slow();
  const folder = await mkdtemp(path.join(tmpdir(), "gatehouse-secret-key-"));
  const DATA_DIR = path.join(folder, "data");
  const file = path.join(DATA_DIR, "secrets.json");
  const read = async () => JSON.parse(await readFile(file, "utf8"));
  try {
    const first = await start({ DATA_DIR });
    const cookie = await sessionOn(await embeddedDatabase(DATA_DIR));
    const running = await rotate({ DATA_DIR });
    expect({ ...running }).toEqual({
      code: 1,
      output: expect.stringContaining("Gatehouse is already running on"),
    });
    await first.stop();

    const before = await read();
    expect((await rotate({ DATA_DIR })).code).toBe(0);
    const after = await read();
    expect(after).toEqual({ ...before, secretKey: expect.stringMatching(/^[\w+/]{43}=$/) });
    expect(after.secretKey).not.toBe(before.secretKey);
    expect((await stat(file)).mode & 0o777).toBe(0o600);

    // As a command leaves it that was cut off after the database had the new key.
    await writeFile(file, JSON.stringify({ ...before, nextSecretKey: after.secretKey }));
    const product = await start({ DATA_DIR });
    expect(await read()).toEqual(after);
    expect(await statusOf(product, cookie)).toBe(200);
    await product.stop();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
