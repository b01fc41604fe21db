import { beforeEach, describe, expect, it } from "vitest";
import { listAuditEntries } from "@/lib/audit/service/list-entries";
import type { Actor, Person } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { generalPolicyDefaults as general } from "@/lib/settings/general/schema";
import { HISTORY_PAGE_SIZE, OFFERED_VERSIONS } from "@/lib/settings/history/schema";
import { compareRevisions, listRevisions, readRestoration } from "@/lib/settings/history/service";
import { jwtSettingsDefaults as jwt } from "@/lib/settings/jwt/schema";
import { passwordPolicyDefaults as password } from "@/lib/settings/password/schema";
import type { Panel } from "@/lib/settings/schema";
import { updateGeneralPolicy } from "@/lib/settings/service";
import { saveSecuritySettings } from "@/lib/settings/service/security-settings";
import { makeSettings, makeUser } from "./support/accounts";
import { administrator, anonymous, loggedIn } from "./support/actors";
import { emptyDatabase } from "./support/database";

const START = new Date("2026-03-01T12:00:00Z");
const at = (minutes: number) => new Date(START.getTime() + minutes * 60_000);

let ada: Person;

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings({}, { savedAt: START });
  ada = await administrator({ email: "ada@example.org" });
});

/** Stores a version as some save, a restore of a backup or a manual edit may have left it. */
const put = (panel: Panel, version: number, values: object, savedAt = at(version)) =>
  db().settingsRevision.create({
    data: { panel, version, values, savedAt, savedByEmail: "bob@example.org" },
  });

const names = async (query: object = {}) =>
  (await listRevisions(ada, query)).entries.map(({ revision }) => `${revision.panel}.${revision.version}`);
const compare = (panel: string, version: string, query: object = {}) =>
  compareRevisions(ada, { panel, version }, query);

describe("the list of versions", () => {
  it("has each save with what it changed, and marks what is in force", async () => {
    await updateGeneralPolicy(
      ada,
      { version: 1, values: { ...general, maxFailedLoginAttempts: 3, lockoutDurationMinutes: null } },
      at(1),
    );
    await updateGeneralPolicy(ada, { version: 2, values: general }, at(2));
    const { entries, nextCursor } = await listRevisions(ada, { panel: "general" });
    expect(nextCursor).toBeNull();
    expect(entries).toEqual([
      {
        revision: {
          panel: "general",
          version: 3,
          values: general,
          keyFingerprint: null,
          savedAt: at(2),
          savedByEmail: "ada@example.org",
          damaged: [],
        },
        changes: {
          maxFailedLoginAttempts: { from: 3, to: 5 },
          lockoutDurationMinutes: { from: null, to: 30 },
        },
        repaired: [],
        isInForce: true,
      },
      expect.objectContaining({
        changes: {
          maxFailedLoginAttempts: { from: 5, to: 3 },
          lockoutDurationMinutes: { from: 30, to: null },
        },
        isInForce: false,
      }),
      expect.objectContaining({ changes: {}, isInForce: false }),
    ]);
  });

  it("compares a version with the one before it, whatever its number, and the first with the defaults", async () => {
    await put("general", 4, { ...general, maxFailedLoginAttempts: 4 });
    await put("general", 9, { ...general, maxFailedLoginAttempts: 9 });
    await put("password", 12, password);
    await db().settingsRevision.delete({ where: { panel_version: { panel: "general", version: 1 } } });
    const { entries } = await listRevisions(ada, { panel: "general" });
    expect(entries.map(({ changes, isInForce }) => [changes, isInForce])).toEqual([
      [{ maxFailedLoginAttempts: { from: 4, to: 9 } }, true],
      [{ maxFailedLoginAttempts: { from: 5, to: 4 } }, false],
    ]);
  });

  it("has a changed signing key by its fingerprints", async () => {
    await put("jwt", 2, { ...jwt, keyFingerprint: "aa:bb" });
    const [entry] = (await listRevisions(ada, { panel: "jwt" })).entries;
    const { fingerprint } = await db().signingKey.findFirstOrThrow();
    expect(entry?.changes).toEqual({ tokenSigningKey: { from: fingerprint, to: "aa:bb" } });
  });

  it("is paged newest first over all panels, without a gap or a repetition", async () => {
    // Every third minute both policies are saved at the same moment, as a REST call does.
    for (let version = 2; version <= HISTORY_PAGE_SIZE; version += 1) {
      await put("general", version, { ...general, mobileSecretKeyLength: 64 + version }, at(version));
      await put("password", version, password, at(version % 3 === 0 ? version : version + 0.5));
    }
    const first = await listRevisions(ada, {});
    const second = await listRevisions(ada, { after: first.nextCursor });
    const third = await listRevisions(ada, { after: second.nextCursor });
    expect(first.entries).toHaveLength(HISTORY_PAGE_SIZE);
    expect(second.entries).toHaveLength(HISTORY_PAGE_SIZE);
    expect(third.nextCursor).toBeNull();
    const all = [first, second, third].flatMap(({ entries }) => entries.map(({ revision }) => revision));
    expect(new Set(all.map(({ panel, version }) => `${panel}.${version}`)).size).toBe(
      await db().settingsRevision.count(),
    );
    const times = all.map(({ savedAt }) => Number(savedAt));
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    // Also where the version before stands on the next page.
    const changes = [first, second, third].flatMap(({ entries }) =>
      entries.filter(({ revision }) => revision.panel === "general" && revision.version > 2),
    );
    expect(changes).not.toEqual([]);
    for (const { revision, changes: found } of changes)
      expect(found).toEqual({
        mobileSecretKeyLength: { from: 63 + revision.version, to: 64 + revision.version },
      });
  });

  it("is cut between two saves of one moment without losing either", async () => {
    for (let version = 2; version <= HISTORY_PAGE_SIZE; version += 1)
      await put("jwt", version, jwt, at(10 + version));
    await put("general", 7, general, at(5));
    await put("password", 2, password, at(5));
    const { nextCursor } = await listRevisions(ada, {});
    expect((await names()).at(-1)).toBe("password.2");
    expect((await names({ after: nextCursor }))[0]).toBe("general.7");
  });

  it("has saves of one panel within a millisecond in their order", async () => {
    for (const version of [2, 3, 4]) await put("general", version, general, at(1));
    expect(await names({ panel: "general" })).toEqual(["general.4", "general.3", "general.2", "general.1"]);
  });

  it("has saves in their order where the later server's clock is behind, and so has the audit log", async () => {
    const saves = [at(1), at(0.5), at(1.25)];
    for (const [n, now] of saves.entries()) {
      const values = { ...general, maxFailedLoginAttempts: 6 + n };
      expect(await updateGeneralPolicy(ada, { version: 1 + n, values }, now)).toMatchObject({ ok: true });
    }
    expect(await names({ panel: "general" })).toEqual(["general.4", "general.3", "general.2", "general.1"]);
    const { entries } = await listAuditEntries(ada, { kind: "settings-changed" });
    expect(entries.map(({ details }) => details.version)).toEqual([4, 3, 2]);
  });

  it("dates no save by a clock that has been set back since", async () => {
    await updateGeneralPolicy(ada, { version: 1, values: { ...general, maxFailedLoginAttempts: 6 } }, at(60));
    const saved = await updateGeneralPolicy(ada, { version: 2, values: general }, at(1));
    expect(saved).toMatchObject({ panel: { savedAt: at(1) } });
  });

  it("starts from the beginning for a cursor that is none, and ends below the last", async () => {
    const all = await names();
    expect(all).toHaveLength(3);
    expect(await names({ after: "1-general.99999999999" })).toEqual(all);
    expect(await names({ after: "1-mail.1" })).toEqual(all);
    expect(await names({ after: "1-general.9999999999" })).toEqual([]);
    expect(await names({ panel: "everything" })).toEqual(all);
  });

  it("leaves out the mail server, and shows nothing sealed even where it does not belong", async () => {
    const sealed = { sealedPassword: "v1.sealed" };
    await put("mail", 1, { host: "smtp.example.org", port: 25, tls: "none", user: null, ...sealed });
    await put("general", 2, { ...general, ...sealed });
    expect(await names()).not.toContain("mail.1");
    expect(JSON.stringify(await listRevisions(ada, {}))).not.toContain("v1.sealed");
    expect(JSON.stringify(await compare("general", "2"))).not.toContain("v1.sealed");
    expect(await compare("mail", "1")).toBeNull();
    expect(await readRestoration(ada, "mail.1")).toBeNull();
  });

  it("names the damaged fields of a version, and those that the next save replaced", async () => {
    await put("general", 2, { ...general, maxFailedLoginAttempts: "many", mobileSecretKeyLength: 128 });
    await put("general", 3, { ...general, maxFailedLoginAttempts: "many", mobileSecretKeyLength: 128 });
    await put("general", 4, { ...general, maxFailedLoginAttempts: 7, mobileSecretKeyLength: 128 });
    await put("password", 2, null as never);
    await put("jwt", 2, ["nothing"]);
    const { entries } = await listRevisions(ada, {});
    const of = (panel: string, version: number) =>
      entries.find(({ revision }) => revision.panel === panel && revision.version === version);
    expect(of("general", 4)).toMatchObject({ changes: {}, repaired: ["maxFailedLoginAttempts"] });
    expect(of("general", 3)).toMatchObject({ changes: {}, repaired: [] });
    expect(of("general", 2)).toMatchObject({
      revision: { damaged: ["maxFailedLoginAttempts"] },
      changes: { mobileSecretKeyLength: { from: 64, to: 128 } },
      repaired: [],
    });
    expect(of("password", 2)?.revision.damaged).toEqual(Object.keys(password));
    expect(of("jwt", 2)?.revision.damaged).toEqual(Object.keys(jwt));
  });
});

describe("a version", () => {
  beforeEach(async () => {
    await put("general", 2, { ...general, maxFailedLoginAttempts: 3 });
    await put("general", 5, { ...general, mobileSecretKeyLength: 128 });
  });

  it("stands beside what is in force, unless another one is named", async () => {
    expect(await compare("general", "2")).toMatchObject({
      revision: { version: 2, values: { maxFailedLoginAttempts: 3 } },
      other: { version: 5 },
      inForce: { version: 5 },
      restorable: { maxFailedLoginAttempts: 3, mobileSecretKeyLength: 64 },
      offered: [{ version: 5 }, { version: 2 }, { version: 1, savedByEmail: "host" }],
    });
    expect(await compare("general", "2", { with: "1" })).toMatchObject({ other: { version: 1 } });
    expect(await compare("general", "2", { with: "0" })).toMatchObject({
      other: { version: 0, values: general, savedAt: null },
    });
    for (const other of ["3", "x", "2147483648"])
      expect(await compare("general", "2", { with: other })).toMatchObject({ other: { version: 5 } });
  });

  it("that is in force stands beside the one before it", async () => {
    expect(await compare("general", "5")).toMatchObject({ other: { version: 2 }, restorable: {} });
    expect(await compare("password", "1")).toMatchObject({ other: { version: 0 }, restorable: {} });
  });

  it("0 is the defaults, also while nothing was ever saved", async () => {
    expect(await compare("general", "0")).toMatchObject({
      revision: { version: 0, values: general },
      restorable: { mobileSecretKeyLength: 64 },
    });
    await db().settingsRevision.deleteMany();
    expect((await listRevisions(ada, {})).entries).toEqual([]);
    expect(await compare("jwt", "0")).toMatchObject({
      revision: { version: 0, keyFingerprint: null },
      other: { version: 0 },
      restorable: {},
      offered: [],
    });
  });

  it.each([
    ["general", "3"],
    ["general", "-1"],
    ["general", "02"],
    ["general", "2147483648"],
    ["mail", "1"],
    ["toString", "1"],
  ])("%s %s does not exist", async (panel, version) => {
    expect(await compare(panel, version)).toBeNull();
  });

  it("is compared among many, of which the newest are offered", async () => {
    const data = Array.from({ length: OFFERED_VERSIONS }, (_, index) => ({
      panel: "general",
      version: 6 + index,
      values: general,
      savedAt: at(6 + index),
      savedByEmail: "host",
    }));
    await db().settingsRevision.createMany({ data });
    const comparison = await compare("general", "5", { with: "2" });
    expect(comparison?.offered.map(({ version }) => version)).toEqual(
      data.map(({ version }) => version).reverse(),
    );
    expect(comparison?.other.version).toBe(2);
  });
});

describe("a restoration", () => {
  it("has the values that differ from those in force, and stores nothing", async () => {
    await put("general", 2, { ...general, maxFailedLoginAttempts: 3, mobileSecretKeyLength: 128 });
    const before = await db().settingsRevision.findMany();
    expect(await readRestoration(ada, "general.1")).toMatchObject({
      revision: { panel: "general", version: 1, savedAt: START, savedByEmail: "host" },
      values: { maxFailedLoginAttempts: 5, mobileSecretKeyLength: 64 },
    });
    expect(await readRestoration(ada, "general.0")).toMatchObject({ revision: { savedAt: null } });
    expect(await readRestoration(ada, "general.2")).toBeNull();
    expect(await readRestoration(ada, "general.3")).toBeNull();
    expect(await readRestoration(ada, ["general.1", "general.0"])).toBeNull();
    expect(await db().settingsRevision.findMany()).toEqual(before);
    expect(await db().auditEvent.count({ where: { kind: "settings-changed" } })).toBe(0);
  });

  it("never has the signing key, nor a damaged field", async () => {
    await put("jwt", 2, { ...jwt, tokenIssuer: "elsewhere", keyFingerprint: "aa:bb" });
    expect((await readRestoration(ada, "jwt.1"))?.values).toEqual({ tokenIssuer: "gatehouse" });
    await put("general", 2, { ...general, maxFailedLoginAttempts: "many", passwordResetTokenTtl: 3 });
    await put("general", 3, { ...general, maxFailedLoginAttempts: 7 });
    expect((await readRestoration(ada, "general.2"))?.values).toEqual({ passwordResetTokenTtl: 3 });
  });
});

it("the history is for administrators only", async () => {
  const somebody = (await loggedIn(await makeUser())).person;
  const verbs = [
    (actor: Actor) => listRevisions(actor, {}),
    (actor: Actor) => compareRevisions(actor, { panel: "general", version: "1" }, {}),
    (actor: Actor) => readRestoration(actor, "general.1"),
  ];
  for (const verb of verbs) {
    await expect(verb(somebody)).rejects.toMatchObject({ code: "forbidden" });
    await expect(verb(anonymous())).rejects.toMatchObject({ code: "unauthenticated" });
  }
});

it("a save of both policies at once is two versions of one moment", async () => {
  await saveSecuritySettings(
    ada,
    { general: { maxFailedLoginAttempts: 3 }, password: { minimumLength: 9 } },
    at(1),
  );
  expect((await names()).slice(0, 2).sort()).toEqual(["general.2", "password.2"]);
});
