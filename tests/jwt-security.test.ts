import { randomBytes } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import type { Person } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { Refusal } from "@/lib/core/errors";
import { keyFingerprint, SealBroken } from "@/lib/core/secrets";
import { rotate as rotateKey } from "@/lib/jwt-security/rotation";
import type { JwtEdit } from "@/lib/jwt-security/schema";
import { readKeyRing } from "@/lib/jwt-security/service/read-key-ring";
import { readJwtSettings, replaceJwtSettings } from "@/lib/jwt-security/service/replace-settings";
import { updateJwtSecurity } from "@/lib/jwt-security/service/save-settings";
import { proposeSigningKey, showSigningKey } from "@/lib/jwt-security/service/signing-key";
import { authenticate } from "@/lib/sessions/service/authenticate";
import { continueBrowserSession } from "@/lib/sessions/service/browser-session";
import { type JwtSettings, jwtSettingsDefaults } from "@/lib/settings/jwt/schema";
import { settingsInForce } from "@/lib/settings/service";
import { findSupersededJwtSettings, insertRevision } from "@/lib/settings/store";
import { currentKey } from "@/lib/tokens/key-ring";
import { serializeKeyChanges } from "@/lib/tokens/store";
import { changeAuthority } from "@/lib/users/service/administer-user";
import { makeSettings, makeUser, PASSWORD } from "./support/accounts";
import { administrator, anonymous, loggedIn } from "./support/actors";
import { countWaiting, emptyDatabase } from "./support/database";
import { whileProgramsSave } from "./support/programs";
import { withStatements } from "./support/statements";

const NOW = new Date();
const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
const newKey = () => randomBytes(64).toString("base64");

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings();
  await db().auditEvent.deleteMany();
});

const edit = (rest: Partial<Omit<JwtEdit, "values">> & { values?: Partial<JwtSettings> } = {}): JwtEdit => ({
  version: 1,
  key: null,
  mode: null,
  password: null,
  ...rest,
  values: { ...jwtSettingsDefaults, ...rest.values },
});

const isAlive = async (token: string, now = NOW) =>
  (await authenticate(token, "BROWSER", anonymous(), now)) !== null;

/** Logs in an administrator, Ada, and another user, Bob. */
async function twoPeople() {
  const ada = await loggedIn(await makeUser({ authority: "SYS_ADMIN" }), { now: NOW });
  const bob = await loggedIn(await makeUser(), { now: NOW });
  return { ada, bob };
}

describe("lifetimes", () => {
  it("are saved without a question and hold for tokens issued from then on", async () => {
    const ada = await administrator();
    const shorter = edit({ values: { tokenExpirationTime: 60, refreshTokenExpTime: 900 } });
    const { answer, statements } = await withStatements(() => updateJwtSecurity(ada, shorter, NOW));
    expect(answer).toMatchObject({ ok: true, signedOut: false, panel: { version: 2 } });
    expect(statements).toContainEqual(expect.stringContaining("UPDATE sessions"));
    const { token } = await loggedIn(await makeUser(), { now: NOW });
    expect(await isAlive(token, at(59))).toBe(true);
    expect(await isAlive(token, at(61))).toBe(false);
  });

  it("are saved although programs save without end", async () => {
    const ada = await administrator();
    const shorter = edit({ values: { tokenExpirationTime: 60 } });
    expect(await whileProgramsSave("jwt", () => updateJwtSecurity(ada, shorter, NOW))).toMatchObject({
      ok: true,
      panel: { values: { tokenExpirationTime: 60 } },
    });
  });

  it("when shortened, shorten the existing sessions, but log nobody out who goes on working", async () => {
    const { ada, bob } = await twoPeople();
    await updateJwtSecurity(
      ada.person,
      edit({ values: { tokenExpirationTime: 60, refreshTokenExpTime: 900 } }),
      NOW,
    );
    const renewed = await continueBrowserSession(bob.token, at(899));
    expect(renewed).toMatchObject({ state: "renewed", maxAgeSeconds: 900 });
    const next = renewed.state === "renewed" ? renewed.token : "";
    expect(await continueBrowserSession(next, at(928))).toEqual({ state: "live" });
    expect(await continueBrowserSession(next, at(960))).toMatchObject({ state: "renewed" });
    expect(await continueBrowserSession(ada.token, at(901))).toEqual({ state: "none" });
  });

  it("when shortened, count from the last use, so that whoever saves them goes on working", async () => {
    const { ada, bob } = await twoPeople();
    await continueBrowserSession(ada.token, at(3_600));
    await updateJwtSecurity(
      ada.person,
      edit({ values: { tokenExpirationTime: 60, refreshTokenExpTime: 900 } }),
      at(3_600),
    );
    expect(await continueBrowserSession(ada.token, at(3_601))).toMatchObject({ state: "renewed" });
    expect(await continueBrowserSession(bob.token, at(3_601))).toEqual({ state: "none" });
  });
});

it("shows the current and the next key and issuer, and only fingerprints of keys", async () => {
  const { ada } = await twoPeople();
  const { fingerprint } = await db().signingKey.findFirstOrThrow();
  const key = newKey();
  const ask = (wanted: Parameters<typeof edit>[0]) => updateJwtSecurity(ada.person, edit(wanted), NOW);
  const both = await ask({ key, values: { tokenIssuer: "elsewhere" } });
  expect(both).toMatchObject({
    rotation: {
      from: { fingerprint, issuer: "gatehouse" },
      to: { fingerprint: keyFingerprint(Buffer.from(key, "base64")), issuer: "elsewhere" },
    },
  });
  expect(JSON.stringify(both)).not.toContain(key);

  const shown = await showSigningKey(ada.person, { password: PASSWORD }, NOW);
  const same = await ask({ key: shown.ok ? shown.key : "", values: { tokenIssuer: "elsewhere" } });
  expect(same).toMatchObject({ rotation: { from: { fingerprint }, to: { fingerprint } } });
});

describe.each<[string, () => Partial<Parameters<typeof edit>[0]>]>([
  ["a new key", () => ({ key: newKey() })],
  ["a new issuer", () => ({ values: { tokenIssuer: "elsewhere" } })],
])("%s", (_name, change) => {
  it("first asks, and says whom it touches", async () => {
    const { ada } = await twoPeople();
    expect(await updateJwtSecurity(ada.person, edit(change()), NOW)).toMatchObject({
      ok: false,
      code: "rotation-unconfirmed",
      reach: { sessions: 2, people: 2 },
      passwordRequired: false,
    });
    expect(await db().signingKey.count()).toBe(1);
  });

  it("may keep everyone signed in until their last token has run out", async () => {
    const { ada, bob } = await twoPeople();
    const saved = await updateJwtSecurity(ada.person, edit({ ...change(), mode: "keep" }), NOW);
    expect(saved).toMatchObject({ ok: true, signedOut: false, panel: { version: 2 } });
    for (const { token } of [ada, bob]) expect(await isAlive(token)).toBe(true);
    const renewed = await continueBrowserSession(bob.token, at(9_001));
    expect(renewed).toMatchObject({ state: "renewed" });
    if (renewed.state === "renewed") expect(await isAlive(renewed.token, at(9_001))).toBe(true);
    // The last second in which a session that was never renewed still can be; the old key must verify that long.
    expect(await continueBrowserSession(ada.token, at(604_799))).toMatchObject({ state: "renewed" });
    const [old] = await db().signingKey.findMany({ where: { verifyUntil: { not: null } } });
    expect(old?.verifyUntil?.getTime()).toBeGreaterThanOrEqual(at(604_800).getTime());
    expect(old?.verifyUntil?.getTime()).toBeLessThanOrEqual(at(604_800 + 120).getTime());
  });

  it("may sign everyone out, now and with every key", async () => {
    const { ada, bob } = await twoPeople();
    const first = await updateJwtSecurity(ada.person, edit({ ...change(), mode: "keep" }), NOW);
    expect(first.ok).toBe(true);
    const second = edit({ version: 2, key: newKey(), mode: "sign-out", values: change()?.values ?? {} });
    expect(await updateJwtSecurity(ada.person, second, NOW)).toMatchObject({ ok: true, signedOut: true });
    for (const { token } of [ada, bob])
      expect(await continueBrowserSession(token, NOW)).toEqual({ state: "none" });
    const refused = { verifyUntil: NOW, retiredBy: "sign-out" };
    expect(await db().signingKey.findMany({ orderBy: { verifyUntil: "asc" } })).toMatchObject([
      refused,
      refused,
      { verifyUntil: null },
    ]);
    expect(await db().session.count({ where: { endedAt: null } })).toBe(0);
    expect(await db().auditEvent.findMany({ orderBy: { id: "asc" } })).toMatchObject([
      { kind: "settings-changed", details: { changes: { sessions: "kept" } } },
      { kind: "sessions-ended" },
      { kind: "settings-changed", details: { changes: { sessions: "ended" } } },
    ]);
  });

  it("asks for it as well when it was last given by a clock that has been set back since", async () => {
    const { ada } = await twoPeople();
    const wanted = edit({ ...change(), mode: "keep" });
    const given = (seconds: number) => ({ ...ada.person, confirmedAt: at(seconds) });
    expect(await updateJwtSecurity(given(61), wanted, NOW)).toMatchObject({ passwordRequired: true });
    // The clock of the server that recorded the proof may have been ahead, by up to a minute.
    expect(await updateJwtSecurity(given(60), wanted, NOW)).toMatchObject({ ok: true });
  });

  it("asks for the password when it was last given more than five minutes ago", async () => {
    const { ada } = await twoPeople();
    const late = at(301);
    const wanted = edit({ ...change(), mode: "keep" });
    expect(await updateJwtSecurity(ada.person, wanted, at(300))).toMatchObject({ ok: true });
    await db().settingsRevision.deleteMany({ where: { panel: "jwt", version: 2 } });
    const again = edit({ ...change(), key: newKey(), mode: "keep" });
    expect(await updateJwtSecurity(ada.person, again, late)).toMatchObject({
      code: "rotation-unconfirmed",
      passwordRequired: true,
    });
    expect(await updateJwtSecurity(ada.person, { ...again, password: "wrong" }, late)).toEqual({
      ok: false,
      code: "wrong-password",
    });
    expect(await updateJwtSecurity(ada.person, { ...again, password: PASSWORD }, late)).toMatchObject({
      ok: true,
    });
  });
});

describe("the key itself", () => {
  it("is sealed where it is stored, and only its fingerprint is told", async () => {
    const ada = await administrator();
    const key = randomBytes(65).toString("base64");
    expect(await updateJwtSecurity(ada, edit({ key, mode: "keep" }))).toMatchObject({
      ok: true,
      key: { bits: 520 },
    });
    const everything = JSON.stringify(
      [
        await db().signingKey.findMany(),
        await db().settingsRevision.findMany(),
        await db().auditEvent.findMany(),
      ],
      (_key, value) => (typeof value === "bigint" ? String(value) : value),
    );
    expect(everything).not.toContain(key);
    const { fingerprint } = (await readKeyRing(ada)).keys[0];
    const [event] = await db().auditEvent.findMany();
    expect(event?.details).toMatchObject({ changes: { tokenSigningKey: { to: fingerprint } } });
  });

  it("is another one on every installation, and equal ones do not look equal when sealed", async () => {
    const [first] = await db().signingKey.findMany();
    const ada = await administrator();
    const shown = await showSigningKey(ada, { password: PASSWORD });
    const renamed = edit({ values: { tokenIssuer: "elsewhere" }, mode: "keep" });
    await updateJwtSecurity(ada, renamed);
    const [current] = await db().signingKey.findMany({ where: { verifyUntil: null } });
    expect(current?.fingerprint).toBe(first?.fingerprint);
    expect(current?.sealedKey).not.toBe(first?.sealedKey);
    expect(current?.createdAt).toEqual(first?.createdAt);
    expect(await showSigningKey(ada, { password: PASSWORD })).toEqual(shown);
    const key = shown.ok ? shown.key : "";
    await updateJwtSecurity(ada, edit({ version: 2, key, values: { tokenIssuer: "again" }, mode: "keep" }));
    expect(await db().signingKey.findFirst({ where: { verifyUntil: null } })).toMatchObject({
      issuer: "again",
      createdAt: first?.createdAt,
    });
    await emptyDatabase();
    await makeSettings();
    expect((await db().signingKey.findFirst())?.fingerprint).not.toBe(first?.fingerprint);
  });

  it("does not open in another key's place, not even after it was opened in its own", async () => {
    const ada = await administrator();
    const { token } = await loggedIn(await makeUser(), { now: NOW });
    const [first] = await db().signingKey.findMany();
    await updateJwtSecurity(ada, edit({ key: newKey(), mode: "keep" }));
    expect(await isAlive(token)).toBe(true);
    await db().signingKey.updateMany({ data: { sealedKey: first?.sealedKey ?? "" } });
    await expect(showSigningKey(ada, { password: PASSWORD })).rejects.toThrow(SealBroken);
    expect(await isAlive(token)).toBe(true);
  });

  it("is shown for the password, which is audited; a wrong one counts as a failed attempt", async () => {
    const ada = await administrator();
    expect(await showSigningKey(ada, { password: "wrong" })).toEqual({ ok: false, code: "wrong-password" });
    expect(await showSigningKey(ada, { password: PASSWORD })).toMatchObject({
      ok: true,
      key: expect.stringMatching(/^[\w+/]{86}==$/),
    });
    const { fingerprint } = await db().signingKey.findFirstOrThrow();
    expect(await db().auditEvent.findMany({ orderBy: { id: "asc" } })).toMatchObject([
      { kind: "login-failed" },
      { kind: "signing-key-shown", details: { fingerprint } },
    ]);
    for (let i = 0; i < 5; i += 1) await showSigningKey(ada, { password: "wrong" });
    expect(await showSigningKey(ada, { password: PASSWORD })).toEqual({ ok: false, code: "wrong-password" });
    expect(await db().user.findFirst({ where: { id: ada.userId } })).toMatchObject({ failedAttempts: 5 });
  });

  it("is proposed without anything being stored", async () => {
    const ada = await administrator();
    const { key } = await proposeSigningKey(ada);
    expect(Buffer.from(key, "base64")).toHaveLength(64);
    expect(await db().signingKey.count()).toBe(1);
  });

  it.each([
    ["63 bytes", randomBytes(63).toString("base64")],
    ["blanks", `${newKey()} `],
    ["another alphabet", Buffer.alloc(66, 0xfb).toString("base64url")],
    ["a megabyte", "A".repeat(1_048_576)],
  ])("of %s is refused at the field", async (_name, key) => {
    expect(await updateJwtSecurity(await administrator(), edit({ key, mode: "keep" }))).toMatchObject({
      code: "invalid",
      fieldErrors: { tokenSigningKey: [expect.stringMatching(/^The signing key must/)] },
    });
  });

  it("saved again as it is rotates nothing, and sweeps no sessions", async () => {
    const ada = await administrator();
    const shown = await showSigningKey(ada, { password: PASSWORD });
    const key = shown.ok ? shown.key : "";
    const { answer, statements } = await withStatements(() => updateJwtSecurity(ada, edit({ key })));
    expect(answer).toMatchObject({ ok: true, panel: { version: 1 } });
    expect(await db().signingKey.count()).toBe(1);
    expect(statements).not.toContainEqual(expect.stringContaining("UPDATE sessions"));
  });
});

it("a new key joins a lifetime that another has changed meanwhile, and is no conflict when it is sent again", async () => {
  const [ada, bob] = [await administrator(), await administrator()];
  await updateJwtSecurity(bob, edit({ values: { tokenExpirationTime: 600 } }));
  const rotation = edit({ key: newKey(), mode: "keep" });
  const panel = { version: 3, values: { tokenExpirationTime: 600 } };
  expect(await updateJwtSecurity(ada, rotation)).toMatchObject({ ok: true, mergedWith: bob.email, panel });
  expect(await updateJwtSecurity(ada, rotation)).toMatchObject({ ok: true, panel });
  expect(await db().signingKey.count()).toBe(2);
});

it("a key can be replaced although two programs have overwritten each other's lifetimes for days", async () => {
  await db().$executeRaw`
    INSERT INTO settings_revisions (panel, version, "values", saved_at, saved_by_email)
    SELECT panel, version + i, jsonb_set("values", '{tokenExpirationTime}', to_jsonb(9000 - i % 2)), ${NOW}, 'host'
    FROM settings_revisions, generate_series(1, 9) AS i WHERE panel = 'jwt'`;
  // Each is read to find the latest end of a token. However many saves there were, there are two.
  expect(await findSupersededJwtSettings(db(), NOW)).toHaveLength(2);
});

it("a save that another administrator's new issuer overtakes joins it, and asks nobody about it", async () => {
  const ada = await administrator();
  const values = { ...jwtSettingsDefaults, tokenIssuer: "elsewhere" };
  const { saving } = await db().$transaction(async (tx) => {
    // Stops the save where it first needs the key, and lets it read the panel.
    await tx.$executeRaw`LOCK TABLE signing_keys IN ACCESS EXCLUSIVE MODE`;
    const saving = updateJwtSecurity(ada, edit({ values: { tokenExpirationTime: 60 } }), NOW);
    await expect.poll(countWaiting).toBe(1);
    const from = await currentKey(tx);
    await rotateKey(tx, { from, to: null, issuer: values.tokenIssuer, verifyUntil: at(9_000), now: NOW });
    const saved = { values, facts: {}, savedAt: NOW, savedByEmail: "bob@example.org" };
    await insertRevision(tx, "jwt", { version: 2, ...saved });
    return { saving };
  });
  expect(await saving).toMatchObject({
    ok: true,
    mergedWith: "bob@example.org",
    panel: { version: 3, values: { ...values, tokenExpirationTime: 60 } },
  });
});

it("a new issuer of the same key is told to the audit as a new issuer only", async () => {
  const renaming = edit({ values: { tokenIssuer: "elsewhere" }, mode: "keep" });
  expect(await updateJwtSecurity(await administrator(), renaming)).toMatchObject({ ok: true });
  const event = await db().auditEvent.findFirstOrThrow({ where: { kind: "settings-changed" } });
  expect(Object(event.details).changes).toEqual({
    tokenIssuer: { from: jwtSettingsDefaults.tokenIssuer, to: "elsewhere" },
    sessions: "kept",
  });
});

it("a new key is a conflict where it is unknown which one the edit began from", async () => {
  const rotation = edit({ version: 99, key: newKey(), mode: "keep" });
  expect(await updateJwtSecurity(await administrator(), rotation)).toMatchObject({
    code: "conflict",
    conflicts: ["tokenSigningKey"],
  });
  expect(await db().signingKey.count()).toBe(1);
});

describe("two administrators who both rotate", () => {
  it("one after the other: the second is told of the first", async () => {
    const [ada, bob] = [await administrator(), await administrator()];
    const rotation = (tokenExpirationTime = 9_000) =>
      edit({ key: newKey(), mode: "keep", values: { tokenExpirationTime } });
    await updateJwtSecurity(ada, rotation(600));
    expect(await updateJwtSecurity(bob, rotation())).toMatchObject({
      code: "conflict",
      conflicts: ["tokenSigningKey"],
    });
    expect(await updateJwtSecurity(bob, rotation(700))).toMatchObject({
      code: "conflict",
      conflicts: ["tokenExpirationTime", "tokenSigningKey"],
    });
  });

  it("in one instant: one wins", async () => {
    const admins: Person[] = [];
    for (let i = 0; i < 6; i += 1) admins.push(await administrator());
    const answers = await Promise.all(
      admins.map((admin) => updateJwtSecurity(admin, edit({ key: newKey(), mode: "keep" }))),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers.filter((answer) => !answer.ok && answer.code === "conflict")).toHaveLength(5);
    expect(await db().signingKey.count()).toBe(2);
    expect(await db().signingKey.count({ where: { verifyUntil: null } })).toBe(1);
  });

  it("and sign everyone out, as programs do: one goes on, the other is out and has changed nothing", async () => {
    const admins = [];
    for (let i = 0; i < 3; i += 1) {
      admins.push(await loggedIn(await makeUser({ authority: "SYS_ADMIN" }), { now: NOW, kind: "REST" }));
    }
    await db().auditEvent.deleteMany();
    const signOut = { values: jwtSettingsDefaults, keepOldKey: false, password: null };
    const answers = await Promise.all(
      admins.map(({ person }) =>
        replaceJwtSettings(person, { ...signOut, key: newKey() }, NOW).catch((error: unknown) => error),
      ),
    );
    const won = answers.find((answer): answer is { ok: true; token: string } => !(answer instanceof Error));
    expect(
      answers.filter((answer) => answer instanceof Refusal && answer.code === "unauthenticated"),
    ).toHaveLength(2);
    expect(await authenticate(won?.token ?? "", "REST", anonymous(), NOW)).not.toBeNull();
    expect((await settingsInForce()).jwt.version).toBe(2);
    expect(await db().auditEvent.findMany({ where: { kind: "sessions-ended" } })).toMatchObject([
      { details: { sessions: 2, people: 2 } },
    ]);
  });
});

const replacement = () => ({ values: jwtSettingsDefaults, key: newKey(), keepOldKey: true, password: null });
const changes: [string, (actor: Person) => Promise<unknown>][] = [
  ["the console", (actor) => updateJwtSecurity(actor, edit({ key: newKey(), mode: "keep" }))],
  ["a program", (actor) => replaceJwtSettings(actor, replacement())],
];

it.each(changes)(
  "an administrator who is demoted while a change by %s waits for another changes no key",
  async (_what, change) => {
    const ada = await administrator();
    const { person: bob } = await loggedIn(await makeUser({ authority: "SYS_ADMIN" }), { kind: "REST" });
    const later = await db().$transaction(async (tx) => {
      await serializeKeyChanges(tx);
      const changed = change(bob).catch((refusal) => refusal.code);
      await expect.poll(countWaiting).toBe(1);
      await changeAuthority(ada, { userId: bob.userId, seen: "SYS_ADMIN", authority: "TENANT_ADMIN" });
      return { changed };
    });
    expect(await later.changed).toBe("forbidden");
    expect(await db().signingKey.count()).toBe(1);
    expect((await settingsInForce()).jwt.version).toBe(1);
  },
);

it("programs read a version and its key as of one moment, however often both change meanwhile", async () => {
  const ada = await administrator();
  const rotate = async () => {
    for (let version = 1; version <= 20; version += 1)
      await updateJwtSecurity(ada, edit({ version, key: newKey(), mode: "keep" }));
  };
  let isDone = false;
  const rotations = rotate().finally(() => {
    isDone = true;
  });
  const seen = new Map<number, Set<string>>();
  while (!isDone) {
    const { version, keyFingerprint: fingerprint } = await readJwtSettings(ada);
    seen.set(version, (seen.get(version) ?? new Set()).add(fingerprint));
  }
  await rotations;
  expect((await settingsInForce()).jwt.version).toBe(21);
  expect(seen.size).toBeGreaterThan(1);
  expect([...seen.values()].map(({ size }) => size)).toEqual(Array(seen.size).fill(1));
});

it("a program that saves the settings as it reads them signs nobody out, also where the stored issuer name is damaged", async () => {
  await makeSettings({ jwt: { tokenIssuer: "elsewhere" } });
  await db().$executeRaw`
    UPDATE settings_revisions SET "values" = jsonb_set("values", '{tokenIssuer}', '7') WHERE panel = 'jwt'`;
  const { token } = await loggedIn(await makeUser());
  const ada = (await loggedIn(await makeUser({ authority: "SYS_ADMIN" }), { kind: "REST" })).person;
  const { version, keyFingerprint, ...values } = await readJwtSettings(ada);
  const unchanged = { values, key: null, keepOldKey: false, password: null, version };
  expect(await replaceJwtSettings(ada, unchanged)).toMatchObject({ ok: true });
  expect((await settingsInForce()).jwt).toMatchObject({ values: { tokenIssuer: "elsewhere" }, damaged: [] });
  expect(await authenticate(token, "BROWSER", anonymous())).not.toBeNull();
});

describe("who may", () => {
  it("nobody but a system administrator", async () => {
    const { person } = await loggedIn(await makeUser({ authority: "TENANT_ADMIN" }));
    for (const actor of [person, anonymous()]) {
      const code = actor.kind === "person" ? "forbidden" : "unauthenticated";
      await expect(updateJwtSecurity(actor, edit())).rejects.toMatchObject({ code });
      await expect(showSigningKey(actor, { password: PASSWORD })).rejects.toMatchObject({ code });
      await expect(proposeSigningKey(actor)).rejects.toMatchObject({ code });
      await expect(readJwtSettings(actor)).rejects.toMatchObject({ code });
      const stale = { values: jwtSettingsDefaults, key: null, keepOldKey: true, password: null, version: 99 };
      await expect(replaceJwtSettings(actor, stale)).rejects.toMatchObject({ code });
    }
  });
});
