import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { Person } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { mailServerInForce } from "@/lib/mail/mail-server";
import { RETRY_BATCH_SIZE } from "@/lib/mail/retry-now";
import { type MailEdit, type MailEntry, PASSWORD_WITHOUT_USER } from "@/lib/mail/schema";
import {
  readMailConfiguration,
  readMailReadiness,
  updateMailSettings,
} from "@/lib/mail/service/mail-settings";
import { listOutbox, resendMail } from "@/lib/mail/service/outbox";
import { sendTestMail } from "@/lib/mail/service/send-test-mail";
import { withdrawMails } from "@/lib/mail/store";
import { mailSettingsDefaults } from "@/lib/settings/mail/schema";
import { makeSettings, makeUser } from "./support/accounts";
import { administrator, anonymous, loggedIn } from "./support/actors";
import { emptyDatabase } from "./support/database";
import { deliverMails, queueMail, useMailServer } from "./support/mail";
import { preparedStatementsOf, rowsRead } from "./support/plans";
import { startSmtp, type TestSmtp } from "./support/smtp";

const CANARY = "canary-p4ssw0rd";
let smtp: TestSmtp;
let admin: Person;

beforeAll(async () => {
  smtp = await startSmtp();
});
afterAll(() => smtp.stop());
beforeEach(async () => {
  await emptyDatabase();
  await makeSettings();
  smtp.reset();
  admin = await administrator();
});

const entry: MailEntry = {
  ...mailSettingsDefaults,
  host: "smtp.example.org",
  user: "gatehouse",
  password: null,
  removesPassword: false,
};
const edit = (version: number, changes: Partial<MailEntry> = {}): MailEdit => ({
  version,
  values: { ...entry, ...changes },
});
const events = async (kind: string) => db().auditEvent.findMany({ where: { kind }, orderBy: { id: "asc" } });

describe("the mail panel", () => {
  it("keeps its password sealed, and shows only that it is set", async () => {
    const saved = await updateMailSettings(admin, edit(0, { password: CANARY }));
    expect(saved).toMatchObject({ ok: true, panel: { version: 1, hasPassword: true } });
    expect(await mailServerInForce(db())).toMatchObject({ login: { user: "gatehouse", password: CANARY } });
    const shown = JSON.stringify([saved, await readMailConfiguration(admin)]);
    const stored = JSON.stringify(
      [await db().settingsRevision.findMany(), await events("settings-changed")],
      (_, value) => (typeof value === "bigint" ? String(value) : value),
    );
    expect(shown).not.toMatch(/canary|sealed/i);
    expect(stored).not.toContain(CANARY);
    expect(
      JSON.stringify(await events("settings-changed").then((all) => all.map(({ details }) => details))),
    ).not.toContain("v1.");
  });

  it("tells the audit of the password only that it was set, changed, removed", async () => {
    await updateMailSettings(admin, edit(0, { password: CANARY }));
    await updateMailSettings(admin, edit(1, { password: "another" }));
    await updateMailSettings(admin, edit(2, { removesPassword: true }));
    await updateMailSettings(admin, edit(3, { removesPassword: true }));
    const changes = (await events("settings-changed")).map(
      ({ details }) => (details as { changes: Record<string, unknown> }).changes.password,
    );
    expect(changes).toEqual([
      { from: "not set", to: "set" },
      { from: "set", to: "changed" },
      { from: "set", to: "not set" },
    ]);
    expect(await mailServerInForce(db())).toMatchObject({ login: { password: "" } });
  });

  it.each<[string, Partial<MailEntry>[]]>([
    ["another server", [{ host: "smtp.evil.example" }]],
    ["another server, after there was none", [{ host: null }, { host: "smtp.evil.example" }]],
    ["no encryption", [{ tls: "none" }]],
  ])("does not send a stored password to %s", async (_what, steps) => {
    await updateMailSettings(admin, edit(0, { password: CANARY }));
    const changes = steps.at(-1);
    for (const [index, step] of steps.slice(0, -1).entries())
      expect(await updateMailSettings(admin, edit(index + 1, step))).toMatchObject({ ok: true });
    expect(await updateMailSettings(admin, edit(steps.length, changes))).toMatchObject({
      code: "invalid",
      fieldErrors: { password: [expect.stringMatching(/^Enter the password again/)] },
    });
    expect(
      await updateMailSettings(admin, edit(steps.length, { ...changes, password: "new" })),
    ).toMatchObject({ ok: true });
  });

  it.each<[string, Partial<MailEntry>, Partial<MailEntry>, boolean]>([
    ["there is no server any more", {}, { host: null }, true],
    ["it is removed from another server", {}, { host: "smtp.other.example", removesPassword: true }, false],
    ["it is removed from an unencrypted server", {}, { tls: "none", removesPassword: true }, false],
    ["the server was unencrypted before", { tls: "none" }, { tls: "none", port: 2525 }, true],
  ])("does not ask for the password again where %s", async (_what, before, after, hasPassword) => {
    await updateMailSettings(admin, edit(0, { ...before, password: CANARY }));
    expect(await updateMailSettings(admin, edit(1, after))).toMatchObject({
      ok: true,
      panel: { hasPassword },
    });
  });

  it("stores no password without a user name", async () => {
    const saved = await updateMailSettings(admin, edit(0, { user: null, password: CANARY }));
    expect(saved).toMatchObject({ code: "invalid", fieldErrors: { password: [PASSWORD_WITHOUT_USER] } });
  });

  it("joins edits of different fields, and asks about the same one", async () => {
    await updateMailSettings(admin, edit(0, { password: CANARY }));
    const other = await administrator({ email: "other@example.org" });
    await updateMailSettings(other, edit(1, { port: 465 }));
    expect(await updateMailSettings(admin, edit(1, { user: "postman" }))).toMatchObject({
      ok: true,
      mergedWith: "other@example.org",
      panel: { values: { port: 465, user: "postman" }, hasPassword: true },
    });
    expect(await updateMailSettings(admin, edit(2, { user: "postman", port: 25 }))).toMatchObject({
      ok: true,
    });
    expect(await updateMailSettings(admin, edit(3, { user: "pat", port: 2525 }))).toMatchObject({
      code: "conflict",
      conflicts: ["port"],
    });
  });

  it("joins edits of different fields also where nothing was saved before", async () => {
    await updateMailSettings(await administrator(), edit(0));
    const mine = { host: null, user: null, fromAddress: "gate@example.org" };
    expect(await updateMailSettings(admin, edit(0, mine))).toMatchObject({
      ok: true,
      panel: { values: { host: "smtp.example.org", user: "gatehouse", fromAddress: "gate@example.org" } },
    });
  });

  it.each([
    ["give", { password: "mine" }, "password"],
    ["give and remove", { removesPassword: true }, "removesPassword"],
  ] as const)("asks when two people %s a password", async (_what, mine, conflict) => {
    await updateMailSettings(admin, edit(0, { password: CANARY }));
    await updateMailSettings(admin, edit(1, { password: "theirs" }));
    const answer = await updateMailSettings(admin, edit(1, mine));
    expect(answer).toMatchObject({ code: "conflict", conflicts: [conflict] });
    expect(JSON.stringify(answer)).not.toMatch(/sealed/);
    expect(await mailServerInForce(db())).toMatchObject({ login: { password: "theirs" } });
  });

  it.each([
    ["another server", { host: "smtp.example.com" }, "host"],
    ["an unencrypted connection", { tls: "none" }, "tls"],
  ] as const)(
    "asks before a new password is used for %s that somebody else has entered meanwhile",
    async (_where, theirs, field) => {
      await updateMailSettings(admin, edit(0));
      await updateMailSettings(await administrator(), edit(1, theirs));
      const answer = await updateMailSettings(admin, edit(1, { password: CANARY }));
      expect(answer).toMatchObject({ code: "conflict", conflicts: [field] });
      expect(await updateMailSettings(admin, edit(2, { ...theirs, password: CANARY }))).toMatchObject({
        ok: true,
        panel: { values: theirs, hasPassword: true },
      });
    },
  );

  it("asks nothing when the password that one removes is removed already, as when the answer was lost", async () => {
    await updateMailSettings(admin, edit(0, { password: CANARY }));
    const removed = { ok: true, mergedWith: null, panel: { version: 2, hasPassword: false } };
    expect(await updateMailSettings(admin, edit(1, { removesPassword: true }))).toMatchObject(removed);
    expect(await updateMailSettings(admin, edit(1, { removesPassword: true }))).toMatchObject(removed);
    expect(await events("settings-changed")).toHaveLength(2);
  });

  it("saved again makes the waiting mails due at once", async () => {
    const gone = await startSmtp();
    await gone.stop();
    await useMailServer({ port: gone.port });
    await queueMail("test");
    await deliverMails();
    expect(await deliverMails()).toMatchObject({ tried: 0 });
    const values = { host: "127.0.0.1", port: smtp.port, tls: "none", user: null } as const;
    await updateMailSettings(admin, edit(1, values));
    await deliverMails();
    expect(smtp.mails).toHaveLength(1);
  });

  it("is saved however many mails wait, in transactions small enough for their time limit", async () => {
    const waiting = 2 * RETRY_BATCH_SIZE + 1;
    const later = new Date(Date.now() + 600_000);
    await db().$executeRaw`
      INSERT INTO outbox_messages (id, kind, recipient, message_id, created_at, due_at)
      SELECT gen_random_uuid(), 'test', 'ada@example.org', '', ${later}, ${later} FROM generate_series(1, ${waiting}::int)`;
    expect(await updateMailSettings(admin, edit(0))).toMatchObject({ ok: true });
    const due = () => db().outboxMessage.count({ where: { dueAt: { lt: later } } });
    await expect.poll(due).toBe(waiting);
    const batches = await db().$queryRaw`
      SELECT count(*)::int AS rows FROM outbox_messages GROUP BY xmin ORDER BY rows DESC`;
    expect(batches).toEqual([{ rows: RETRY_BATCH_SIZE }, { rows: RETRY_BATCH_SIZE }, { rows: 1 }]);
  });

  it("is saved also when the waiting mails cannot be made due", async () => {
    const later = new Date(Date.now() + 600_000);
    const id = await queueMail("test", { now: later });
    const due = async () => (await db().outboxMessage.findUniqueOrThrow({ where: { id } })).dueAt;
    await db().$executeRaw`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$`;
    await db().$executeRaw`
      CREATE TRIGGER refused BEFORE UPDATE ON outbox_messages FOR EACH ROW EXECUTE FUNCTION refuse()`;
    try {
      expect(await updateMailSettings(admin, edit(0))).toMatchObject({ ok: true });
    } finally {
      await db().$executeRaw`DROP FUNCTION refuse CASCADE`;
    }
    expect(await due()).toEqual(later);
    await updateMailSettings(admin, edit(1, { port: 465 }));
    expect(+(await due())).toBeLessThan(+later);
  });

  it("is nobody's but an administrator's", async () => {
    await makeUser({ email: "user@example.org" });
    const user = (await loggedIn(await makeUser())).person;
    for (const actor of [anonymous(), user]) {
      const code = actor.kind === "person" ? "forbidden" : "unauthenticated";
      await expect(readMailConfiguration(actor)).rejects.toMatchObject({ code });
      await expect(readMailReadiness(actor)).rejects.toMatchObject({ code });
      await expect(updateMailSettings(actor, edit(0))).rejects.toMatchObject({ code });
      await expect(sendTestMail(actor, { recipient: "a@example.org" })).rejects.toMatchObject({ code });
      await expect(listOutbox(actor, {})).rejects.toMatchObject({ code });
      await expect(resendMail(actor, { id: crypto.randomUUID() })).rejects.toMatchObject({ code });
    }
    expect(await db().settingsRevision.count({ where: { panel: "mail" } })).toBe(0);
  });
});

describe("a test mail", () => {
  it("without a server is not sent", async () => {
    expect(await sendTestMail(admin, { recipient: "a@example.org" })).toEqual({
      ok: false,
      code: "no-server",
    });
    expect(await db().outboxMessage.count()).toBe(0);
  });

  it("is not sent if the stored password cannot be opened", async () => {
    await updateMailSettings(admin, edit(0, { password: CANARY }));
    await db().$executeRaw`
      UPDATE settings_revisions SET "values" = "values" || '{"sealedPassword": "v1.AAAA"}' WHERE panel = 'mail'`;
    expect(await sendTestMail(admin, { recipient: "a@example.org" })).toEqual({
      ok: false,
      code: "password-unreadable",
    });
    expect(await db().outboxMessage.count()).toBe(0);
  });

  it("arrives, and shows the server's own answer", async () => {
    await useMailServer({ port: smtp.port });
    const answer = await sendTestMail(admin, { recipient: "a@example.org" });
    const server = { host: "127.0.0.1", port: smtp.port };
    expect(answer).toMatchObject({ ok: true, server, answer: expect.stringMatching(/^250 /) });
    expect(smtp.mails[0]?.parsed.text).toContain(admin.email);
    expect(await events("test-mail-sent")).toMatchObject([
      { subjectEmail: "a@example.org", actorEmail: admin.email },
    ]);
    expect(await deliverMails(new Date(Date.now() + 86_400_000))).toMatchObject({ tried: 0 });
  });

  it.each([
    [550, "recipient"],
    [451, "moment"],
  ])("that is refused with %i is told so, and not tried again", async (code, fault) => {
    await useMailServer({ port: smtp.port });
    smtp.onRecipient = () => code;
    const answer = await sendTestMail(admin, { recipient: "a@example.org" });
    expect(answer).toMatchObject({
      code: "not-sent",
      answer: expect.stringMatching(new RegExp(`^${code} `)),
      fault,
    });
    expect(await deliverMails(new Date(Date.now() + 86_400_000))).toMatchObject({ tried: 0 });
  });

  it.each([
    ["the sender", 553, "5.7.1 not your address", "sender"],
    ["the missing login", 530, "5.7.0 Authentication required", "login"],
    ["the missing encryption", 530, "5.7.0 Must issue a STARTTLS command first", "connection"],
  ])("is refused for %s, and the answer points to it", async (_name, responseCode, message, fault) => {
    const strict = await startSmtp({
      onMailFrom(_address, _session, done) {
        done(Object.assign(new Error(message), { responseCode }));
      },
    });
    onTestFinished(strict.stop);
    await useMailServer({ port: strict.port });
    expect(await sendTestMail(admin, { recipient: "a@example.org" })).toMatchObject({
      code: "not-sent",
      answer: `${responseCode} ${message}`,
      fault,
    });
  });

  it("logs in with the stored password, which is never shown", async () => {
    const logins: string[] = [];
    // As AUTH LOGIN and AUTH PLAIN send it.
    const sent = [CANARY, `\0gatehouse\0${CANARY}`].map((text) => Buffer.from(text).toString("base64"));
    const strict = await startSmtp({
      disabledCommands: ["STARTTLS"],
      allowInsecureAuth: true,
      onAuth({ username, password }, _session, done) {
        logins.push(`${username}:${password}`);
        done(new Error(`no ${password}, not understood: ${sent.join(" ")}`));
      },
    });
    onTestFinished(strict.stop);
    await updateMailSettings(
      admin,
      edit(0, { host: "127.0.0.1", port: strict.port, tls: "none", password: CANARY }),
    );
    const answer = await sendTestMail(admin, { recipient: "a@example.org" });
    expect(logins[0]).toBe(`gatehouse:${CANARY}`);
    expect(answer).toMatchObject({ code: "not-sent", fault: "login" });
    const shown = JSON.stringify([answer, await listOutbox(admin, {})]);
    for (const secret of [CANARY, ...sent]) expect(shown).not.toContain(secret);
  });

  it("is not sent without the password for a login, and the answer says so", async () => {
    const strict = await startSmtp({ disabledCommands: ["STARTTLS"], allowInsecureAuth: true });
    onTestFinished(strict.stop);
    await useMailServer({ port: strict.port, user: "gatehouse" });
    expect(await sendTestMail(admin, { recipient: "a@example.org" })).toMatchObject({
      code: "not-sent",
      answer: "The mail server asks for a login, and there is no password for it.",
      fault: "login",
    });
  });

  it("is not sent without the encryption that is required", async () => {
    await useMailServer({ port: smtp.port, tls: "starttls" });
    expect(await sendTestMail(admin, { recipient: "a@example.org" })).toMatchObject({
      code: "not-sent",
      answer: expect.stringMatching(/does not encrypt with STARTTLS, which is required\. It said: 5\d\d /),
      fault: "connection",
    });
    await useMailServer({ port: smtp.port, tls: "tls" });
    expect(await sendTestMail(admin, { recipient: "a@example.org" })).toMatchObject({
      code: "not-sent",
      answer: expect.stringMatching(/does not speak TLS at that port/),
      fault: "connection",
    });
    const selfSigned = await startSmtp({ disabledCommands: ["AUTH"] });
    onTestFinished(selfSigned.stop);
    await useMailServer({ port: selfSigned.port, tls: "starttls" });
    expect(await sendTestMail(admin, { recipient: "a@example.org" })).toMatchObject({
      code: "not-sent",
      answer: expect.stringMatching(/^The server’s certificate (?:has expired|comes from no authority)/),
      fault: "connection",
    });
    expect(selfSigned.mails).toHaveLength(0);
  });
});

describe("the outbox", () => {
  it("is paged, newest first, by state and recipient", async () => {
    const start = Date.now();
    for (let i = 0; i < 103; i += 1) {
      // Every two mails share a timestamp.
      await queueMail("test", { recipient: `p${i}@example.org`, now: new Date(start + Math.floor(i / 2)) });
    }
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await listOutbox(admin, { after });
      seen.push(...page.entries.map(({ recipient }) => recipient));
      after = page.nextCursor ?? undefined;
    } while (after);
    expect(seen).toHaveLength(103);
    expect(new Set(seen).size).toBe(103);
    expect((await listOutbox(admin, { recipient: "P102@" })).entries).toHaveLength(1);
    for (const [typed, found] of [
      ["_102@", 0],
      ["%", 0],
      ["\\", 0],
      ["\0", 50],
      ["2@", 11],
      ['"P2@example.org"', 1],
      ['"2@example.org"', 0],
      ['"p2@example.org" "P3@example.org" "P2@example.org"', 2],
    ] as const)
      expect((await listOutbox(admin, { recipient: typed })).entries, typed).toHaveLength(found);
    expect((await listOutbox(admin, { state: "SENT" })).entries).toHaveLength(0);
    expect((await listOutbox(admin, { state: "DROP TABLE", after: "x" })).entries).toHaveLength(50);
  });

  it("does not count among the failed what was withdrawn before it was sent", async () => {
    const [waiting, refused, withdrawn] = [randomUUID(), randomUUID(), randomUUID()];
    const queue = (linkId: string) => queueMail("activation", { linkId, recipient: `${linkId}@example.org` });
    await db().outboxMessage.update({
      where: { id: await queue(refused) },
      data: { state: "FAILED", lastAnswer: "550 no such mailbox here" },
    });
    await queue(withdrawn);
    // The refused one stays a failure: it was tried before its link was closed.
    await withdrawMails(db(), [refused, withdrawn]);
    await queue(waiting);
    const shown = async (query: object) =>
      (await listOutbox(admin, query)).entries.map(({ state, recipient }) => [state, recipient.slice(0, 36)]);
    expect(await shown({})).toEqual([
      ["QUEUED", waiting],
      ["WITHDRAWN", withdrawn],
      ["FAILED", refused],
    ]);
    expect(await shown({ state: "QUEUED" })).toEqual([["QUEUED", waiting]]);
    expect(await shown({ state: "FAILED" })).toEqual([["FAILED", refused]]);
    expect(await shown({ state: "WITHDRAWN" })).toEqual([["WITHDRAWN", withdrawn]]);
  });

  it("names the account that a mail is about, as long as there is one", async () => {
    const [{ id, email }, gone] = [await makeUser(), await makeUser()];
    await queueMail("test", { recipient: "nobody@example.org" });
    await queueMail("account-activated", { recipient: gone.email, userId: gone.id });
    await queueMail("account-locked", { recipient: "ops@example.org", userId: id });
    await queueMail("account-locked-owner", { recipient: email, userId: id });
    await db().user.delete({ where: { id: gone.id } });
    const { entries } = await listOutbox(admin, {});
    expect(entries.map(({ recipient, account }) => [recipient, account])).toEqual([
      [email, { id, email }],
      ["ops@example.org", { id, email }],
      [gone.email, null],
      ["nobody@example.org", null],
    ]);
  });

  it("is searched for a recipient without reading the mails of the others", async () => {
    await db().$executeRaw`
      INSERT INTO outbox_messages (id, kind, recipient, message_id, created_at, due_at)
      SELECT gen_random_uuid(), 'test', md5(i::text) || '@example.org', '', now() - i * interval '1 s', now()
      FROM generate_series(1, 8000) AS i`;
    await queueMail("test", { recipient: "Rare.Person@Example.org" });
    await db().$executeRaw`VACUUM ANALYZE outbox_messages`;
    const search = (recipient: string) => listOutbox(admin, { recipient });
    expect((await search("rare.person")).entries).toHaveLength(1);
    // More often than the five executions after which PostgreSQL may use a generic plan for a prepared statement.
    const kept = await preparedStatementsOf(async () => {
      for (let times = 0; times < 8; times += 1) await search("example.org");
    });
    for (const typed of ["rare.person", '"rare.person@example.org"', "nobody-here", "example.org"])
      expect(await rowsRead("outbox_messages", () => search(typed)), typed).toBeLessThan(200);
    expect(kept.filter((statement) => statement.includes(" ILIKE "))).toEqual([]);
  });

  it.each(["0".repeat(36), "-".repeat(36)])("takes a place at an id such as %s for none", async (id) => {
    await queueMail("test");
    expect((await listOutbox(admin, { after: `1-${id}` })).entries).toHaveLength(1);
  });

  it("shows no link", async () => {
    await queueMail("activation");
    expect(JSON.stringify(await listOutbox(admin, {}))).not.toMatch(/token|a{43}|v1\./);
  });

  it("sends again what failed, and tells the audit; what is sent it does not send again", async () => {
    await useMailServer({ port: smtp.port });
    smtp.onRecipient = () => 550;
    const id = await queueMail("test");
    await deliverMails();
    smtp.onRecipient = () => null;
    expect(await resendMail(admin, { id })).toEqual({
      ok: true,
      recipient: "ada@example.org",
      isWaiting: false,
    });
    await deliverMails();
    expect(smtp.mails).toHaveLength(1);
    expect(await resendMail(admin, { id })).toEqual({ ok: false, code: "not-waiting" });
    expect(await resendMail(admin, { id: crypto.randomUUID() })).toEqual({ ok: false, code: "gone" });
    expect(await events("mail-resent")).toMatchObject([
      { subjectEmail: "ada@example.org", details: { mail: "test" } },
    ]);
  });

  it("says that what it sends again waits, once there is no mail server", async () => {
    const id = await queueMail("activation");
    expect(await resendMail(admin, { id })).toMatchObject({ ok: true, isWaiting: true });
  });
});
