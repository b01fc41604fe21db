import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { choosePassword } from "@/lib/accounts/service/new-password";
import type { Provisioned } from "@/lib/accounts/service/provision";
import { logIn } from "@/lib/auth/service/log-in";
import { db, NIL_UUID, pool } from "@/lib/core/db";
import { HOUR_MS, MINUTE_MS } from "@/lib/core/durations/rules";
import { HOST } from "@/lib/core/host/rules";
import { generalPolicyDefaults } from "@/lib/settings/general/schema";
import { makeUser, PASSWORD } from "./support/accounts";
import { anonymous } from "./support/actors";
import { emptyDatabase } from "./support/database";
import { makeLink } from "./support/links";
import { secretOf } from "./support/outbox";
import { startWorkers, stopWorkers, type Worker } from "./support/workers";

const EMAIL = "ada@example.org";
const stored = async () => ({
  users: await db().user.count(),
  keys: await db().signingKey.count(),
  settings: await db().settingsRevision.count(),
  links: await db().accountLink.count(),
  events: await db().auditEvent.count(),
});
const NOTHING = { users: 0, keys: 0, settings: 0, links: 0, events: 0 };

// Each start is a separate process with its own environment.
const starting: Worker[] = [];
async function start(env: Readonly<Record<string, string>> = {}): Promise<Worker> {
  const [worker] = await startWorkers(1, env);
  if (!worker) throw new Error("No worker was started.");
  starting.push(worker);
  return worker;
}

beforeEach(emptyDatabase);
afterEach(() => stopWorkers(starting.splice(0)));

describe("the first administrator", () => {
  it("is who ADMIN_EMAIL says, with the password from ADMIN_PASSWORD, and is never made twice", async () => {
    const given = await start({ ADMIN_EMAIL: EMAIL, ADMIN_PASSWORD: PASSWORD });
    const provisioned = { adminEmail: EMAIL, activationLink: null };
    const made = { ...provisioned, hasGivenPassword: true, ignoresGivenAdministrator: false };
    const found = { ...provisioned, hasGivenPassword: false, ignoresGivenAdministrator: true };
    expect(await given.call("provision")).toEqual(made);
    expect(await given.call("provision")).toEqual(found);
    const login = await logIn(anonymous(), { email: EMAIL, password: PASSWORD, kind: "BROWSER" });
    expect(login).toMatchObject({ ok: true });
    const other = await start({
      ADMIN_EMAIL: "bob@example.org",
      // Not needed, so it does not matter that the policy refuses it.
      ADMIN_PASSWORD: "canary",
    });
    expect(await other.call("provision")).toEqual(found);
    expect(await stored()).toMatchObject({ users: 1, keys: 1, settings: 3 });
    expect(await db().auditEvent.findMany({ where: { kind: "account-created" } })).toMatchObject([
      { actorEmail: "host", userAgent: "", subjectEmail: EMAIL, details: { authority: "SYS_ADMIN" } },
    ]);
  });

  it("is not made with a password that the policy refuses, which is not repeated", async () => {
    const given = await start({ ADMIN_EMAIL: EMAIL, ADMIN_PASSWORD: "canary" });
    const refused = await given.call("provision").catch((error: Error) => error);
    expect(refused).toMatchObject({ name: "AdminPasswordRefused" });
    expect(refused).toMatchObject({ message: expect.stringMatching(/^ADMIN_PASSWORD is refused\. .*12/) });
    expect(JSON.stringify(refused)).not.toContain("canary");
    expect(await stored()).toEqual(NOTHING);
  });

  it("that the environment describes and the database has is not talked about", async () => {
    const given = await start({ ADMIN_EMAIL: EMAIL });
    const first = { adminEmail: EMAIL, ignoresGivenAdministrator: false };
    expect(await given.call("provision")).toMatchObject(first);
    // Case alone makes no other address.
    await db().user.updateMany({ data: { email: EMAIL.toUpperCase() } });
    expect(await given.call("provision")).toMatchObject({ ...first, adminEmail: EMAIL.toUpperCase() });
    await db().user.updateMany({ data: { email: EMAIL } });
    const other = await start({ ADMIN_EMAIL: "bob@example.org" });
    expect(await other.call("provision")).toMatchObject({ ...first, ignoresGivenAdministrator: true });
  });

  it("chooses a password with the link of the latest start", async () => {
    const given = await start({ ADMIN_EMAIL: EMAIL });
    const [first, second] = [await given.call("provision"), await given.call("provision")];
    const choose = ({ activationLink: link }: Provisioned) =>
      choosePassword(anonymous(), {
        purpose: "ACTIVATION",
        secret: secretOf(link?.url ?? ""),
        password: PASSWORD,
      });
    const lifetime = generalPolicyDefaults.userActivationTokenTtl * HOUR_MS;
    expect(+(second.activationLink?.expiresAt ?? 0)).toBeGreaterThan(Date.now() + lifetime - MINUTE_MS);
    expect(+(second.activationLink?.expiresAt ?? 0)).toBeLessThanOrEqual(Date.now() + lifetime);
    expect(await choose(first)).toMatchObject({ ok: false, code: "link-unusable" });
    expect(await choose(second)).toMatchObject({ ok: true });
    expect(await given.call("provision")).toMatchObject({ adminEmail: EMAIL, activationLink: null });
  });

  it("is handed a link by every start, as the audit tells, until any administrator has chosen a password", async () => {
    const given = await start({ ADMIN_EMAIL: EMAIL });
    await given.call("provision");
    // Nobody else's password counts, and an administrator who was invited later, whatever their id, is not handed it.
    await makeUser();
    const { id } = await makeUser({ authority: "SYS_ADMIN", state: "INVITED" });
    await db().user.update({ where: { id }, data: { id: NIL_UUID } });
    await given.call("provision");
    const issued = () => db().auditEvent.findMany({ where: { kind: "link-issued" } });
    const event = {
      subjectEmail: EMAIL,
      actorEmail: "host",
      details: { purpose: "ACTIVATION", delivery: "copy" },
    };
    expect(await issued()).toMatchObject([event, event]);
    // The first administrator is deleted; the oldest one left is still invited, but a newer one is active.
    const invited = await makeUser({ authority: "SYS_ADMIN", state: "INVITED" });
    const { url } = await makeLink(invited.id, "ACTIVATION");
    await makeUser({ authority: "SYS_ADMIN" });
    await db().user.delete({ where: { emailKey: EMAIL } });
    expect(await given.call("provision")).toMatchObject({ activationLink: null });
    expect(await issued()).toHaveLength(2);
    const chosen = { purpose: "ACTIVATION", secret: secretOf(url ?? ""), password: PASSWORD } as const;
    expect(await choosePassword(anonymous(), chosen)).toMatchObject({ ok: true });
  });

  it("is one, of several servers that start at once on an empty database", async () => {
    const servers = await Promise.all([start(), start()]);
    const made = await Promise.all(servers.map((server) => server.call("provision")));
    expect(new Set(made.map(({ adminEmail }) => adminEmail))).toEqual(new Set(["admin@gatehouse.local"]));
    expect(await stored()).toMatchObject({ users: 1, keys: 1, settings: 3 });
  });
});

it("another SECRET_KEY than the database's is refused before anything is changed", async () => {
  await (await start({ ADMIN_EMAIL: EMAIL })).call("provision");
  const before = await stored();
  const other = await start({ SECRET_KEY: randomBytes(32).toString("base64") });
  await expect(other.call("provision")).rejects.toMatchObject({
    name: "SealBroken",
    message: expect.stringMatching(/SECRET_KEY is not the key/),
  });
  expect(await stored()).toEqual(before);
});

it("a database whose SECRET_KEY was lost gets a signing key from the next start, once it is rid of what was sealed", async () => {
  await (await start({ ADMIN_EMAIL: EMAIL, ADMIN_PASSWORD: PASSWORD })).call("provision");
  await logIn(anonymous(), { email: EMAIL, password: PASSWORD, kind: "REST" });
  const fingerprints = async () => {
    const where = { panel: "jwt" } as const;
    const versions = await db().settingsRevision.findMany({ where, orderBy: { version: "asc" } });
    return versions.map(({ values }) => (values as { keyFingerprint: string }).keyFingerprint);
  };
  const [from] = await fingerprints();
  const tokenIssuer = "id.example.org";
  await pool().query(
    `UPDATE settings_revisions SET "values" = "values" || '{"tokenIssuer": "${tokenIssuer}"}' WHERE panel = 'jwt'`,
  );
  const now = new Date();
  const mail = { id: NIL_UUID, messageId: "1@id.example.org", kind: "test", recipient: EMAIL };
  await db().outboxMessage.create({ data: { ...mail, sealedPayload: "v1.x", createdAt: now, dueAt: now } });
  const values = { host: null, sealedPassword: "v1.x" };
  await db().settingsRevision.create({
    data: { panel: "mail", version: 1, values, savedAt: now, savedByEmail: EMAIL },
  });

  const [, sql = ""] = /```sql\n(BEGIN;[^`]+)```/.exec(readFileSync("docs/operations.md", "utf8")) ?? [];
  await pool().query(sql);
  expect(await db().outboxMessage.findMany()).toMatchObject([{ state: "FAILED", sealedPayload: null }]);
  const [saved] = await db().settingsRevision.findMany({ where: { panel: "mail" } });
  expect(saved?.values).toEqual({ host: null });
  expect(await db().session.count()).toBe(0);

  const other = await start({ SECRET_KEY: randomBytes(32).toString("base64") });
  await other.call("provision");
  await other.call("provision");
  expect(await stored()).toMatchObject({ users: 1, keys: 1 });
  const { fingerprint: to, issuer } = await db().signingKey.findFirstOrThrow();
  expect(issuer).toBe(tokenIssuer);
  expect(await fingerprints()).toEqual([from, to]);
  expect(await db().auditEvent.findMany({ where: { kind: "settings-changed" } })).toMatchObject([
    { actorEmail: HOST, details: { panel: "jwt", version: 2, changes: { tokenSigningKey: { from, to } } } },
  ]);
  const login = other.call("logIn", anonymous(), { email: EMAIL, password: PASSWORD, kind: "BROWSER" });
  expect(await login).toMatchObject({ ok: true });
});
