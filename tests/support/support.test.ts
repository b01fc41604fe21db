import { spawn } from "node:child_process";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { apiDocumentForPrograms } from "@/app/api/document";
import { logIn } from "@/lib/auth/service/log-in";
import { db } from "@/lib/core/db";
import { exampleOf, type JsonSchema } from "@/lib/request/json-schema";
import { settingsInForce } from "@/lib/settings/service";
import { makeSettings, makeUser } from "./accounts";
import { administrator, anonymous, loggedIn } from "./actors";
import { firstMessage } from "./child-module";
import { emptyDatabase } from "./database";
import { withoutExtraFields } from "./without-extra-fields";
import { startWorkers, stopWorkers, type Worker } from "./workers";

beforeEach(emptyDatabase);

describe("the factories", () => {
  it("make an account that can log in", async () => {
    await makeSettings();
    const { email, password } = await makeUser();
    expect(await logIn(anonymous(), { email, password, kind: "BROWSER" })).toMatchObject({ ok: true, email });
  });

  it("put settings in force", async () => {
    await makeSettings({ general: { maxFailedLoginAttempts: 3 }, jwt: { tokenIssuer: "elsewhere" } });
    await makeSettings({ password: { minimumLength: 20 } });
    const { general, password, jwt } = await settingsInForce();
    expect(general.values).toMatchObject({ maxFailedLoginAttempts: 3, userActivationTokenTtl: 24 });
    expect(password).toMatchObject({ version: 2, values: { minimumLength: 20, maximumLength: 128 } });
    const { person } = await loggedIn(await makeUser());
    expect([jwt.values.tokenIssuer, person.authority]).toEqual(["elsewhere", "CUSTOMER_USER"]);
  });

  it("make an administrator with a live session", async () => {
    await makeSettings();
    expect(await administrator({ email: "ada@example.org" })).toMatchObject({
      kind: "person",
      email: "ada@example.org",
      authority: "SYS_ADMIN",
    });
  });
});

describe("emptying the database", () => {
  it("gives way to a transaction that needs what it would hold, and comes after it", async () => {
    const { id } = await makeUser();
    let emptied: Promise<void> | undefined;
    await db().$transaction(async (tx) => {
      await tx.$executeRaw`LOCK TABLE users IN ROW EXCLUSIVE MODE`;
      emptied = emptyDatabase();
      // Long enough for `emptyDatabase` to wait for this transaction: a deadlock below, unless it gives way.
      await tx.$executeRaw`SELECT pg_sleep(0.3)`;
      for (const table of [
        "sessions",
        "account_links",
        "password_history",
        "audit_events",
        "settings_revisions",
      ]) {
        await tx.$executeRawUnsafe(`LOCK TABLE ${table} IN ROW EXCLUSIVE MODE`);
      }
      await tx.user.update({ where: { id }, data: { firstName: "Grace" } });
    });
    await emptied;
    expect(await db().user.count()).toBe(0);
  });
});

describe("a schema without extra fields", () => {
  const { User } = apiDocumentForPrograms("https://gatehouse.example.org").components.schemas;
  const example = exampleOf(User as JsonSchema) as { id: object };

  it.each([
    ["a field that it does not know", { ...example, mothersName: "x" }],
    ["one further down", { ...example, id: { ...example.id, mothersName: "x" } }],
  ])("refuses %s, which clients are told may come", (_name, more) => {
    expect(z.fromJSONSchema(User as JsonSchema).safeParse(more).success).toBe(true);
    expect(z.fromJSONSchema(withoutExtraFields(User) as JsonSchema).safeParse(example).success).toBe(true);
    expect(z.fromJSONSchema(withoutExtraFields(User) as JsonSchema).safeParse(more).success).toBe(false);
  });
});

describe("workers", () => {
  let workers: Worker[];
  beforeAll(async () => {
    workers = await startWorkers(2);
  });
  afterAll(() => stopWorkers(workers));

  it("are processes of their own on the same database", async () => {
    await makeSettings();
    const { email, password } = await makeUser();
    const input = { email, password, kind: "BROWSER" } as const;
    const results = await Promise.all(workers.map((worker) => worker.call("logIn", anonymous(), input)));
    expect(results).toMatchObject([{ ok: true }, { ok: true }]);
    expect(await db().session.count()).toBe(2);
    expect(new Set([process.pid, ...workers.map(({ pid }) => pid)]).size).toBe(3);
  });

  it("hand over what a verb throws", async () => {
    const [worker] = workers;
    const forged = { ...anonymous(), version: 0 } as never;
    await expect(worker?.call("updateGeneralPolicy", forged, forged)).rejects.toMatchObject({
      name: "Refusal",
      code: "unauthenticated",
    });
  });

  it("that end before they are ready fail whoever waits for them", async () => {
    const child = spawn(process.execPath, ["-e", "process.exit(3)"], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    await expect(firstMessage(child, "A worker")).rejects.toThrow("A worker did not start (exit code 3).");
  });

  it("may be killed", async () => {
    const [victim] = await startWorkers(1);
    const settled = Promise.allSettled([victim?.call("provision")]);
    await victim?.kill();
    expect(await settled).toMatchObject([{ status: "rejected" }]);
  });
});
