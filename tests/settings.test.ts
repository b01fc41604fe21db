import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Actor } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { replaceJwtSettings } from "@/lib/jwt-security/service/replace-settings";
import { updateJwtSecurity } from "@/lib/jwt-security/service/save-settings";
import { updateMailSettings } from "@/lib/mail/service/mail-settings";
import { type GeneralPolicy, generalPolicyDefaults as general } from "@/lib/settings/general/schema";
import { jwtSettingsDefaults } from "@/lib/settings/jwt/schema";
import { mailSettingsDefaults } from "@/lib/settings/mail/schema";
import { type PasswordPolicy, passwordPolicyDefaults as password } from "@/lib/settings/password/schema";
import { retryOnCollision } from "@/lib/settings/revisions";
import {
  readSettings,
  settingsInForce,
  updateGeneralPolicy,
  updatePasswordPolicy,
} from "@/lib/settings/service";
import { readSecuritySettings, saveSecuritySettings } from "@/lib/settings/service/security-settings";
import { serializeSaves } from "@/lib/settings/store";
import { changeAuthority } from "@/lib/users/service/administer-user";
import { makeSettings, makeUser } from "./support/accounts";
import { administrator, anonymous, loggedIn } from "./support/actors";
import { countWaiting, emptyDatabase } from "./support/database";
import { whileProgramsSave } from "./support/programs";

const NOW = new Date("2026-03-01T12:00:00Z");

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings();
  await db().auditEvent.deleteMany();
});

const saveGeneral = (actor: Actor, version: number, changes: Partial<GeneralPolicy>) =>
  updateGeneralPolicy(actor, { version, values: { ...general, ...changes } }, NOW);
const savePassword = (actor: Actor, version: number, changes: Partial<PasswordPolicy>, now = NOW) =>
  updatePasswordPolicy(actor, { version, values: { ...password, ...changes } }, now);

const mailEntry = {
  ...mailSettingsDefaults,
  host: "smtp.example.org",
  password: null,
  removesPassword: false,
};
const longLived = { ...jwtSettingsDefaults, refreshTokenExpTime: 2_000_000_000 };

describe("a save", () => {
  it("is in force at once and leaves who, when, from where and what", async () => {
    const ada = await administrator({ email: "ada@example.org" });
    const saved = await saveGeneral(ada, 1, { maxFailedLoginAttempts: 3, notifyOwnerOnLockout: false });
    expect(saved).toMatchObject({
      ok: true,
      panel: { version: 2, savedByEmail: "ada@example.org", savedAt: NOW },
    });
    expect((await settingsInForce()).general.values).toMatchObject({ maxFailedLoginAttempts: 3 });
    expect(await db().auditEvent.findMany()).toMatchObject([
      {
        kind: "settings-changed",
        at: NOW,
        actorEmail: "ada@example.org",
        address: "203.0.113.7",
        details: {
          panel: "general",
          version: 2,
          changes: {
            maxFailedLoginAttempts: { from: 5, to: 3 },
            notifyOwnerOnLockout: { from: true, to: false },
          },
        },
      },
    ]);
  });

  it("that changes nothing leaves nothing", async () => {
    expect(await saveGeneral(await administrator(), 1, {})).toMatchObject({
      ok: true,
      panel: { version: 1 },
    });
    expect(await db().auditEvent.count()).toBe(0);
  });

  it("of one panel leaves the others alone", async () => {
    const ada = await administrator();
    await savePassword(ada, 1, { minimumLength: 20 });
    const panels = await settingsInForce();
    expect([panels.general.version, panels.password.version, panels.jwt.version]).toEqual([1, 2, 1]);
  });

  it("stores no field that the panel does not have", async () => {
    const ada = await administrator();
    await saveGeneral(ada, 1, {
      maxFailedLoginAttempts: 9,
      isAdmin: true,
      expirySwitchedOnAt: "x",
    } as Partial<GeneralPolicy>);
    const row = await db().settingsRevision.findFirstOrThrow({ where: { panel: "general", version: 2 } });
    expect(Object.keys(row.values as object).toSorted()).toEqual(Object.keys(general).toSorted());
  });

  it("of what the rules forbid is refused field by field and stores nothing", async () => {
    const refused = await savePassword(await administrator(), 1, { minimumLength: 5, maximumLength: 300 });
    expect(refused).toMatchObject({
      ok: false,
      code: "invalid",
      fieldErrors: {
        minimumLength: [expect.stringContaining("6 to 50")],
        maximumLength: [expect.stringContaining("256")],
      },
    });
    expect((await settingsInForce()).password.version).toBe(1);
  });
});

describe("a save on a stale version", () => {
  it("joins what others changed elsewhere in the panel", async () => {
    const [ada, bob] = [await administrator(), await administrator()];
    await saveGeneral(ada, 1, { maxFailedLoginAttempts: 3 });
    expect(await saveGeneral(bob, 1, { passwordResetTokenTtl: 1 })).toMatchObject({
      ok: true,
      panel: { version: 3, values: { maxFailedLoginAttempts: 3, passwordResetTokenTtl: 1 } },
    });
    const [, second] = await db().auditEvent.findMany({ orderBy: { id: "asc" } });
    expect(second?.details).toMatchObject({ changes: { passwordResetTokenTtl: { from: 24, to: 1 } } });
  });

  it("succeeds although programs save without end", async () => {
    const ada = await administrator();
    const save = () => saveGeneral(ada, 1, { maxFailedLoginAttempts: 3 });
    expect(await whileProgramsSave("general", save)).toMatchObject({
      ok: true,
      panel: { values: { maxFailedLoginAttempts: 3 } },
    });
  });

  it("is given up after ten tries, if others always come first", async () => {
    const collision = Object.assign(new Error("There is such a version."), { code: "P2002" });
    const save = vi.fn().mockRejectedValue(collision);
    await expect(retryOnCollision(save)).rejects.toBe(collision);
    expect(save).toHaveBeenCalledTimes(10);
  });

  it("that repeats one's own save, whose answer was lost, succeeds and names nobody", async () => {
    const ada = await administrator({ email: "ada@example.org" });
    await saveGeneral(ada, 1, { maxFailedLoginAttempts: 3 });
    const again = { ok: true, panel: { version: 2 } };
    expect(await saveGeneral(ada, 1, { maxFailedLoginAttempts: 3 })).toMatchObject({
      ...again,
      mergedWith: null,
    });
    expect(await saveGeneral(await administrator(), 1, {})).toMatchObject({
      ...again,
      mergedWith: "ada@example.org",
    });
    const bob = await administrator({ email: "bob@example.org" });
    await saveGeneral(bob, 2, { maxFailedLoginAttempts: 3, passwordResetTokenTtl: 1 });
    expect(await saveGeneral(ada, 1, { maxFailedLoginAttempts: 3 })).toMatchObject({
      mergedWith: "bob@example.org",
    });
    expect(await db().auditEvent.count()).toBe(2);
    // The last save is one's own, but not the only one since.
    await saveGeneral(ada, 3, { maxFailedLoginAttempts: 3, passwordResetTokenTtl: 2 });
    expect(await saveGeneral(ada, 1, { maxFailedLoginAttempts: 3 })).not.toMatchObject({ mergedWith: null });
  });

  it("is shown the other's values where both changed one field, and may then have its way", async () => {
    const [ada, bob] = [await administrator({ email: "ada@example.org" }), await administrator()];
    await saveGeneral(ada, 1, { maxFailedLoginAttempts: 3 });
    const refused = await saveGeneral(bob, 1, { maxFailedLoginAttempts: 4, passwordResetTokenTtl: 1 });
    expect(refused).toMatchObject({
      ok: false,
      code: "conflict",
      conflicts: ["maxFailedLoginAttempts"],
      theirs: { version: 2, savedByEmail: "ada@example.org", values: { maxFailedLoginAttempts: 3 } },
    });
    expect((await settingsInForce()).general.version).toBe(2);
    expect(await saveGeneral(bob, 2, { maxFailedLoginAttempts: 4, passwordResetTokenTtl: 1 })).toMatchObject({
      ok: true,
    });
  });

  it("leaves the choice to the person when the two edits are sound apart and not together", async () => {
    const [ada, bob] = [await administrator(), await administrator()];
    await savePassword(ada, 1, { minimumLength: 40 });
    expect(await savePassword(bob, 1, { maximumLength: 30 })).toMatchObject({
      code: "conflict",
      conflicts: ["minimumLength", "maximumLength"],
      theirs: { values: { minimumLength: 40, maximumLength: 128 } },
    });
  });

  it("of a version that never was takes nothing for granted", async () => {
    expect(await saveGeneral(await administrator(), 99, { maxFailedLoginAttempts: 3 })).toMatchObject({
      code: "conflict",
      conflicts: ["maxFailedLoginAttempts"],
    });
  });
});

describe("who may", () => {
  it.each(["TENANT_ADMIN", "CUSTOMER_USER"] as const)("not a %s", async (authority) => {
    const { person } = await loggedIn(await makeUser({ authority }));
    for (const verb of [
      () => saveGeneral(person, 1, {}),
      () => savePassword(person, 1, {}),
      () => readSettings(person),
      () => readSecuritySettings(person),
      () => saveSecuritySettings(person, { general: {}, password: {} }),
    ]) {
      await expect(verb()).rejects.toMatchObject({ code: "forbidden" });
    }
  });

  it("not somebody without a session", async () => {
    for (const verb of [() => saveGeneral(anonymous(), 1, {}), () => readSettings(anonymous())]) {
      await expect(verb()).rejects.toMatchObject({ code: "unauthenticated" });
    }
  });
});

const saves: [string, (actor: Actor) => Promise<unknown>][] = [
  ["the general policy", (actor) => saveGeneral(actor, 1, { maxFailedLoginAttempts: null })],
  ["the password policy", (actor) => savePassword(actor, 1, { minimumLength: 6 })],
  [
    "both policies",
    (actor) => saveSecuritySettings(actor, { general: { maxFailedLoginAttempts: null }, password: {} }),
  ],
  ["the mail server", (actor) => updateMailSettings(actor, { version: 0, values: mailEntry })],
  [
    "the lifetimes of tokens",
    (actor) =>
      updateJwtSecurity(actor, { version: 1, values: longLived, key: null, mode: null, password: null }),
  ],
  [
    "the lifetimes of tokens, as a program,",
    (actor) => replaceJwtSettings(actor, { values: longLived, key: null, keepOldKey: true, password: null }),
  ],
];

it.each(saves)(
  "an administrator who is demoted while a save of %s waits saves nothing",
  async (_what, save) => {
    const ada = await administrator();
    const { person: bob } = await loggedIn(await makeUser({ authority: "SYS_ADMIN" }), { kind: "REST" });
    const before = await db().settingsRevision.count();
    const { saved } = await db().$transaction(async (tx) => {
      await serializeSaves(tx);
      const saved = save(bob).catch((refusal) => refusal.code);
      await expect.poll(countWaiting).toBe(1);
      await changeAuthority(ada, { userId: bob.userId, seen: "SYS_ADMIN", authority: "TENANT_ADMIN" });
      return { saved };
    });
    expect(await saved).toBe("unauthenticated");
    expect(await db().settingsRevision.count()).toBe(before);
    expect(await db().auditEvent.count({ where: { kind: "settings-changed" } })).toBe(0);
  },
);

describe("damaged settings", () => {
  it("fall back to the default, are named, and are mended by a save", async () => {
    await db()
      .$executeRaw`UPDATE settings_revisions SET "values" = "values" || '{"maxFailedLoginAttempts": "many"}' WHERE panel = 'general'`;
    expect((await settingsInForce()).general).toMatchObject({
      damaged: ["maxFailedLoginAttempts"],
      values: { maxFailedLoginAttempts: 5 },
    });
    expect(await saveGeneral(await administrator(), 1, {})).toMatchObject({
      ok: true,
      panel: { version: 2, damaged: [] },
    });
    expect((await settingsInForce()).general.damaged).toEqual([]);
  });

  it.each(["some day", 5, {}])("know no day on which expiry was switched on: %j", async (day) => {
    await db().$executeRaw`
      UPDATE settings_revisions SET "values" = "values" || ${{ expirySwitchedOnAt: day }} WHERE panel = 'password'`;
    expect((await settingsInForce()).password.facts).toEqual({});
  });
});

describe("the day on which expiry was switched on", () => {
  const since = async () => (await settingsInForce()).password.facts.expirySwitchedOnAt ?? null;

  it("is kept while it stays on, and begins anew when it was off", async () => {
    const ada = await administrator();
    const day = (n: number) => new Date(Date.UTC(2026, 3, n));
    await savePassword(ada, 1, { passwordExpirationPeriodDays: 90 }, day(1));
    await savePassword(ada, 2, { passwordExpirationPeriodDays: 30 }, day(2));
    expect(await since()).toBe(day(1).toISOString());
    await savePassword(ada, 3, { passwordExpirationPeriodDays: 0 }, day(3));
    expect(await since()).toBeNull();
    await savePassword(ada, 4, { passwordExpirationPeriodDays: 30 }, day(4));
    expect(await since()).toBe(day(4).toISOString());
  });
});
