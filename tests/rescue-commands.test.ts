import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { closeDatabase, db } from "@/lib/core/db";
import { main } from "@/server/admin";
import { makeSettings, makeUser } from "./support/accounts";
import { emptyDatabase } from "./support/database";

const { DATABASE_URL = "", SECRET_KEY = "" } = process.env;

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings();
  await db().auditEvent.deleteMany();
});

afterEach(() => {
  process.exitCode = undefined;
  process.env.DATABASE_URL = DATABASE_URL;
  process.env.SECRET_KEY = SECRET_KEY;
});

/** Runs a command in this process. @returns what it prints, and its exit code */
async function admin(...args: string[]) {
  const printed = { out: "", err: "" };
  const write = (to: "out" | "err") => (text: string | Uint8Array) => {
    printed[to] += String(text);
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, "write").mockImplementation(write("out")),
    vi.spyOn(process.stderr, "write").mockImplementation(write("err")),
  ];
  try {
    await main(args);
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return { ...printed, exitCode: process.exitCode ?? 0 };
}

describe("a rescue command", () => {
  it.each([["--help"], ["-h"], ["help"], ["create", "--help"]])(
    "%j %s explains itself, without a server",
    async (...args) => {
      delete process.env.DATABASE_URL;
      const { out, err, exitCode } = await admin(...args);
      expect(out).toMatch(/^Usage: npm run admin -- COMMAND\n/);
      expect([err, exitCode]).toEqual(["", 0]);
    },
  );

  it.each([
    [["unlok", "ada@example.org"], "Unknown command: unlok"],
    [["unlock"], ""],
    [["settings", "reset"], "settings reset needs one of: "],
    [["reset-link", "--force"], "Unknown option '--force'"],
  ])("that is not understood says so, before it looks for a server: %j", async (args, said) => {
    vi.stubEnv("DATA_DIR", "/nonexistent");
    delete process.env.DATABASE_URL;
    const { err, exitCode } = await admin(...args);
    vi.unstubAllEnvs();
    expect(err).toContain(said);
    expect(err).toContain("\n\nUsage: npm run admin");
    expect(exitCode).toBe(1);
  });

  it("invites a system administrator, or somebody of another authority", async () => {
    const first = await admin("create", "new@example.org");
    expect(first).toMatchObject({ exitCode: 0, err: "" });
    expect(first.out).toMatch(
      /^This link works once, until \S+day, .+ UTC:\n {2}http\S+\/activate\?token=\S{43}\n$/,
    );
    expect((await admin("create", "other@example.org", "--authority", "CUSTOMER_USER")).exitCode).toBe(0);
    const made = await db().user.findMany({
      where: { email: { in: ["new@example.org", "other@example.org"] } },
    });
    expect(Object.fromEntries(made.map(({ email, authority }) => [email, authority]))).toEqual({
      "new@example.org": "SYS_ADMIN",
      "other@example.org": "CUSTOMER_USER",
    });
    const events = await db().auditEvent.findMany();
    expect(events.map(({ actorEmail, userAgent }) => [actorEmail, userAgent])).toEqual(
      Array(4).fill(["host", "npm run admin"]),
    );
  });

  it("says where its link leads, unless the environment has settled that", async () => {
    const { BASE_URL, PORT } = process.env;
    expect(BASE_URL).toBeDefined();
    delete process.env.BASE_URL;
    delete process.env.PORT;
    try {
      const { email } = await makeUser();
      const { out } = await admin("reset-link", email);
      const { origin } = new URL(/http\S+/.exec(out)?.[0] ?? "");
      expect(out).toContain(
        `\nIf the server is not at ${origin}, set its BASE_URL or PORT here too, and run the command again.\n`,
      );
    } finally {
      Object.assign(process.env, { BASE_URL, ...(PORT !== undefined && { PORT }) });
    }
  });

  it("shows the settings, and puts a panel back", async () => {
    const shown = await admin("settings", "show");
    expect(JSON.parse(shown.out).general.values.maxFailedLoginAttempts).toBe(5);
    expect(await admin("settings", "reset", "general")).toMatchObject({
      exitCode: 0,
      out: "The general settings are back at their defaults and in effect now.\n",
    });
    expect(await admin("settings", "reset", "jwt")).toMatchObject({
      exitCode: 0,
      out: "The jwt settings, except the issuer name, are back at their defaults and in effect now.\n",
    });
  });

  it("replaces no SECRET_KEY of a database that was never set up, and says so", async () => {
    await emptyDatabase();
    process.env.NEW_SECRET_KEY = Buffer.alloc(32, 7).toString("base64");
    const rotated = await admin("secret-key", "rotate").finally(() => delete process.env.NEW_SECRET_KEY);
    expect(rotated).toEqual({
      out: "",
      err: "This database was never set up. Start Gatehouse on it first.\n",
      exitCode: 1,
    });
  });

  it("replaces SECRET_KEY with the right keys alone, and says so if an earlier run has done it", async () => {
    const wrongKey = randomBytes(32).toString("base64");
    const newKey = randomBytes(32).toString("base64");
    const rotate = (keys: { SECRET_KEY?: string; NEW_SECRET_KEY?: string }) => {
      Object.assign(process.env, { SECRET_KEY, ...keys });
      return admin("secret-key", "rotate").finally(() => delete process.env.NEW_SECRET_KEY);
    };
    const before = await db().signingKey.findMany();
    for (const [keys, words] of [
      [{ SECRET_KEY: wrongKey, NEW_SECRET_KEY: newKey }, "SECRET_KEY is not the key"],
      [{ NEW_SECRET_KEY: SECRET_KEY }, "is the current key"],
      [{}, "Set SECRET_KEY to the current key and NEW_SECRET_KEY"],
      [{ NEW_SECRET_KEY: "short" }, "NEW_SECRET_KEY must be at least 32 random bytes"],
    ] as const) {
      expect(await rotate(keys)).toEqual({ out: "", err: expect.stringContaining(words), exitCode: 1 });
      expect(await db().signingKey.findMany()).toEqual(before);
    }
    process.exitCode = undefined;
    for (const words of ["Re-encrypted: 1 signing key,", "already encrypted with NEW_SECRET_KEY"]) {
      const { out, err, exitCode } = await rotate({ NEW_SECRET_KEY: newKey });
      expect([err, exitCode]).toEqual(["", 0]);
      expect(out).toContain(words);
      expect(out).toContain("start every server with SECRET_KEY set to the new key");
      for (const key of [SECRET_KEY, newKey]) expect(out).not.toContain(key);
    }
  });

  it("waits for its turn for longer than a request could", async () => {
    const { id, email } = await makeUser();
    await closeDatabase();
    const other = new pg.Client({ connectionString: DATABASE_URL });
    await other.connect();
    await other.query(`BEGIN; SELECT FROM users WHERE id = '${id}' FOR UPDATE`);
    const held = other.query("SELECT pg_sleep(5.5); COMMIT");
    const command = await admin("reset-link", email);
    await held;
    await other.end();
    expect(command).toMatchObject({ exitCode: 0, err: "" });
  });

  it("whose output nobody reads any more says so, without a stack", async () => {
    const child = spawn(process.execPath, ["scripts/admin.js", "create", "new@example.org"], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.destroy();
    const [err, [exitCode]] = await Promise.all([text(child.stderr), once(child, "exit")]);
    expect(exitCode).toBe(1);
    expect(err).toMatch(
      /^The output could not be written \(EPIPE\)\. The command itself was carried out\. .+\n$/m,
    );
    expect(err).not.toMatch(/\n {4}at /);
    expect(await db().user.count({ where: { email: "new@example.org" } })).toBe(1);
  });

  it("prints none of the queries, which contain secrets, in a shell that has DEBUG set", async () => {
    const child = spawn(process.execPath, ["scripts/admin.js", "create", "new@example.org"], {
      env: { ...process.env, DEBUG: "*" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect(out).toContain("/activate?token=");
    expect(err).not.toContain("prisma:client");
  });

  it.each<[string[], RegExp]>([
    [[], /^Usage: /],
    [["nonsense"], /^Unknown command: nonsense\n\nUsage: /],
    [["create"], /^Enter one e-mail address/],
    [["create", "a@example.org\r\nb@example.org"], /^Enter one e-mail address/],
    [["create", "a@example.org", "b@example.org"], /^Unexpected argument: b@example\.org\n/],
    [
      ["create", "a@example.org", "--authority", "ROOT"],
      /^Unknown authority: ROOT\. There are: .*\bTENANT_ADMIN\b/,
    ],
    [["unlock", "a@example.org", "--authority", "SYS_ADMIN"], /^--authority works only with create\./],
    [["unlock", "nobody@example.org"], /^There is no account with this address\.\n$/],
    [["unlock", "ada@example.org"], /^This account is not locked\.\n$/],
    [["reset-link", "off@example.org"], /^This account is disabled\./],
    [["reset-link", "ada@example.org", "again"], /^Unexpected argument: again\n/],
    [["settings"], /^settings needs one of: show, reset\n\nUsage: /],
    [["settings", "show", "general"], /^Unexpected argument: general\n/],
    [["settings", "reset"], /^settings reset needs one of: general, password, jwt\n\nUsage: /],
    [["settings", "forget"], /^Unknown command: settings forget\n\nUsage: /],
    [["settings", "reset", "mail"], /^Unknown panel: mail\n\nUsage: /],
    [["secret-key"], /^secret-key needs one of: rotate\n\nUsage: /],
    [["secret-key", "show"], /^Unknown command: secret-key show\n\nUsage: /],
    [["settings", "reset", "general", "jwt"], /^Unexpected argument: jwt\n/],
    [["unlock", "--force", "ada@example.org"], /^Unknown option '--force'/],
  ])("%j is refused in plain words, and does nothing", async (args, words) => {
    await makeUser({ email: "ada@example.org" });
    await makeUser({ email: "off@example.org", state: "DISABLED" });
    const { out, err, exitCode } = await admin(...args);
    expect([out, exitCode]).toEqual(["", 1]);
    expect(err).toMatch(words);
    expect(err).not.toMatch(/\n {4}at /);
    expect(await db().auditEvent.count()).toBe(0);
  });
});

describe("a database that", () => {
  it("goes away in the middle is told of, without a stack", async () => {
    const ask = pg.Client.prototype.query as (...args: unknown[]) => unknown;
    const query = vi.spyOn(pg.Client.prototype, "query").mockImplementation(function (
      this: pg.Client,
      ...args: unknown[]
    ) {
      const [statement] = args;
      if (!JSON.stringify(statement).includes("settings_revisions")) return ask.apply(this, args);
      throw Object.assign(new Error("canary"), { code: "57P01" });
    } as never);
    const { out, err, exitCode } = await admin("settings", "show").finally(() => query.mockRestore());
    expect([out, exitCode]).toEqual(["", 1]);
    expect(err).toBe("The connection to the database was lost. Check what was done, and try again.\n");
  });

  const named = (change: (url: URL) => void) => {
    const url = new URL(DATABASE_URL);
    change(url);
    return url.href;
  };

  it.each<[string, string, RegExp]>([
    [
      "is not there",
      named((url) => (url.port = "1")),
      /^The database \S+ at \S+:1 cannot be reached \(ECONNREFUSED\)\.\n$/,
    ],
    [
      "knows no such user",
      named((url) => {
        url.username = "nobody";
        url.password = "a canary";
      }),
      /^The database \S+ at \S+ (?:does not accept the user and password of DATABASE_URL|cannot be reached .*)\.\n$/,
    ],
    [
      "no server has used yet",
      named((url) => (url.pathname = "/postgres")),
      /Start the server first: npm start\n$/,
    ],
  ])("%s is named, without a stack", async (_name, url, words) => {
    process.env.DATABASE_URL = url;
    const { out, err, exitCode } = await admin("settings", "show");
    expect([out, exitCode]).toEqual(["", 1]);
    expect(err).toMatch(words);
    expect(err).not.toContain("canary");
  });
});
