import { execFileSync, spawn, spawnSync } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { clusterUrl, SUPERUSER } from "@/server/cluster";
import {
  type EmbeddedDatabase,
  findEmbeddedDatabase,
  requireUnservedFolder,
  startEmbeddedDatabase,
} from "@/server/embedded-database";
import { findFreePort } from "@/server/free-port";
import { isPostgres, readPostmaster } from "@/server/postgres-process";
import { bundle } from "../scripts/build.js";

/** How often PostgreSQL is started for each report that it does not start. */
const MAX_STARTS = 3;
const BUNDLE = path.resolve("build/tests");
/** A user other than root; it need not exist. */
const NOBODY = 65_534;

/** A folder that a start has made, which tests copy that are not about its making: `initdb` takes long. */
let made: string;
let root: string;
let dataDir: string;
let running: EmbeddedDatabase[];
let events: string[];
let reports: EventEmitter;

beforeAll(async () => {
  made = await mkdtemp(path.join(tmpdir(), "gatehouse-embedded-"));
  await (await startEmbeddedDatabase(path.join(made, "data"), { onTrouble() {}, onLost() {} })).stop();
});
afterAll(() => rm(made, { recursive: true, force: true }));

beforeEach(async () => {
  // Mode 0700, as of `mktemp -d`: when root runs this, PostgreSQL's own user cannot enter the folder without help.
  root = await mkdtemp(path.join(tmpdir(), "gatehouse-embedded-"));
  dataDir = path.join(root, "data");
  running = [];
  events = [];
  reports = new EventEmitter();
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(running.map((database) => database.stop()));
  await rm(root, { recursive: true, force: true });
});

async function start(secretKey?: Buffer): Promise<EmbeddedDatabase> {
  const database = await startEmbeddedDatabase(dataDir, {
    ...(secretKey && { secretKey }),
    onTrouble(event) {
      events.push(event);
      reports.emit(event);
    },
    onLost(error) {
      events.push(`lost: ${String(error)}`);
      reports.emit("lost");
    },
  });
  running.push(database);
  return database;
}

/** Gives the test a folder that an earlier start has made. */
function copyMade(): void {
  execFileSync("cp", ["-pR", path.join(made, "data"), dataDir]);
}

async function startOnMade(): Promise<EmbeddedDatabase> {
  copyMade();
  return start();
}

async function stop(database: EmbeddedDatabase): Promise<void> {
  running = running.filter((one) => one !== database);
  await database.stop();
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** The lines that PostgreSQL notes about itself. */
const noted = async () =>
  (await readFile(path.join(dataDir, "postgres", "postmaster.pid"), "utf8")).split("\n");
const postmaster = async () => Number((await noted())[0]);

async function mode(file: string): Promise<string> {
  return ((await stat(file)).mode & 0o777).toString(8);
}

describe("the embedded database", () => {
  it("is made in a closed folder, with a role that is no superuser, and is gone after a stop", async () => {
    const database = await start();
    expect(await mode(dataDir)).toBe("700");
    expect(await mode(path.join(dataDir, "secrets.json"))).toBe("600");
    expect(await query(database.url, "SELECT usesuper FROM pg_user WHERE usename = current_user")).toEqual([
      { usesuper: false },
    ]);
    expect(await query(database.url, "SHOW server_encoding")).toEqual([{ server_encoding: "UTF8" }]);
    // It listens on the loopback only, and its log repeats no statement, which could contain user input.
    const closed = ["listen_addresses", "log_min_error_statement"];
    const settings = await query(
      database.url,
      `SELECT name, setting FROM pg_settings WHERE name IN ('${closed.join("', '")}')`,
    );
    expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toEqual({
      listen_addresses: "127.0.0.1",
      log_min_error_statement: "panic",
    });
    const [pid, , , , socketFolder] = await noted();
    expect(socketFolder).toBe("");
    await stop(database);
    expect(await isPostgres(Number(pid))).toBe(false);
  });

  it("logs that a value was refused, and not the value, which a person may have typed", async () => {
    const { url } = await startOnMade();
    await query(url, "CREATE TABLE people (email text UNIQUE)");
    const insert = () => query(url, "INSERT INTO people VALUES ('ada@example.org')");
    await insert();
    await expect(insert()).rejects.toMatchObject({ detail: "Key (email)=(ada@example.org) already exists." });
    const logged = await readFile(path.join(dataDir, "postgres", "server.log"), "utf8");
    expect(logged).toMatch(/duplicate key value violates unique constraint/);
    expect(logged).not.toContain("ada@example.org");
  });

  it("is connected to without what the environment demands for other databases", async () => {
    vi.stubEnv("PGSSLMODE", "require");
    vi.stubEnv("PGOPTIONS", "-c search_path=elsewhere");
    const { url } = await startOnMade();
    const connection = await query(
      url,
      "SELECT ssl, current_setting('search_path') AS path FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
    );
    expect(connection).toEqual([{ ssl: false, path: '"$user", public' }]);
  });

  it("keeps its data and its key from start to start", async () => {
    const first = await start();
    await query(first.url, "CREATE TABLE kept (it int)");
    await stop(first);
    const second = await start();
    expect(second.secretKey).toBe(first.secretKey);
    expect(await query(second.url, "SELECT to_regclass('kept')::text AS kept")).toEqual([{ kept: "kept" }]);
  });

  it("starts where all of its folder was opened to a group, as Kubernetes does with a volume", async () => {
    copyMade();
    const cluster = path.join(dataDir, "postgres");
    await chmod(cluster, 0o770);
    await start();
    expect(await mode(cluster)).toBe("700");
  });

  it("is served by one process only, which is named", async () => {
    await requireUnservedFolder(dataDir);
    const first = await startOnMade();
    const refusal = `Gatehouse is already running on ${dataDir} (process ${process.pid})`;
    await expect(requireUnservedFolder(dataDir)).rejects.toThrow(refusal);
    await expect(start()).rejects.toThrow(refusal);
    expect(await query(first.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  it("is made once by two starts that race on an empty folder", async () => {
    const results = await Promise.allSettled([start(), start()]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(String(results.find((result) => result.status === "rejected")?.reason)).toMatch(/already running/);
  });

  it("is made to the end where an earlier start has made its role only", async () => {
    const { url } = await startOnMade();
    const { superuserPassword } = JSON.parse(await readFile(path.join(dataDir, "secrets.json"), "utf8"));
    const superuser = clusterUrl(Number(new URL(url).port), SUPERUSER, superuserPassword, "postgres");
    const back = once(reports, "database-back");
    await query(superuser, "DROP DATABASE gatehouse WITH (FORCE)");
    await back;
    expect(events).toEqual(["database-lost", "database-back"]);
    expect(await query(url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  it("is started again on the same port when it dies", async () => {
    const database = await startOnMade();
    await query(database.url, "CREATE TABLE kept (it int)");
    const back = once(reports, "database-back");
    process.kill(await postmaster(), "SIGKILL");
    await back;
    expect(events).toEqual(["database-lost", "database-back"]);
    expect(await query(database.url, "SELECT to_regclass('kept')::text AS kept")).toEqual([{ kept: "kept" }]);
  });

  // Crash recovery twice, and the pauses between attempts, take long on a busy disk.
  it("is waited for while it cannot be started, which is said once", { timeout: 90_000 }, async () => {
    const database = await startOnMade();
    const control = path.join(dataDir, "postgres", "global", "pg_control");
    await rename(control, `${control}.kept`);
    const stuck = once(reports, "database-does-not-start");
    process.kill(await postmaster(), "SIGKILL");
    await stuck;
    const back = once(reports, "database-back");
    await rename(`${control}.kept`, control);
    await back;
    expect(events).toEqual(["database-lost", "database-does-not-start", "database-back"]);
    expect(await query(database.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  it("is tried often and told of once, although PostgreSQL's log has another time in each attempt", {
    timeout: 90_000,
  }, async () => {
    await startOnMade();
    const config = path.join(dataDir, "postgres", "postgresql.auto.conf");
    await writeFile(config, "shared_preload_libraries = 'gone'\n");
    const stuck = once(reports, "database-does-not-start");
    process.kill(await postmaster(), "SIGKILL");
    await stuck;
    const log = path.join(dataDir, "postgres", "server.log");
    const attempts = async () =>
      (await readFile(log, "utf8")).split("FATAL:  could not access file").length - 1;
    await expect.poll(attempts, { timeout: 60_000 }).toBeGreaterThan(MAX_STARTS * 2);
    expect(events).toEqual(["database-lost", "database-does-not-start"]);
  });

  it("is left to the server that has taken the folder meanwhile", async () => {
    const database = await startOnMade();
    const other = new pg.Client({ connectionString: database.url });
    other.on("error", () => undefined);
    await other.connect();
    try {
      const lost = once(reports, "lost");
      const locks = () =>
        query(database.url, "SELECT * FROM pg_locks WHERE locktype = 'advisory' ORDER BY granted DESC");
      const [held] = await locks();
      const taken = other.query("SELECT pg_advisory_lock($1, $2)", [held?.classid, held?.objid]);
      await expect.poll(locks).toHaveLength(2);
      await query(database.url, `SELECT pg_terminate_backend(${held?.pid})`);
      await taken;
      await lost;
      expect(events).toEqual([
        "database-lost",
        expect.stringMatching(/^lost: .*Gatehouse is already running on/),
      ]);
      await stop(database);
      expect((await other.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
    } finally {
      const pid = await postmaster();
      process.kill(pid, "SIGINT");
      await other.end().catch(() => undefined);
      // While PostgreSQL runs it writes into the folder that `afterEach` removes.
      await expect.poll(() => isPostgres(pid)).toBe(false);
    }
  });

  it("is taken over when its server was killed, with all that it had acknowledged", async () => {
    copyMade();
    await bundle("server/embedded-database.ts", BUNDLE);
    const code = `
      import { startEmbeddedDatabase } from ${JSON.stringify(path.join(BUNDLE, "embedded-database.mjs"))};
      const database = await startEmbeddedDatabase(process.argv[1], { onTrouble() {}, onLost() {} });
      process.stdout.write(database.url);
      setInterval(() => {}, 1000);`;
    const server = spawn(process.execPath, ["--input-type=module", "-e", code, dataDir], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [chunk] = await once(server.stdout, "data");
    const url = String(chunk);
    await query(url, "CREATE TABLE kept (it int)");
    await expect(start()).rejects.toThrow(`process ${server.pid}`);
    const pid = await postmaster();
    server.kill("SIGKILL");
    await once(server, "exit");

    expect(await isPostgres(pid)).toBe(true);
    // PostgreSQL may still have to notice that the holder's connection is closed.
    await expect.poll(() => requireUnservedFolder(dataDir).then(() => "unserved", String)).toBe("unserved");
    const database = await start();
    expect(database.url).toBe(url);
    expect(await findEmbeddedDatabase(dataDir)).toEqual({ url, secretKey: database.secretKey });
    expect(await query(url, "SELECT to_regclass('kept')::text AS kept")).toEqual([{ kept: "kept" }]);
    await stop(database);
    expect(await isPostgres(pid)).toBe(false);
  });

  it("starts when its dead PostgreSQL's number is that of another program by now", async () => {
    copyMade();
    const cluster = path.join(dataDir, "postgres");
    const closed = await findFreePort();
    await writeFile(
      path.join(cluster, "postmaster.pid"),
      [process.pid, cluster, 1, closed, "", "127.0.0.1", "1 1", "ready   ", ""].join("\n"),
    );
    expect(await query((await start()).url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  // Elsewhere a process's folder is not known.
  it.each(process.platform === "linux" ? ["server", "process of a server"] : [])(
    "starts when its dead PostgreSQL's number is that of another %s by now",
    async (kind) => {
      copyMade();
      const ours = dataDir;
      dataDir = path.join(root, "other");
      const other = await startOnMade();
      const client = new pg.Client({ connectionString: other.url });
      client.on("error", () => undefined);
      await client.connect();
      const backend = await client.query("SELECT pg_backend_pid() AS pid");
      const pid = kind === "server" ? await postmaster() : backend.rows[0].pid;
      dataDir = ours;
      const cluster = path.join(dataDir, "postgres");
      const closed = await findFreePort();
      await writeFile(
        path.join(cluster, "postmaster.pid"),
        [pid, cluster, 1, closed, "", "127.0.0.1", "1 1", "ready   ", ""].join("\n"),
      );
      expect(await query((await start()).url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
      await client.end();
    },
  );

  if (process.platform === "linux") {
    it("is recognised in a folder that was moved, although another has taken its place", async () => {
      await startOnMade();
      const pid = await postmaster();
      const moved = path.join(root, "moved");
      await rename(dataDir, moved);
      await mkdir(path.join(dataDir, "postgres"), { recursive: true });
      try {
        expect(await readPostmaster(path.join(moved, "postgres"))).toMatchObject({ pid });
      } finally {
        await rm(dataDir, { recursive: true });
        await rename(moved, dataDir);
      }
    });
  }

  it("leaves another key alone", async () => {
    copyMade();
    await expect(start(Buffer.alloc(32, 1))).rejects.toThrow(/SECRET_KEY is not the key/);
  });

  it("takes the operator's own key at the first start, and clears what a killed one left, nothing else", async () => {
    const { pid = 0 } = spawnSync(process.execPath, ["--version"]);
    const [stale, others] = [`.initdb-${pid}-0`, `.initdb-${process.pid}-0`];
    for (const name of [stale, others]) await mkdir(path.join(dataDir, name, "data"), { recursive: true });
    const key = Buffer.alloc(32, 1);
    expect((await start(key)).secretKey).toBe(key.toString("base64"));
    expect((await readdir(dataDir)).sort()).toEqual([others, "postgres", "secrets.json"]);
  });

  it("says what is missing or damaged, and destroys nothing", async () => {
    copyMade();
    const secrets = path.join(dataDir, "secrets.json");
    await rename(secrets, `${secrets}.kept`);
    await expect(start()).rejects.toThrow(/secrets\.json is missing/);
    await writeFile(secrets, "{}");
    await expect(start()).rejects.toThrow(/secrets\.json is damaged/);
    const kept = JSON.parse(await readFile(`${secrets}.kept`, "utf8"));
    const { superuserPassword, databasePassword } = kept;
    const foreign = { ...kept, superuserPassword: databasePassword, databasePassword: superuserPassword };
    await writeFile(secrets, JSON.stringify(foreign));
    await expect(start()).rejects.toThrow(/secrets\.json does not belong to the database/);
    expect(await readPostmaster(path.join(dataDir, "postgres"))).toBeNull();
    await rename(`${secrets}.kept`, secrets);

    const control = path.join(dataDir, "postgres", "global", "pg_control");
    await rename(control, `${control}.kept`);
    await expect(start()).rejects.toThrow(/does not start.*pg_control/s);
    await rename(`${control}.kept`, control);

    // Each start logs more than the log may hold, so that the next one begins with an empty log.
    const config = path.join(dataDir, "postgres", "postgresql.conf");
    await rename(config, `${config}.kept`);
    await writeFile(config, `${"unknown".repeat(150)} = on\n`.repeat(1_000));
    await expect(start()).rejects.toThrow(/does not start.*FATAL: .*postgresql\.conf" contains errors/s);
    await rename(`${config}.kept`, config);

    const version = path.join(dataDir, "postgres", "PG_VERSION");
    await rename(version, `${version}.kept`);
    await expect(start()).rejects.toThrow(/contains no PostgreSQL database/);
    await rename(`${version}.kept`, version);
    expect(await query((await start()).url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    expect((await stat(path.join(dataDir, "postgres", "server.log"))).size).toBeLessThan(1_000_000);
  });

  it("is made with the folders above it", async () => {
    dataDir = path.join(root, "new", "newer", "data");
    await start();
    expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
  });

  // Other systems have no folder in which that is impossible for everybody.
  if (process.platform === "linux") {
    it("says that a folder cannot be made where that is impossible", async () => {
      dataDir = "/proc/gatehouse/data";
      await expect(start()).rejects.toThrow(/it cannot be created there/);
    });
  }

  it.each(["$HOME", "a`b`", 'a"b', "a\\b", "a\nb"])(
    "says that its folder cannot be called %j, and makes none",
    async (name) => {
      dataDir = path.join(root, name);
      await expect(start()).rejects.toThrow(
        /^PostgreSQL cannot be started with .* in that path\. Set DATA_DIR/s,
      );
      await expect(stat(dataDir)).rejects.toMatchObject({ code: "ENOENT" });
    },
  );

  it("may have a folder with spaces, quotes and other letters in its name", async () => {
    dataDir = path.join(root, "it's a gate (日本) & 50% ü;*");
    expect(await query((await start()).url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  it("says that its folder cannot be written", async () => {
    await writeFile(dataDir, "a file");
    await expect(start()).rejects.toThrow(/a file is in the way/);
    dataDir = path.join(dataDir, "below", "it");
    await expect(start()).rejects.toThrow(/a file is in the way/);
    dataDir = path.join(root, "n".repeat(300));
    await expect(start()).rejects.toThrow(/its path is too long/);
    dataDir = path.join(root, "data");
    await rm(dataDir);
    await chmod(root, 0o500);
    // Root may write anywhere, and so is nobody for a moment.
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) process.seteuid?.(NOBODY);
    try {
      await expect(start()).rejects.toThrow(/cannot write there/);
    } finally {
      if (isRoot) process.seteuid?.(0);
      await chmod(root, 0o700);
    }
  });
});
