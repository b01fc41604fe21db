import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { db } from "@/lib/core/db";
import { generalPolicyDefaults } from "@/lib/settings/general/schema";
import { passwordPolicyDefaults } from "@/lib/settings/password/schema";
import { saveSecuritySettings } from "@/lib/settings/service/security-settings";
import { makeSettings, makeUser, PASSWORD } from "../support/accounts";
import { administrator, anonymous } from "../support/actors";
import { emptyDatabase } from "../support/database";
import { call, outcome, tokensOf } from "../support/rest";
import { startWorkers, stopWorkers, type Worker } from "../support/workers";

const PATH = "/api/admin/securitySettings";
let token: string;

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings();
  ({ token } = await tokensOf({ authority: "SYS_ADMIN" }));
});
afterAll(emptyDatabase);

const read = async () => (await call("GET", PATH, { token })).json;
const save = (body: unknown) => call("POST", PATH, { token, body });
const changes = () =>
  db().auditEvent.findMany({ where: { kind: "settings-changed" }, orderBy: { id: "asc" } });

/** The body that ThingsBoard's own form sends: only its own fields, null for an empty number field, no version. */
const thingsboardBody = {
  passwordPolicy: {
    minimumLength: 8,
    maximumLength: 72,
    minimumUppercaseLetters: 1,
    minimumLowercaseLetters: null,
    minimumDigits: 2,
    minimumSpecialCharacters: null,
    passwordExpirationPeriodDays: null,
    passwordReuseFrequencyDays: 30,
    allowWhitespaces: false,
    forceUserToResetPasswordIfNotValid: true,
  },
  maxFailedLoginAttempts: null,
  userLockoutNotificationEmail: "",
  userActivationTokenTtl: 1,
  passwordResetTokenTtl: 2,
  mobileSecretKeyLength: 32,
};

describe("GET /api/admin/securitySettings", () => {
  it("shows both policies in one object, with a version", async () => {
    const { version, ...settings } = await read();
    expect(settings).toEqual({ passwordPolicy: passwordPolicyDefaults, ...generalPolicyDefaults });
    expect(version).toBeGreaterThan(0);
  });
});

describe("POST /api/admin/securitySettings", () => {
  it("takes what ThingsBoard's clients send, keeps what only we know, and answers what is stored", async () => {
    const gatehouseFields = {
      lockoutDurationMinutes: 7,
      notifyOwnerOnLockout: false,
      loginAttemptsPerAddressPerMinute: 9,
    };
    // What null stands for must not be in force already.
    const offByNull = {
      minimumLowercaseLetters: 1,
      minimumSpecialCharacters: 1,
      passwordExpirationPeriodDays: 90,
    };
    await makeSettings({ general: gatehouseFields, password: offByNull });
    const before = await read();
    const got = await save(thingsboardBody);
    expect(got.status).toBe(200);
    expect(got.json).toEqual({
      ...thingsboardBody,
      ...gatehouseFields,
      passwordPolicy: {
        ...thingsboardBody.passwordPolicy,
        minimumLowercaseLetters: 0,
        minimumSpecialCharacters: 0,
        passwordExpirationPeriodDays: 0,
      },
      userLockoutNotificationEmail: null,
      version: Number(before.version) + 2,
    });
    expect(await read()).toEqual(got.json);
  });

  it("takes back what it answered, and then neither stores nor records anything", async () => {
    const stored = await read();
    const got = await save(stored);
    expect([got.status, got.json]).toEqual([200, stored]);
    expect(await changes()).toEqual([]);
  });

  it("leaves what is absent as it is", async () => {
    await save({
      ...thingsboardBody,
      userLockoutNotificationEmail: "ops@example.org",
      maxFailedLoginAttempts: 3,
    });
    const before = await read();
    const got = await save({
      passwordPolicy: { minimumLength: 9 },
      userActivationTokenTtl: 1,
      passwordResetTokenTtl: 2,
    });
    expect(got.json).toEqual({
      ...before,
      passwordPolicy: { ...(before.passwordPolicy as object), minimumLength: 9 },
      version: Number(before.version) + 1,
    });
  });

  it("takes null for absent where ThingsBoard's clients write it for what they say nothing of", async () => {
    const before = await read();
    const rest = { allowWhitespaces: null, forceUserToResetPasswordIfNotValid: null };
    const got = await save({
      passwordPolicy: { minimumLength: 9, ...rest },
      mobileSecretKeyLength: null,
      userActivationTokenTtl: 1,
      passwordResetTokenTtl: 2,
    });
    expect(got.json).toEqual({
      ...before,
      passwordPolicy: { ...(before.passwordPolicy as object), minimumLength: 9 },
      userActivationTokenTtl: 1,
      passwordResetTokenTtl: 2,
      version: Number(before.version) + 2,
    });
  });

  it("ignores fields that it does not know", async () => {
    const got = await save({
      ...thingsboardBody,
      id: 1,
      passwordPolicy: { ...thingsboardBody.passwordPolicy, hashing: "md5" },
    });
    expect(got.status).toBe(200);
    expect(got.text).not.toMatch(/md5/);
  });

  it("records a change of each panel, with who, from where and what", async () => {
    await save({ ...thingsboardBody, version: (await read()).version });
    const user = await db().user.findFirstOrThrow({ where: { sessions: { some: {} } } });
    expect(await changes()).toMatchObject([
      {
        actorEmail: user.email,
        address: "203.0.113.7",
        details: { panel: "general", changes: { maxFailedLoginAttempts: { from: 5, to: null } } },
      },
      { details: { panel: "password", changes: { minimumDigits: { from: 0, to: 2 } } } },
    ]);
  });

  it("refuses a version that is no longer in force, and changes nothing", async () => {
    const { version } = await read();
    expect((await save({ ...thingsboardBody, version })).status).toBe(200);
    const stored = await read();
    expect(outcome(await save({ ...thingsboardBody, maxFailedLoginAttempts: 9, version }))).toEqual([
      409, 35,
    ]);
    expect(outcome(await save({ ...thingsboardBody, version: 0 }))).toEqual([409, 35]);
    expect(await read()).toEqual(stored);
  });

  it("lets one of many win that began from the same version", async () => {
    const { version } = await read();
    const saves = Array.from({ length: 8 }, (_, n) =>
      save({ ...thingsboardBody, maxFailedLoginAttempts: n + 6, version }),
    );
    const won = (await Promise.all(saves)).map(outcome).sort();
    expect(won).toEqual([[200, null], ...Array.from({ length: 7 }, () => [409, 35])]);
    expect(await changes()).toHaveLength(2);
  });

  it("lets one of two win that began from the same version and change another panel each", async () => {
    for (let round = 1; round <= 8; round += 1) {
      const { version, ...settings } = await read();
      const saves = [
        { ...settings, maxFailedLoginAttempts: 6 + round },
        { ...settings, passwordPolicy: { ...passwordPolicyDefaults, minimumLength: 12 + round } },
      ].map((changed) => save({ ...changed, version }));
      const won = (await Promise.all(saves)).map(outcome).sort();
      expect(won).toEqual([
        [200, null],
        [409, 35],
      ]);
    }
  });

  it("without a version replaces whatever is there, one after the other", async () => {
    // No value equals the one in force at the start, or the first save would change only one panel.
    const saves = Array.from({ length: 6 }, (_, n) =>
      save({ ...thingsboardBody, passwordPolicy: { minimumLength: 20 + n }, maxFailedLoginAttempts: 20 + n }),
    );
    const all = await Promise.all(saves);
    expect(all.map(({ status }) => status)).toEqual(all.map(() => 200));
    const { maxFailedLoginAttempts, passwordPolicy } = await read();
    expect(passwordPolicy).toMatchObject({ minimumLength: maxFailedLoginAttempts });
    expect(await changes()).toHaveLength(12);
  });

  it("saves both panels or neither", async () => {
    const stored = await read();
    const admin = await administrator();
    const general = { ...generalPolicyDefaults, maxFailedLoginAttempts: 9 };
    const password = { ...passwordPolicyDefaults, minimumDigits: 9 };
    // Makes the audit event of the second panel fail.
    await db()
      .$executeRaw`ALTER TABLE audit_events ADD CONSTRAINT planted CHECK (details ->> 'panel' <> 'password')`;
    try {
      await expect(saveSecuritySettings(admin, { general, password })).rejects.toThrow();
    } finally {
      await db().$executeRaw`ALTER TABLE audit_events DROP CONSTRAINT planted`;
    }
    expect(await read()).toEqual(stored);
    expect(await changes()).toEqual([]);
  });

  const policy = thingsboardBody.passwordPolicy;
  it.each<[string, object, string[]]>([
    ["a text for a number", { maxFailedLoginAttempts: "5" }, ["maxFailedLoginAttempts"]],
    ["a fraction", { userActivationTokenTtl: 1.5 }, ["userActivationTokenTtl"]],
    [
      "too little",
      { userActivationTokenTtl: 0, passwordResetTokenTtl: -1 },
      ["userActivationTokenTtl", "passwordResetTokenTtl"],
    ],
    [
      "too much",
      { userActivationTokenTtl: 25, maxFailedLoginAttempts: 101 },
      ["maxFailedLoginAttempts", "userActivationTokenTtl"],
    ],
    [
      "missing times",
      { userActivationTokenTtl: undefined, passwordResetTokenTtl: undefined },
      ["userActivationTokenTtl", "passwordResetTokenTtl"],
    ],
    ["null where a number is needed", { userActivationTokenTtl: null }, ["userActivationTokenTtl"]],
    ["no address", { userLockoutNotificationEmail: "a@b, c@d.org" }, ["userLockoutNotificationEmail"]],
    ["a list of addresses", { userLockoutNotificationEmail: ["a@b.org"] }, ["userLockoutNotificationEmail"]],
    ["a text for a switch", { notifyOwnerOnLockout: "true" }, ["notifyOwnerOnLockout"]],
    ["a text for the version", { version: "1" }, ["version"]],
    ["no password policy", { passwordPolicy: undefined }, ["passwordPolicy"]],
    ["a list for the password policy", { passwordPolicy: [] }, ["passwordPolicy"]],
    [
      "a short minimum",
      { passwordPolicy: { ...policy, minimumLength: 5 } },
      ["passwordPolicy.minimumLength"],
    ],
    [
      "no minimum",
      { passwordPolicy: { ...policy, minimumLength: undefined } },
      ["passwordPolicy.minimumLength"],
    ],
    [
      "1 for a switch",
      { passwordPolicy: { ...policy, allowWhitespaces: 1 } },
      ["passwordPolicy.allowWhitespaces"],
    ],
    [
      "a number of digits below 0",
      { passwordPolicy: { ...policy, minimumDigits: -1 } },
      ["passwordPolicy.minimumDigits"],
    ],
    [
      "a maximum that is no more than the minimum",
      { passwordPolicy: { ...policy, minimumLength: 20, maximumLength: 20 } },
      ["passwordPolicy.maximumLength"],
    ],
    [
      "minimums that do not fit",
      { passwordPolicy: { ...policy, minimumDigits: 40, minimumUppercaseLetters: 40 } },
      ["passwordPolicy.minimumUppercaseLetters"],
    ],
    ["a huge number", { maxFailedLoginAttempts: 1e300 }, ["maxFailedLoginAttempts"]],
  ])("refuses %s, and names the fields", async (_name, change, fields) => {
    const got = await save({ ...thingsboardBody, ...change });
    expect(outcome(got)).toEqual([400, 31]);
    expect(Object.keys(got.json.fieldErrors as object).sort()).toEqual([...fields].sort());
    expect(await changes()).toEqual([]);
  });

  it.each<[string, unknown]>([
    ["nothing", {}],
    ["a list", []],
    ["the null of JSON", "null"],
    ["a name twice", '{"version":1,"version":2}'],
    ["depth", `${'{"passwordPolicy":'.repeat(20)}1${"}".repeat(20)}`],
    ["__proto__", '{"__proto__":{"version":1}}'],
    ["half a body", '{"passwordPolicy":{'],
  ])("refuses %s", async (_name, body) => {
    expect(outcome(await save(body))).toEqual([400, 31]);
  });

  it("mends what is damaged", async () => {
    await db().$executeRaw`UPDATE settings_revisions SET "values" = '{}' WHERE panel = 'general'`;
    expect((await read()).maxFailedLoginAttempts).toBe(5);
    expect((await save(await read())).status).toBe(200);
    const [newest] = await db().settingsRevision.findMany({
      where: { panel: "general" },
      orderBy: { version: "desc" },
    });
    expect(newest?.values).toMatchObject(generalPolicyDefaults);
  });
});

describe.each(["GET", "POST"])("%s without the right", (method) => {
  it.each([PATH, "/api/admin/jwtSettings"])("%s", async (path) => {
    const body = method === "POST" ? thingsboardBody : undefined;
    expect(outcome(await call(method, path, { body }))).toEqual([401, 10]);
    for (const authority of ["TENANT_ADMIN", "CUSTOMER_USER"] as const) {
      const other = await tokensOf({ authority });
      expect(outcome(await call(method, path, { body, token: other.token }))).toEqual([403, 20]);
      // A caller who may not make the call does not learn whether the body is valid either.
      expect(
        outcome(await call(method, path, { body: method === "POST" ? "x" : undefined, token: other.token })),
      ).toEqual([403, 20]);
    }
    expect(await changes()).toEqual([]);
  });
});

describe("on two processes", () => {
  let workers: Worker[];
  beforeAll(async () => {
    workers = await startWorkers(1);
  });
  afterAll(() => stopWorkers(workers));
  const other = () => workers[0] as Worker;

  it("what one saves, holds at the next login on the other", async () => {
    const { email } = await makeUser();
    const attempt = (password: string) =>
      other().call("logIn", anonymous(), { email, password, kind: "REST" });
    expect(await attempt("wrong")).toMatchObject({ ok: false, code: "refused" });
    await save({ ...thingsboardBody, maxFailedLoginAttempts: 2 });
    await attempt("wrong");
    expect(await attempt(PASSWORD)).toMatchObject({ ok: false, code: "refused" });
    expect(await db().auditEvent.count({ where: { kind: "account-locked" } })).toBe(1);
  });
});
