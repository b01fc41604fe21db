import { beforeEach, describe, expect, it, vi } from "vitest";
import { requestPasswordReset, resolveResetRequests } from "@/lib/accounts/reset-requests/service";
import { linkOwner } from "@/lib/accounts/service/link-owner";
import { lockUserRow, type User } from "@/lib/accounts/store";
import { listAuditEntries } from "@/lib/audit/service/list-entries";
import { logIn } from "@/lib/auth/service/log-in";
import type { Person } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { authenticate } from "@/lib/sessions/service/authenticate";
import { editUserSchema } from "@/lib/users/schema";
import { deleteUser } from "@/lib/users/service/administer-user";
import { describeUser } from "@/lib/users/service/describe-user";
import { editUser } from "@/lib/users/service/edit-user";
import { issueUserLink } from "@/lib/users/service/issue-link";
import { deleteUserById } from "@/lib/users/service/named-user";
import * as store from "@/lib/users/store";
import { makeSettings, makeUser, PASSWORD } from "./support/accounts";
import { administrator, anonymous, loggedIn } from "./support/actors";
import { countWaiting, emptyDatabase } from "./support/database";
import { makeLink } from "./support/links";
import { readMails, secretOf } from "./support/outbox";

const OK = { ok: true };
const OLD = "Ada@Example.org";
const NEW = "ada.king@example.org";
const NOTHING = { email: "", firstName: "", lastName: "" };

let admin: Person;

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings();
  admin = await administrator({ email: "root@example.org" });
  await db().auditEvent.deleteMany();
});

type Identity = Pick<User, "email" | "firstName" | "lastName">;
const identity = ({ email, firstName, lastName }: Identity): Identity => ({ email, firstName, lastName });
const edit = (user: User, changes: Partial<Identity>, actor: Person = admin) =>
  editUser(actor, { userId: user.id, ...identity(user), ...changes, seen: identity(user) });
const account = ({ id }: Pick<User, "id">) => db().user.findUniqueOrThrow({ where: { id } });
const events = () =>
  db().auditEvent.findMany({ select: { kind: true, actorEmail: true, subjectEmail: true, details: true } });
const tryLogIn = async (email: string) =>
  (await logIn(anonymous(), { email, password: PASSWORD, kind: "BROWSER" })).ok;

describe("another name", () => {
  it("is written and told to the audit, and changes nothing else", async () => {
    const user = await makeUser({ email: OLD });
    const link = await makeLink(user.id, "PASSWORD_RESET");
    expect(await edit(user, { lastName: "King" })).toEqual(OK);
    expect(await account(user)).toMatchObject({ email: OLD, firstName: "Ada", lastName: "King" });
    expect(await linkOwner("PASSWORD_RESET", link.secret)).not.toBeNull();
    expect(await readMails()).toEqual([]);
    expect(await events()).toEqual([
      {
        kind: "profile-changed",
        actorEmail: admin.email,
        subjectEmail: OLD,
        details: { lastName: { from: "Lovelace", to: "King" } },
      },
    ]);
  });

  it("that is the same one leaves no trace", async () => {
    expect(await edit(await makeUser(), {})).toEqual(OK);
    expect(await events()).toEqual([]);
  });

  it("that was saved, but whose answer was lost, can be saved again", async () => {
    const user = await makeUser({ email: OLD });
    expect(await edit(user, { email: NEW, lastName: "King" })).toEqual(OK);
    expect(await edit(user, { email: NEW, lastName: "King" })).toEqual(OK);
    expect(await events()).toHaveLength(1);
    expect(await readMails(user.id)).toHaveLength(2);
    const current = { email: NEW, firstName: "Ada", lastName: "King" };
    expect(await edit(user, { lastName: "Queen" })).toEqual({ ok: false, code: "out-of-date", current });
  });

  it.each(["A\r\nBcc: eve@example.com", "A\u202eB", "x".repeat(101)])("must be one: %.20j", (firstName) => {
    const input = { userId: admin.userId, email: OLD, firstName, lastName: "", seen: NOTHING };
    expect(editUserSchema.safeParse(input).error?.issues[0]?.path).toEqual(["firstName"]);
  });
});

describe("another address", () => {
  it("is the one to log in with, and the sessions go on", async () => {
    const user = await makeUser({ email: OLD });
    const { token, person } = await loggedIn(user);
    expect(await edit(user, { email: NEW })).toEqual(OK);
    expect(await account(user)).toMatchObject({ email: NEW, emailKey: NEW });
    expect([await tryLogIn(OLD), await tryLogIn(NEW.toUpperCase())]).toEqual([false, true]);
    expect(await authenticate(token, "BROWSER", person)).toMatchObject({ email: NEW });
    expect((await events())[0]).toMatchObject({
      kind: "profile-changed",
      subjectEmail: OLD,
      details: { email: { from: OLD, to: NEW } },
    });
  });

  it("is found in the audit by either address, and leads to the events under the other", async () => {
    const user = await makeUser({ email: OLD });
    expect(await edit(user, { email: NEW })).toEqual(OK);
    for (const person of [OLD, NEW, `"${NEW}"`, "KING@"]) {
      const { entries } = await listAuditEntries(admin, { person });
      expect(entries, person).toMatchObject([{ kind: "profile-changed", subjectEmail: OLD }]);
    }
  });

  it("leaves the account's page knowing those before, the latest first, each once", async () => {
    const { id } = await makeUser({ email: OLD });
    const known = async () => (await describeUser(admin, id))?.earlierEmails;
    expect(await known()).toEqual([]);
    for (const email of [NEW, OLD.toLowerCase(), NEW.toUpperCase()])
      expect(await edit(await account({ id }), { email, lastName: "King" })).toEqual(OK);
    expect(await known()).toEqual([OLD]);
    for (const n of [1, 2, 3, 4]) await edit(await account({ id }), { email: `ada.${n}@example.org` });
    expect(await known()).toEqual(["ada.3@example.org", "ada.2@example.org", "ada.1@example.org", NEW]);
  });

  it("ends the links of the one before, and is told at both", async () => {
    const user = await makeUser({ email: OLD });
    await requestPasswordReset(anonymous(), OLD);
    await resolveResetRequests();
    const [forgotten] = await readMails(user.id);
    const secret = secretOf(String(Object(forgotten?.values).resetUrl));
    expect(await linkOwner("PASSWORD_RESET", secret)).not.toBeNull();
    expect(await edit(user, { email: NEW, lastName: "King" })).toEqual(OK);
    expect(await linkOwner("PASSWORD_RESET", secret)).toBeNull();
    const said = { oldEmail: OLD, name: "Ada King" };
    expect(await readMails(user.id)).toMatchObject([
      { kind: "email-changed", recipient: NEW, values: { ...said, newEmail: NEW } },
      { kind: "email-changed", recipient: OLD, values: { ...said, newEmail: "a•••@example.org" } },
    ]);
  });

  it("of somebody disabled is told at both as well", async () => {
    const user = await makeUser({ state: "DISABLED", email: OLD });
    expect(await edit(user, { email: NEW })).toEqual(OK);
    expect((await readMails(user.id)).map(({ recipient }) => recipient)).toEqual([NEW, OLD]);
  });

  it("of somebody invited is told to nobody, and gets the next link", async () => {
    const user = await makeUser({ state: "INVITED", email: "typo@example.com" });
    const to = { userId: user.id, purpose: "ACTIVATION", delivery: "mail" } as const;
    await issueUserLink(admin, to);
    expect(await edit(user, { email: NEW })).toEqual(OK);
    expect(await readMails(user.id)).toEqual([]);
    await issueUserLink(admin, to);
    expect(await readMails(user.id)).toMatchObject([{ kind: "activation", recipient: NEW }]);
  });

  it("in another casing only is no other address", async () => {
    const user = await makeUser({ email: OLD });
    const link = await makeLink(user.id, "PASSWORD_RESET");
    expect(await edit(user, { email: OLD.toLowerCase() })).toEqual(OK);
    expect(await account(user)).toMatchObject({ email: OLD.toLowerCase() });
    expect(await linkOwner("PASSWORD_RESET", link.secret)).not.toBeNull();
    expect(await readMails()).toEqual([]);
  });

  it("that somebody has, in whatever casing, is refused, and nothing is lost by it", async () => {
    await makeUser({ email: NEW.toUpperCase() });
    const user = await makeUser({ email: OLD });
    const link = await makeLink(user.id, "PASSWORD_RESET");
    expect(await edit(user, { email: NEW, firstName: "Augusta" })).toMatchObject({
      ok: false,
      code: "invalid",
      fieldErrors: { email: [expect.stringContaining("Another account")] },
    });
    expect(await account(user)).toMatchObject({ email: OLD, firstName: "Ada" });
    expect(await linkOwner("PASSWORD_RESET", link.secret)).not.toBeNull();
    expect([await events(), await readMails()]).toEqual([[], []]);
  });

  it.each([
    "m\u0131ke@example.org",
    "a@example.org,b@example.org",
    "a@example.org\r\nBcc: b@example.org",
    "",
  ])("must be one: %j", (email) => {
    const input = { userId: admin.userId, email, firstName: "", lastName: "", seen: NOTHING };
    expect(editUserSchema.safeParse(input).error?.issues[0]?.path).toEqual(["email"]);
  });

  it("can be given to the first administrator, whose own is only a default", async () => {
    const first = await db().user.findFirstOrThrow({ where: { state: "INVITED" } });
    expect(first.email).toBe("admin@gatehouse.local");
    expect(await edit(first, { email: NEW })).toEqual(OK);
    const own = await account({ id: admin.userId });
    expect(await edit(own, { email: "root@example.com" })).toEqual(OK);
    expect(await tryLogIn("root@example.com")).toBe(true);
  });
});

describe("at once", () => {
  it("an edit that began from outdated values is refused", async () => {
    const user = await makeUser({ email: OLD });
    const { all } = await db().$transaction(async (tx) => {
      await lockUserRow(tx, user.id);
      const edits = Array.from({ length: 6 }, (_, i) => edit(user, { email: `ada${i}@example.org` }));
      await expect.poll(countWaiting).toBe(6);
      return { all: Promise.all(edits) };
    });
    const answers = await all;
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    const { email } = await account(user);
    const current = { ...identity(user), email };
    const refused = answers.filter(({ ok }) => !ok);
    expect(refused).toEqual(Array(5).fill({ ok: false, code: "out-of-date", current }));
    expect(await events()).toHaveLength(1);
    expect(await readMails()).toHaveLength(2);
  });

  it("an account is deleted, and told to the audit, as it is then", async () => {
    const user = await makeUser({ email: OLD });
    const { both } = await db().$transaction(async (tx) => {
      const data = { email: NEW, emailKey: NEW, authority: "TENANT_ADMIN" } as const;
      await tx.user.update({ where: { id: user.id }, data });
      const to = { userId: user.id, email: OLD };
      const deletions = [deleteUser(admin, to), deleteUserById(admin, to)];
      await expect.poll(countWaiting).toBe(2);
      return { both: Promise.all(deletions) };
    });
    expect(await both).toEqual([
      { ok: false, code: "out-of-date" },
      { ...OK, email: NEW },
    ]);
    expect(await events()).toMatchObject([
      { kind: "account-deleted", subjectEmail: NEW, details: { authority: "TENANT_ADMIN" } },
    ]);
  });

  it("one address goes to one of many accounts", async () => {
    const users = await Promise.all(Array.from({ length: 8 }, () => makeUser()));
    const spellings = [NEW, NEW.toUpperCase()];
    const answers = await Promise.all(users.map((user, i) => edit(user, { email: spellings[i % 2] ?? NEW })));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await db().user.count({ where: { emailKey: NEW } })).toBe(1);
  });

  it("two accounts cannot swap their addresses, and neither edit fails for waiting on the other", async () => {
    const users = await Promise.all([makeUser({ email: OLD }), makeUser({ email: NEW })]);
    const { updateIdentity: update } = store;
    let begun = 0;
    const updateIdentity = vi.spyOn(store, "updateIdentity").mockImplementation(async (tx, id, wanted) => {
      begun += 1;
      // As within the statement itself: the row's new version is written before its address is looked for in the index.
      await tx.$executeRaw`UPDATE users SET email_key = id::text WHERE id = ${id}::uuid`;
      await expect.poll(async () => begun === 2 || (await countWaiting()) > 0).toBe(true);
      await update(tx, id, wanted);
    });
    const [one, other] = users;
    const answers = await Promise.all([edit(one, { email: NEW }), edit(other, { email: OLD })]).finally(() =>
      updateIdentity.mockRestore(),
    );
    expect(answers).toMatchObject([{ code: "invalid" }, { code: "invalid" }]);
    expect([await account(one), await account(other)]).toMatchObject(users.map(identity));
  });

  it("no link that works is on its way to the address before", async () => {
    for (let round = 0; round < 8; round += 1) {
      const user = await makeUser();
      await requestPasswordReset(anonymous(), user.email);
      const email = `moved-${round}@example.org`;
      const to = { userId: user.id, purpose: "PASSWORD_RESET", delivery: "mail" } as const;
      await Promise.all([resolveResetRequests(), edit(user, { email }), issueUserLink(admin, to)]);
      const open = await db().accountLink.findMany({ where: { userId: user.id, supersededAt: null } });
      const mails = await db().outboxMessage.findMany({
        where: { linkId: { in: open.map(({ id }) => id) } },
      });
      expect(mails.map(({ recipient }) => recipient)).toEqual(mails.map(() => email));
    }
  });
});
