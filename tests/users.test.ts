import { beforeEach, describe, expect, it } from "vitest";
import { choosePassword } from "@/lib/accounts/service/new-password";
import type { User } from "@/lib/accounts/store";
import { logIn } from "@/lib/auth/service/log-in";
import type { Person } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { authenticate } from "@/lib/sessions/service/authenticate";
import { insertRevision, readMailPanel } from "@/lib/settings/store";
import type { IssueLinkInput, NewUserInput } from "@/lib/users/schema";
import {
  changeAuthority,
  deleteUser,
  disableUser,
  enableUser,
  endUserSessions,
  unlockUser,
} from "@/lib/users/service/administer-user";
import { createUser, createUserForProgram } from "@/lib/users/service/create-user";
import { describeUser } from "@/lib/users/service/describe-user";
import { editUser } from "@/lib/users/service/edit-user";
import { issueUserLink } from "@/lib/users/service/issue-link";
import { listUsers } from "@/lib/users/service/list-users";
import { deleteUserById, issueActivation, setUserEnabled } from "@/lib/users/service/named-user";
import { pageUsers } from "@/lib/users/service/page-users";
import { readUser } from "@/lib/users/service/read-user";
import { makeSettings, makeUser, PASSWORD } from "./support/accounts";
import { administrator, anonymous, loggedIn } from "./support/actors";
import { countWaiting, emptyDatabase } from "./support/database";
import { readMails, secretOf } from "./support/outbox";

const OK = { ok: true };
const done = ({ email }: User) => ({ ok: true, email });
const OUT_OF_DATE = { ok: false, code: "out-of-date" };
const NOBODY = "018f0000-0000-7000-8000-000000000000";
const HOUR_MS = 3_600_000;

let admin: Person;

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings();
  admin = await administrator({ email: "root@example.org" });
  await db().auditEvent.deleteMany();
});

const account = ({ id }: Pick<User, "id">) => db().user.findUniqueOrThrow({ where: { id } });
const input = ({ id }: Pick<User, "id">) => ({ userId: id });

/** The audit events without their actor, after a check that it is the administrator in each. */
async function events() {
  const rows = await db().auditEvent.findMany({ orderBy: { id: "asc" } });
  for (const row of rows) {
    const { actorId, actorEmail, address, requestId } = row;
    expect({ actorId, actorEmail, address, requestId }).toEqual({
      actorId: admin.userId,
      actorEmail: admin.email,
      address: admin.address,
      requestId: admin.requestId,
    });
  }
  return rows.map(({ kind, subjectId, subjectEmail, details }) => ({
    kind,
    subjectId,
    subjectEmail,
    details,
  }));
}
const event = ({ id, email }: Pick<User, "id" | "email">, kind: string, details: object = {}) => ({
  kind,
  subjectId: id,
  subjectEmail: email,
  details,
});

const tryLogIn = ({ email }: Pick<User, "email">, password = PASSWORD) =>
  logIn(anonymous(), { email, password, kind: "BROWSER" });

/** Logs an account in. @returns a function that gives the session's current authority, null once it has ended */
async function session(user: User) {
  const { token, person } = await loggedIn(user);
  return async () => (await authenticate(token, "BROWSER", person))?.authority ?? null;
}

const choose = (purpose: "ACTIVATION" | "PASSWORD_RESET", url: string, now = new Date()) =>
  choosePassword(anonymous(), { purpose, secret: secretOf(url), password: "a gate and a house" }, now);

const newUser: NewUserInput = {
  email: "Ada@Example.org",
  firstName: "Ada",
  lastName: "Lovelace",
  authority: "TENANT_ADMIN",
  sendMail: true,
};

describe("createUser", () => {
  it("invites: an account without a password, a link, a mail, two events", async () => {
    const now = new Date();
    const created = await createUser(admin, newUser, now);
    if (!created.ok) throw new Error(created.code);
    const user = await account({ id: created.userId });
    expect(user).toMatchObject({
      email: "Ada@Example.org",
      emailKey: "ada@example.org",
      state: "INVITED",
      authority: "TENANT_ADMIN",
      passwordHash: null,
    });
    expect(created.expiresAt).toEqual(new Date(now.getTime() + 24 * HOUR_MS));
    expect(created.isWaiting).toBe(true);
    const [mail] = await readMails(user.id);
    expect(mail).toMatchObject({
      kind: "activation",
      recipient: "Ada@Example.org",
      values: { activationUrl: created.activationUrl, name: "Ada Lovelace" },
    });
    expect(await events()).toEqual([
      event(user, "account-created", { authority: "TENANT_ADMIN" }),
      event(user, "link-issued", { purpose: "ACTIVATION", delivery: "mail", shown: true }),
    ]);
    expect(await choose("ACTIVATION", created.activationUrl)).toMatchObject(OK);
    expect(await tryLogIn(user, "a gate and a house")).toMatchObject(OK);
  });

  it("mails nothing when no mail is wanted", async () => {
    const created = await createUser(admin, { ...newUser, sendMail: false });
    expect(created).toMatchObject({ ok: true, isWaiting: false });
    expect(await readMails()).toEqual([]);
    expect((await events())[1]?.details).toEqual({ purpose: "ACTIVATION", delivery: "copy" });
  });

  it("keeps only a digest of the link", async () => {
    const created = await createUser(admin, { ...newUser, sendMail: false });
    if (!created.ok) throw new Error(created.code);
    const secret = secretOf(created.activationUrl);
    const stored = [await db().accountLink.findMany(), await db().auditEvent.findMany()];
    const text = JSON.stringify(stored, (_key, value) => (typeof value === "bigint" ? String(value) : value));
    expect(text).not.toContain(secret);
  });

  it("refuses an address that somebody has in another casing, and leaves nothing behind", async () => {
    await makeUser({ email: "aDA@exAMPLE.org" });
    expect(await createUser(admin, newUser)).toMatchObject({
      ok: false,
      code: "invalid",
      fieldErrors: { email: [expect.stringContaining("already")] },
    });
    expect(await db().user.count()).toBe(3);
    expect([await events(), await readMails()]).toEqual([[], []]);
  });

  it("gives one address to one of twenty who invite at once", async () => {
    const spellings = ["ada@example.org", "ADA@example.org", "Ada@Example.Org", "ada@EXAMPLE.org"];
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => createUser(admin, { ...newUser, email: spellings[i % 4] ?? "" })),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await db().user.count({ where: { emailKey: "ada@example.org" } })).toBe(1);
    expect(await db().accountLink.count({ where: { user: { emailKey: "ada@example.org" } } })).toBe(1);
    expect(await readMails()).toHaveLength(1);
  });
});

describe("issueUserLink", () => {
  const issue = (user: User, purpose: IssueLinkInput["purpose"], delivery: IssueLinkInput["delivery"]) =>
    issueUserLink(admin, { userId: user.id, purpose, delivery });

  it("supersedes the activation link before it", async () => {
    const user = await makeUser({ state: "INVITED" });
    const [first, second] = [
      await issue(user, "ACTIVATION", "copy"),
      await issue(user, "ACTIVATION", "copy"),
    ];
    if (!first.ok || !second.ok) throw new Error("refused");
    expect(await choose("ACTIVATION", first.url ?? "")).toEqual({ ok: false, code: "link-unusable" });
    expect(await choose("ACTIVATION", second.url ?? "")).toMatchObject(OK);
  });

  it("lets nobody copy a reset link where it can be mailed; an activation link still", async () => {
    const [user, invited] = [await makeUser(), await makeUser({ state: "INVITED" })];
    expect(await issue(user, "PASSWORD_RESET", "copy")).toMatchObject({ ok: true, url: expect.any(String) });
    await db().auditEvent.deleteMany();
    const { values } = await readMailPanel(db());
    await insertRevision(db(), "mail", {
      version: 2,
      values: { ...values, host: "mail.example.org" },
      facts: {},
      savedAt: new Date(),
      savedByEmail: "host",
    });
    expect(await issue(user, "PASSWORD_RESET", "copy")).toEqual({ ok: false, code: "mail-only" });
    expect(await events()).toEqual([]);
    expect(await issue(user, "PASSWORD_RESET", "mail")).toMatchObject({ ok: true, isWaiting: false });
    expect(await issue(invited, "ACTIVATION", "copy")).toMatchObject({ ok: true, url: expect.any(String) });
  });

  it("mails a reset link, and does not show it", async () => {
    const user = await makeUser();
    const issued = await issue(user, "PASSWORD_RESET", "mail");
    expect(issued).toMatchObject({ ok: true, url: null, email: user.email, isWaiting: true });
    const [mail] = await readMails(user.id);
    const { resetUrl } = (mail?.values ?? {}) as { resetUrl: string };
    expect(mail).toMatchObject({
      kind: "password-reset",
      recipient: user.email,
      values: { address: null, userAgent: null },
    });
    expect(await events()).toEqual([
      event(user, "link-issued", { purpose: "PASSWORD_RESET", delivery: "mail" }),
    ]);
    const isAlive = await session(user);
    expect(await choose("PASSWORD_RESET", resetUrl)).toMatchObject(OK);
    expect(await isAlive()).toBeNull();
  });

  it.each([
    ["ACTIVATION", "ACTIVE"],
    ["ACTIVATION", "DISABLED"],
    ["PASSWORD_RESET", "INVITED"],
    ["PASSWORD_RESET", "DISABLED"],
  ] as const)("makes no %s link for an account that is %s", async (purpose, state) => {
    const user = await makeUser({ state });
    expect(await issue(user, purpose, "copy")).toEqual(OUT_OF_DATE);
    expect([await events(), await db().accountLink.count({ where: { userId: user.id } })]).toEqual([[], 0]);
  });
});

describe("disableUser and enableUser", () => {
  it("ends sessions at once, kills links, refuses the password, and gives it back", async () => {
    const user = await makeUser();
    const isAlive = await session(user);
    const link = await issueUserLink(admin, { ...input(user), purpose: "PASSWORD_RESET", delivery: "copy" });
    await db().auditEvent.deleteMany();
    expect(await disableUser(admin, input(user))).toEqual(done(user));
    expect(await isAlive()).toBeNull();
    expect(await events()).toEqual([event(user, "account-disabled", { sessions: 1 })]);
    expect(await tryLogIn(user)).toEqual({ ok: false, code: "refused" });
    await db().auditEvent.deleteMany();

    await db().user.update({ where: { id: user.id }, data: { lockedAt: new Date(), failedAttempts: 5 } });
    expect(await enableUser(admin, input(user))).toEqual(done(user));
    expect(await events()).toEqual([
      event(user, "account-enabled"),
      event(user, "account-unlocked", { by: "administrator" }),
    ]);
    expect(await isAlive()).toBeNull();
    // A link from before the account was disabled stays unusable after it is enabled again.
    expect(await choose("PASSWORD_RESET", (link.ok && link.url) || "")).toEqual({
      ok: false,
      code: "link-unusable",
    });
    expect(await tryLogIn(user)).toMatchObject(OK);
  });

  it.each([
    ["disables an invited", disableUser, "INVITED"],
    ["disables a disabled", disableUser, "DISABLED"],
    ["enables an active", enableUser, "ACTIVE"],
    ["enables an invited", enableUser, "INVITED"],
  ] as const)("never %s account", async (_name, verb, state) => {
    const user = await makeUser({ state });
    expect(await verb(admin, input(user))).toEqual(OUT_OF_DATE);
    expect([(await account(user)).state, await events()]).toEqual([state, []]);
  });

  it("ends very many sessions in batches, each recorded, the first with the account", async () => {
    const user = await makeUser();
    const sessions = [];
    for (let n = 0; n < 5; n += 1) sessions.push(await session(user));
    await db().auditEvent.deleteMany();
    expect(await disableUser(admin, input(user), new Date(), 2)).toEqual(done(user));
    expect(await Promise.all(sessions.map((isAlive) => isAlive()))).toEqual(Array(5).fill(null));
    expect(await db().session.count({ where: { userId: user.id, endedAt: null } })).toBe(0);
    expect(await events()).toEqual([
      event(user, "account-disabled", { sessions: 2 }),
      event(user, "sessions-ended", { reason: "administrator", sessions: 2 }),
      event(user, "sessions-ended", { reason: "administrator", sessions: 1 }),
    ]);
  });

  it("brings no session back that was left when it was disabled", async () => {
    const user = await makeUser();
    const sessions = [await session(user), await session(user), await session(user)];
    await db().user.update({ where: { id: user.id }, data: { state: "DISABLED" } });
    await db().auditEvent.deleteMany();
    expect(await enableUser(admin, input(user), new Date(), 2)).toEqual(done(user));
    expect(await Promise.all(sessions.map((isAlive) => isAlive()))).toEqual([null, null, null]);
    expect(await events()).toEqual([
      event(user, "sessions-ended", { reason: "administrator", sessions: 2 }),
      event(user, "sessions-ended", { reason: "administrator", sessions: 1 }),
      event(user, "account-enabled"),
    ]);
  });

  it("ends no session of an account that another administrator has enabled already", async () => {
    const user = await makeUser();
    const isAlive = await session(user);
    await db().auditEvent.deleteMany();
    expect(await enableUser(admin, input(user))).toEqual(OUT_OF_DATE);
    expect(await isAlive()).toBe("CUSTOMER_USER");
    expect(await events()).toEqual([]);
  });

  it("lets no session through that begins while the account is disabled", async () => {
    for (let round = 0; round < 5; round += 1) {
      const user = await makeUser();
      await Promise.all([tryLogIn(user), tryLogIn(user), disableUser(admin, input(user)), tryLogIn(user)]);
      expect(await db().session.count({ where: { userId: user.id, endedAt: null } })).toBe(0);
    }
  });
});

describe("unlockUser, endUserSessions, changeAuthority, deleteUser", () => {
  it("lifts a lock once", async () => {
    const user = await makeUser({ lockedAt: new Date(), failedAttempts: 5 });
    expect(await unlockUser(admin, input(user))).toEqual(done(user));
    expect(await unlockUser(admin, input(user))).toEqual(OUT_OF_DATE);
    expect(await account(user)).toMatchObject({ lockedAt: null, lockedUntil: null, failedAttempts: 0 });
    expect(await events()).toEqual([event(user, "account-unlocked", { by: "administrator" })]);
    expect(await tryLogIn(user)).toMatchObject(OK);
  });

  it("lifts no lock of an account that was disabled meanwhile: its person still could not log in", async () => {
    const user = await makeUser({ lockedAt: new Date(), failedAttempts: 5 });
    await disableUser(admin, input(user));
    expect(await unlockUser(admin, input(user))).toEqual(OUT_OF_DATE);
    expect(await enableUser(admin, input(user))).toEqual(done(user));
    expect(await tryLogIn(user)).toMatchObject(OK);
  });

  it("ends all sessions of one person, and nobody else’s", async () => {
    const [user, other] = [await makeUser(), await makeUser()];
    const sessions = [await session(user), await session(user), await session(other)];
    expect(await endUserSessions(admin, input(user))).toEqual(done(user));
    expect(await Promise.all(sessions.map((isAlive) => isAlive()))).toEqual([null, null, "CUSTOMER_USER"]);
    expect(await events()).toEqual([event(user, "sessions-ended", { reason: "administrator", sessions: 2 })]);
  });

  it("ends very many of them in batches, each recorded", async () => {
    const user = await makeUser();
    const sessions = [await session(user), await session(user), await session(user)];
    await db().auditEvent.deleteMany();
    expect(await endUserSessions(admin, input(user), new Date(), 2)).toEqual(done(user));
    expect(await Promise.all(sessions.map((isAlive) => isAlive()))).toEqual([null, null, null]);
    expect(await events()).toEqual([
      event(user, "sessions-ended", { reason: "administrator", sessions: 2 }),
      event(user, "sessions-ended", { reason: "administrator", sessions: 1 }),
    ]);
    expect(await endUserSessions(admin, input(user))).toEqual(OUT_OF_DATE);
  });

  it("ends the next batch too when a session of the last one got another id", async () => {
    const user = await makeUser();
    for (let n = 0; n < 3; n += 1) await session(user);
    const newest = await db().session.findFirstOrThrow({
      where: { userId: user.id },
      orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    });
    let ending: ReturnType<typeof endUserSessions> | undefined;
    await db().$transaction(async (tx) => {
      await tx.session.update({ where: { id: newest.id }, data: { id: crypto.randomUUID() } });
      ending = endUserSessions(admin, input(user), new Date(), 2);
      await expect.poll(countWaiting).toBe(1);
    });
    expect(await ending).toEqual(done(user));
    expect(await db().session.count({ where: { userId: user.id, endedAt: null } })).toBe(0);
  });

  it("gives another authority, which open sessions have at once", async () => {
    const user = await makeUser({ authority: "SYS_ADMIN" });
    const authorityNow = await session(user);
    expect(
      await changeAuthority(admin, { ...input(user), seen: "SYS_ADMIN", authority: "TENANT_ADMIN" }),
    ).toEqual(done(user));
    expect(await authorityNow()).toBe("TENANT_ADMIN");
    expect(await events()).toEqual([
      event(user, "authority-changed", { from: "SYS_ADMIN", to: "TENANT_ADMIN" }),
    ]);
  });

  it.each(["CUSTOMER_USER", "TENANT_ADMIN"] as const)(
    "leaves the authority that somebody else has given meanwhile to whoever gives %s",
    async (authority) => {
      const user = await makeUser({ authority: "TENANT_ADMIN" });
      expect(await changeAuthority(admin, { ...input(user), seen: "SYS_ADMIN", authority })).toEqual(
        OUT_OF_DATE,
      );
      expect(await db().user.findUniqueOrThrow({ where: { id: user.id } })).toMatchObject({
        authority: "TENANT_ADMIN",
      });
      expect(await events()).toEqual([]);
    },
  );

  it("deletes when the address is typed, in any casing, and leaves only the audit, which counts live sessions", async () => {
    const user = await makeUser({ email: "Ada@Example.org" });
    const isAlive = await session(user);
    const { sessionId: id } = (await loggedIn(user)).person;
    await db().session.update({ where: { id }, data: { renewableUntil: new Date() } });
    expect(await deleteUser(admin, { ...input(user), email: "ada@example.com" })).toEqual(OUT_OF_DATE);
    expect(await isAlive()).toBe("CUSTOMER_USER");
    expect(await deleteUser(admin, { ...input(user), email: " ada@EXAMPLE.org " })).toEqual(done(user));
    expect(await isAlive()).toBeNull();
    expect(await db().user.findUnique({ where: { id: user.id } })).toBeNull();
    expect(await events()).toEqual([
      event(user, "account-deleted", { authority: "CUSTOMER_USER", sessions: 1 }),
    ]);
    expect(await createUser(admin, { ...newUser, email: "ada@example.org" })).toMatchObject(OK);
    expect(await isAlive()).toBeNull();
  });
});

/** Each verb, called as its page calls it, on another account. */
const verbs: [string, (actor: Person | ReturnType<typeof anonymous>, user: User) => Promise<unknown>][] = [
  ["createUser", (actor) => createUser(actor, newUser)],
  ["listUsers", (actor) => listUsers(actor, {})],
  ["describeUser", (actor, { id }) => describeUser(actor, id)],
  ["disableUser", (actor, user) => disableUser(actor, input(user))],
  ["enableUser", (actor, user) => enableUser(actor, input(user))],
  ["unlockUser", (actor, user) => unlockUser(actor, input(user))],
  ["endUserSessions", (actor, user) => endUserSessions(actor, input(user))],
  [
    "changeAuthority",
    (actor, user) => changeAuthority(actor, { ...input(user), seen: user.authority, authority: "SYS_ADMIN" }),
  ],
  [
    "editUser",
    (actor, user) => {
      const { email, firstName, lastName } = user;
      const seen = { email, firstName, lastName };
      return editUser(actor, { ...input(user), ...seen, email: "moved@example.org", seen });
    },
  ],
  ["deleteUser", (actor, user) => deleteUser(actor, { ...input(user), email: user.email })],
  ...(["mail", "copy"] as const).map((delivery): (typeof verbs)[number] => [
    `issueUserLink (${delivery})`,
    (actor, user) => issueUserLink(actor, { ...input(user), purpose: "PASSWORD_RESET", delivery }),
  ]),
];

/** Those that programs call by their routes, which ask as well who is there. Nothing is to be done by most of them. */
const verbsForPrograms: typeof verbs = [
  ["createUserForProgram", (actor) => createUserForProgram(actor, newUser)],
  [
    "pageUsers",
    (actor) => pageUsers(actor, { sortProperty: "email", sortOrder: "ASC", pageSize: 9, page: 9 }),
  ],
  ["readUser", (actor, { id }) => readUser(actor, id)],
  ["deleteUserById", (actor, user) => deleteUserById(actor, input(user))],
  ["setUserEnabled", (actor) => setUserEnabled(actor, { userId: NOBODY, isEnabled: true })],
  ["issueActivation", (actor, user) => issueActivation(actor, input(user), "mail")],
];

describe.each([...verbs, ...verbsForPrograms])("%s", (_name, verb) => {
  it("is refused to whoever is no system administrator, and changes nothing for them", async () => {
    const user = await makeUser({ lockedAt: new Date() });
    const isAlive = await session(user);
    const before = await account(user);
    await expect(verb(anonymous(), user)).rejects.toMatchObject({ code: "unauthenticated" });
    for (const authority of ["CUSTOMER_USER", "TENANT_ADMIN"] as const) {
      const { person } = await loggedIn(await makeUser({ authority }));
      await expect(verb(person, user)).rejects.toMatchObject({ code: "forbidden" });
    }
    const own = (await loggedIn(user)).person;
    await expect(verb(own, user)).rejects.toMatchObject({ code: "forbidden" });
    expect(await account(user)).toEqual(before);
    expect(await isAlive()).toBe("CUSTOMER_USER");
    expect([
      await events(),
      await readMails(),
      await db().accountLink.count({ where: { userId: user.id } }),
    ]).toEqual([[], [], 0]);
  });
});

it.each(verbs.slice(3))("%s of an account that is gone is out of date", async (name, verb) => {
  const answer = name === "editUser" ? { ...OUT_OF_DATE, current: null } : OUT_OF_DATE;
  expect(await verb(admin, { id: NOBODY, email: "" } as User)).toEqual(answer);
  expect(await events()).toEqual([]);
});
