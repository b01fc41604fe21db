import { randomBytes, randomUUID } from "node:crypto";
import type { Socket } from "node:net";
import { Client } from "pg";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { host } from "@/lib/core/actor";
import { db, pool } from "@/lib/core/db";
import { env } from "@/lib/core/env";
import { SealBroken, seal } from "@/lib/core/secrets";
import { rotateSecretKey } from "@/lib/rescue/service/rotate-secret-key";
import { currentKey, openKey } from "@/lib/tokens/key-ring";
import { sealedFor } from "@/lib/tokens/rules";
import { replaceSecretKey } from "@/server/rotate-secret-key";
import { holdSealingLock } from "@/server/sealing";
import { opensSigningKey } from "@/server/secret-key";
import { acquireExclusiveSealingLock } from "@/server/server-lock";
import { makeSettings } from "./support/accounts";
import { countWaiting, emptyDatabase } from "./support/database";
import { startRelay } from "./support/relay";
import { statementText } from "./support/statements";

let ends: (() => Promise<void>)[];
let lost: unknown[];

beforeEach(async () => {
  await emptyDatabase();
  [ends, lost] = [[], []];
});
afterEach(async () => {
  for (const end of ends) await end();
});

/** Holds the lock that a running server holds. @returns a function that releases it */
async function serve(): Promise<() => Promise<void>> {
  const { DATABASE_URL, SECRET_KEY: secretKey } = env();
  const end = await holdSealingLock(DATABASE_URL, { secretKey, onLost: (error) => lost.push(error) });
  ends.push(end);
  return end;
}

const replace = () => acquireExclusiveSealingLock(env().DATABASE_URL);
/** The process ids of the connections on which servers hold that lock. */
const servers = async () =>
  (
    await db().$queryRaw<{ pid: string }[]>`SELECT pid::text FROM pg_locks JOIN pg_database ON oid = database
      WHERE datname = current_database() AND locktype = 'advisory' AND objid = 3 AND mode = 'ShareLock' AND granted`
  ).map(({ pid }) => pid);
/** The number of connections on which somebody has or wants that lock. */
const connections = () =>
  db().$queryRaw<unknown[]>`SELECT FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE 'gatehouse server%'`.then(
    (rows) => rows.length,
  );
/** Terminates every server's connection, as a restart of the database does. */
const breakConnections = () =>
  db().$executeRaw`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE 'gatehouse server%'`;

describe("servers of one database and whoever replaces its key", () => {
  it("keep one another out", async () => {
    const [first, second] = [await serve(), await serve()];
    await expect(replace()).rejects.toThrow("Stop all of its servers first");
    await first();
    await expect(replace()).rejects.toThrow("Stop all of its servers first");
    await second();
    const alone = await replace();
    await expect(serve()).rejects.toThrow("SECRET_KEY is being replaced on this database");
    await expect(replace()).rejects.toThrow();
    await alone.release();
    await serve();
    // Whoever was refused has closed its connection.
    await expect.poll(connections).toBe(1);
  });

  it("take it again on a new connection when the old one is not answered any more", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "setTimeout", "clearTimeout"] });
    try {
      await makeSettings();
      const clients: Socket[] = [];
      const { DATABASE_URL, SECRET_KEY: secretKey } = env();
      const relay = await startRelay(DATABASE_URL, (client, upstream) => {
        client.pipe(upstream).pipe(client);
        clients.push(client);
      });
      ends.push(async () => relay.stop());
      ends.push(await holdSealingLock(relay.url, { secretKey, onLost: (error) => lost.push(error) }));
      await expect.poll(servers).toHaveLength(1);
      const [first = ""] = await servers();
      for (const client of clients) client.unpipe().pause();
      await vi.advanceTimersByTimeAsync(23_000);
      await expect.poll(servers).toContainEqual(expect.not.stringMatching(new RegExp(`^${first}$`)));
      expect(lost).toEqual([]);
    } finally {
      vi.useRealTimers();
    }
  });

  it("lose the lock within minutes when their host loses power", async () => {
    const query = vi.spyOn(Client.prototype, "query");
    await serve();
    const asked = query.mock.calls.findIndex(([text]) =>
      statementText(text).includes("advisory_lock_shared"),
    );
    const holder = query.mock.contexts[asked] as Client;
    query.mockRestore();
    const { rows } = await holder.query(
      "SELECT current_setting('tcp_keepalives_idle') AS idle, current_setting('tcp_keepalives_interval') AS interval",
    );
    expect(rows).toEqual([{ idle: "20", interval: "10" }]);
  });

  it("end within seconds where the database does not answer any more", { timeout: 20_000 }, async () => {
    const clients: Socket[] = [];
    const { DATABASE_URL, SECRET_KEY: secretKey } = env();
    const relay = await startRelay(DATABASE_URL, (client, upstream) => {
      client.pipe(upstream).pipe(client);
      clients.push(client);
    });
    const end = await holdSealingLock(relay.url, { secretKey, onLost: (error) => lost.push(error) });
    for (const client of clients) client.unpipe().pause();
    await end();
    relay.stop();
    expect(lost).toEqual([]);
  });

  it.each([
    ["with its key", makeSettings],
    ["before the first start has made a key", async () => undefined],
  ])("do so again after the database was away, %s", async (_name, make) => {
    await make();
    const end = await serve();
    const [first = ""] = await servers();
    const query = vi.spyOn(Client.prototype, "query");
    await breakConnections();
    await expect.poll(servers).toEqual([expect.not.stringMatching(new RegExp(`^${first}$`))]);
    const asked = () => query.mock.calls.findIndex(([text]) => statementText(text).includes("sealed_key"));
    await expect.poll(() => query.mock.settledResults[asked()]?.type).toBe("fulfilled");
    query.mockRestore();
    await expect(replace()).rejects.toThrow("Stop all of its servers first");
    expect(lost).toEqual([]);
    await end();
    await (await replace()).release();
  });

  it("do not start with another key, which is known before the database is migrated", async () => {
    await makeSettings();
    const serving = { secretKey: randomBytes(32), onLost: (error: unknown) => lost.push(error) };
    await expect(holdSealingLock(env().DATABASE_URL, serving)).rejects.toThrow(
      "SECRET_KEY is not the key that this database is encrypted with",
    );
    await expect.poll(connections).toBe(0);
    expect(lost).toEqual([]);
  });

  it("do not go on when the key was replaced meanwhile", async () => {
    await makeSettings();
    await serve();
    // Stands for a rotation right after the connection broke.
    await rotateSecretKey(host, { from: env().SECRET_KEY, to: randomBytes(32) });
    await breakConnections();
    await expect.poll(() => lost.length).toBe(1);
    expect(String(lost[0])).toContain("SECRET_KEY was replaced while the database was unreachable");
  });

  it("find their key in force if they could start because whoever replaces it lost the lock meanwhile", async () => {
    await makeSettings();
    const blocker = await pool().connect();
    await blocker.query("BEGIN; LOCK TABLE outbox_messages IN ROW EXCLUSIVE MODE");
    const replacing = replaceSecretKey({ ...env(), NEW_SECRET_KEY: randomBytes(32) });
    const undone = expect(replacing).rejects.toThrow("not queryable");
    await expect.poll(countWaiting).toBe(1);
    await breakConnections();
    await serve();
    await blocker.query("ROLLBACK");
    blocker.release();
    await undone;
    expect(await opensSigningKey(env().DATABASE_URL, env().SECRET_KEY)).toBe(true);
  });

  it("do not go on while the key is being replaced", async () => {
    await makeSettings();
    await serve();
    const replacing = await pool().connect();
    try {
      // It waits for the server's lock, and so gets the lock before the server can take it again.
      const [held] = await db().$queryRaw<{ space: bigint }[]>`SELECT classid::bigint AS space FROM pg_locks
        JOIN pg_database ON oid = database WHERE datname = current_database() AND locktype = 'advisory' AND objid = 3`;
      const taken = replacing.query("SELECT pg_advisory_lock($1, 3)", [held?.space]);
      await expect.poll(countWaiting).toBe(1);
      await breakConnections();
      await taken;
      await expect.poll(() => lost.length).toBe(1);
      expect(String(lost[0])).toContain("SECRET_KEY is being replaced on this database");
    } finally {
      replacing.release(true);
    }
  });

  it("ask about the key until they are answered, also where the database goes away again meanwhile", async () => {
    await makeSettings();
    await serve();
    await rotateSecretKey(host, { from: env().SECRET_KEY, to: randomBytes(32) });
    const blocker = await pool().connect();
    await blocker.query("BEGIN; LOCK TABLE signing_keys IN ACCESS EXCLUSIVE MODE");
    await breakConnections();
    await expect.poll(countWaiting).toBe(1);
    await db().$executeRaw`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    await blocker.query("ROLLBACK");
    blocker.release();
    await expect.poll(() => lost.length).toBe(1);
    expect(String(lost[0])).toContain("SECRET_KEY was replaced while the database was unreachable");
  });
});

describe("opensSigningKey", () => {
  it("tells the right key from another, and from none at all", async () => {
    const { DATABASE_URL, SECRET_KEY } = env();
    const unused = Object.assign(new URL(DATABASE_URL), { pathname: "/postgres" }).href;
    expect(await opensSigningKey(unused, SECRET_KEY)).toBeNull();
    expect(await opensSigningKey(DATABASE_URL, SECRET_KEY)).toBeNull();
    await makeSettings();
    expect(await opensSigningKey(DATABASE_URL, SECRET_KEY)).toBe(true);
    expect(await opensSigningKey(DATABASE_URL, randomBytes(32))).toBe(false);
  });

  it("fails, and does nothing else, when its connection breaks in the middle", async () => {
    const relay = await startRelay(env().DATABASE_URL, (client, upstream) => {
      client.on("data", (message) =>
        message.includes("signing_keys") ? client.destroy() : upstream.write(message),
      );
      upstream.pipe(client);
    });
    await expect(opensSigningKey(relay.url, env().SECRET_KEY)).rejects.toThrow("Connection terminated");
    relay.stop();
  });
});

describe("a sealed signing key", () => {
  it("that is copied into another key's row does not open there, also after it was opened in its own", async () => {
    await makeSettings();
    const key = await currentKey(db());
    expect(openKey(key).kid).toBe(key.kid);
    expect(() => openKey({ ...key, kid: randomUUID() })).toThrow(SealBroken);
    expect(openKey(key).secret).toHaveLength(64);
  });

  it("is kept open, but only until others have taken its place", async () => {
    const secret = randomBytes(64);
    const keys = Array.from({ length: 65 }, () => {
      const kid = randomUUID();
      return { kid, issuer: "gatehouse", sealedKey: seal(secret, sealedFor(kid)) };
    });
    const [first, ...others] = keys;
    if (!first) throw new Error("no key");
    const opened = openKey(first).secret;
    expect(openKey(first).secret).toBe(opened);
    for (const key of others) openKey(key);
    expect(openKey(first).secret).not.toBe(opened);
    expect(openKey(first).secret).toEqual(opened);
  });
});
