import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { requestPasswordReset, resolveResetRequests } from "@/lib/accounts/reset-requests/service";
import { dequeueResetRequests, findWaiting, lockResetRequests } from "@/lib/accounts/reset-requests/store";
import { LINK_MAIL_INTERVAL_MS } from "@/lib/accounts/rules";
import { choosePassword } from "@/lib/accounts/service/new-password";
import { lockUserRow, lockUserRows, type User } from "@/lib/accounts/store";
import { logIn } from "@/lib/auth/service/log-in";
import { type Db, db } from "@/lib/core/db";
import { log } from "@/lib/core/log";
import { makeSettings, makeUser, PASSWORD } from "./support/accounts";
import { anonymous } from "./support/actors";
import { areaUnderCurve } from "./support/area-under-curve";
import { countWaiting, countWaitingForTable, emptyDatabase } from "./support/database";
import { readMails, secretOf } from "./support/outbox";
import { withStatements } from "./support/statements";
import { startWorkers, stopWorkers, type Worker } from "./support/workers";

const NOW = new Date("2026-03-01T12:00:00Z");
const later = (ms: number) => new Date(NOW.getTime() + ms);

/** The i-th of many network addresses, so that the limit of each is not reached. */
const network = (i: number) => anonymous(`198.51.${Math.floor(i / 256) % 256}.${i % 256}`);

async function ask(email: string, now = NOW, actor = anonymous()): Promise<void> {
  await requestPasswordReset(actor, email, now);
  await resolveResetRequests(now);
}

const events = async () =>
  (
    await db().auditEvent.findMany({ where: { kind: "password-reset-requested" }, orderBy: { id: "asc" } })
  ).map(({ subjectEmail, details }) => ({ subjectEmail, details }));

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings({}, { savedAt: NOW });
  await db().auditEvent.deleteMany();
});

describe("an active account", () => {
  it("gets a reset link, which works", async () => {
    const user = await makeUser({ email: "Ada@Example.org" });
    await ask("  aDA@example.ORG ");
    const [mail, ...others] = await readMails(user.id);
    expect(others).toEqual([]);
    expect(mail).toMatchObject({
      kind: "password-reset",
      recipient: "Ada@Example.org",
      values: {
        name: "Ada Lovelace",
        address: "203.0.113.7",
        userAgent: "Mozilla/5.0 (tests)",
        expiresAt: later(24 * 3_600_000).toISOString(),
      },
    });
    expect(await events()).toEqual([
      { subjectEmail: "Ada@Example.org", details: { sent: "password-reset", requests: 1 } },
    ]);
    const secret = secretOf(String(Object(mail?.values).resetUrl));
    const input = { purpose: "PASSWORD_RESET", secret, password: "another gate, another house" } as const;
    expect(await choosePassword(anonymous(), input, later(1))).toMatchObject({ ok: true });
  });

  it("gets it at its own address when the domain is typed as it is read", async () => {
    const user = await makeUser({ email: "ann@xn--bcher-kva.example" });
    await ask("ann@bücher.example");
    expect(await readMails(user.id)).toMatchObject([{ kind: "password-reset", recipient: user.email }]);
  });

  it("gets it while it is locked, and is unlocked by it", async () => {
    const user = await makeUser({ lockedAt: NOW, lockedUntil: null });
    await ask(user.email);
    const [mail] = await readMails(user.id);
    const secret = secretOf(String(Object(mail?.values).resetUrl));
    const input = { purpose: "PASSWORD_RESET", secret, password: "another gate, another house" } as const;
    await choosePassword(anonymous(), input, later(1));
    expect(
      await logIn(anonymous(), { email: user.email, password: input.password, kind: "BROWSER" }, later(2)),
    ).toMatchObject({ ok: true });
  });

  it("gets a link that lives as long as the setting says", async () => {
    await makeSettings({ general: { passwordResetTokenTtl: 2 } }, { savedAt: NOW });
    const user = await makeUser();
    await ask(user.email);
    expect((await readMails(user.id))[0]?.values).toMatchObject({
      expiresAt: later(7_200_000).toISOString(),
    });
  });
});

it("an account that gets the address while the one that had it is locked is locked in turn", async () => {
  const [before, after] = [await makeUser({ email: "ada@example.org" }), await makeUser()];
  const move = (tx: Db, id: string, email: string) =>
    tx.user.update({ where: { id }, data: { email, emailKey: email } });
  await requestPasswordReset(anonymous(), "ada@example.org", NOW);
  let resolved: Promise<number> | undefined;
  await db().$transaction(async (held) => {
    // The links are read after the account is locked, and before anything is mailed.
    await held.$executeRaw`LOCK TABLE account_links IN ACCESS EXCLUSIVE MODE`;
    await db().$transaction(async (tx) => {
      await lockUserRow(tx, before.id);
      resolved = resolveResetRequests(NOW);
      await expect.poll(countWaiting).toBe(1);
      await move(tx, before.id, "grace@example.org");
      await move(tx, after.id, "ada@example.org");
    });
    await expect.poll(() => countWaitingForTable("account_links")).toBe(1);
    expect(
      await db().$queryRaw`SELECT id FROM users WHERE id = ${after.id}::uuid FOR NO KEY UPDATE SKIP LOCKED`,
    ).toEqual([]);
  });
  expect(await resolved).toBe(1);
  expect(await readMails()).toMatchObject([{ kind: "password-reset", recipient: "ada@example.org" }]);
});

describe("an account that is not active", () => {
  it("gets a new activation link while it is invited", async () => {
    await makeSettings({ general: { userActivationTokenTtl: 3 } }, { savedAt: NOW });
    const user = await makeUser({ state: "INVITED" });
    await ask(user.email);
    const [mail] = await readMails(user.id);
    expect(mail).toMatchObject({
      kind: "activation",
      recipient: user.email,
      values: { expiresAt: later(3 * 3_600_000).toISOString() },
    });
    const secret = secretOf(String(Object(mail?.values).activationUrl));
    expect(
      await choosePassword(anonymous(), { purpose: "ACTIVATION", secret, password: PASSWORD }, later(1)),
    ).toMatchObject({ ok: true });
    expect(await events()).toMatchObject([{ details: { sent: "activation" } }]);
  });

  it("gets nothing while it is disabled", async () => {
    const user = await makeUser({ state: "DISABLED" });
    await ask(user.email);
    expect(await db().outboxMessage.count()).toBe(0);
    expect(await db().accountLink.count({ where: { userId: user.id } })).toBe(0);
    expect(await events()).toEqual([
      { subjectEmail: user.email, details: { reason: "disabled", requests: 1 } },
    ]);
  });
});

describe("nobody is mailed for", () => {
  beforeEach(() => makeUser({ email: "mike@example.org" }));

  it.each([
    ["another address", "nobody@example.org", "nobody@example.org", "unknown-account"],
    ["a homoglyph", "m\u0131ke@example.org", "", "no-address"],
    ["a Kelvin sign", "mi\u212Ae@example.org", "", "no-address"],
    ["a wide at-sign", "mike\uFF20example.org", "", "no-address"],
    ["two addresses", "mike@example.org,eve@example.com", "", "no-address"],
    ["a copy for somebody else", "mike@example.org\r\nBcc: eve@example.com", "", "no-address"],
    ["a name around it", "Mike <mike@example.org>", "", "no-address"],
    ["a tag", "mike+eve@example.org", "mike+eve@example.org", "unknown-account"],
    ["a password", PASSWORD, "", "no-address"],
    ["nothing", "", "", "no-address"],
    ["half a character", "\ud83d@example.org", "", "no-address"],
    ["NUL", "mike@example.org\0", "", "no-address"],
    ["a megabyte", "x".repeat(1_048_576), "", "no-address"],
  ])("%s", async (_name, typed, subjectEmail, reason) => {
    await ask(typed);
    expect(await db().outboxMessage.count()).toBe(0);
    expect(await events()).toEqual([{ subjectEmail, details: { reason, requests: 1 } }]);
    expect(await db().resetRequest.count()).toBe(0);
  });
});

describe("many requests", () => {
  let workers: Worker[] = [];
  beforeAll(async () => {
    workers = await startWorkers(2);
  });
  afterAll(() => stopWorkers(workers));

  it("for one account lead to one mail in some minutes, and to the next one after that", async () => {
    const user = await makeUser();
    await ask(user.email);
    await ask(user.email.toUpperCase(), later(LINK_MAIL_INTERVAL_MS - 1));
    expect(await readMails(user.id)).toHaveLength(1);
    expect((await events()).at(-1)).toMatchObject({ details: { reason: "recently-mailed" } });
    await ask(user.email, later(LINK_MAIL_INTERVAL_MS));
    expect(await db().outboxMessage.count({ where: { userId: user.id } })).toBe(2);
  });

  it("lead to a mail although the last one is from the future, as after a clock was set back", async () => {
    const user = await makeUser();
    await ask(user.email, later(60_000));
    await ask(user.email);
    expect((await events()).at(-1)).toMatchObject({ details: { reason: "recently-mailed" } });
    await ask(user.email, later(86_400_000));
    await ask(user.email, later(LINK_MAIL_INTERVAL_MS));
    expect((await events()).at(-1)).toMatchObject({ details: { sent: "password-reset" } });
  });

  it("worked off by two processes at once lead to one mail", async () => {
    const user = await makeUser();
    for (let round = 0; round < 10; round += 1) {
      await Promise.all(
        Array.from({ length: 3 }, (_, i) => requestPasswordReset(network(i), user.email, NOW)),
      );
      await Promise.all([0, 1, 0, 1].map((i) => workers[i]?.call("resolveResetRequests", NOW)));
    }
    expect(await readMails(user.id)).toHaveLength(1);
    expect(await db().resetRequest.count()).toBe(0);
    const requests = (await events()).map(({ details }) => Number(Object(details).requests));
    expect(requests.reduce((sum, n) => sum + n, 0)).toBe(30);
  });

  it("from one network are told as one, of the latest, as of when it was made", async () => {
    const { email } = await makeUser();
    await requestPasswordReset({ ...anonymous(), userAgent: "first", requestId: "1" }, email, NOW);
    await requestPasswordReset(network(1), email, later(2));
    await requestPasswordReset({ ...anonymous(), userAgent: "latest", requestId: "2" }, email, later(5));
    await resolveResetRequests(later(60_000));
    expect(await db().auditEvent.findMany({ orderBy: { at: "desc" } })).toMatchObject([
      { at: later(5), userAgent: "latest", requestId: "2", details: { requests: 2 } },
      { at: later(2), address: network(1).address, details: { requests: 1 } },
    ]);
    expect(await readMails()).toMatchObject([{ values: { address: anonymous().address } }]);
  });

  it("are worked off to the last one by a process that meets another at the same address", async () => {
    const [ada, bob] = [await makeUser(), await makeUser()];
    await requestPasswordReset(anonymous(), ada.email, NOW);
    await requestPasswordReset(anonymous(), bob.email, later(1));
    const { resolved } = await db().$transaction(async (other) => {
      await lockResetRequests(other);
      const resolved = resolveResetRequests(later(2));
      // For the lock: nothing else is taken yet.
      await expect.poll(countWaiting).toBe(1);
      expect(
        await dequeueResetRequests(other, [ada.emailKey], { until: undefined, except: [] }, 1),
      ).toMatchObject([{ emailKey: ada.email }]);
      return { resolved };
    });
    expect(await resolved).toBe(1);
    expect(await readMails()).toMatchObject([{ recipient: bob.email }]);
  });

  it("are left alone while they may still be being answered, unless the clock was set back since", async () => {
    const [settled, fresh, ahead] = [await makeUser(), await makeUser(), await makeUser()];
    await requestPasswordReset(anonymous(), settled.email, NOW);
    await requestPasswordReset(anonymous(), fresh.email, later(1));
    await requestPasswordReset(anonymous(), settled.email, later(60_001));
    await requestPasswordReset(anonymous(), ahead.email, later(60_002));
    expect(await resolveResetRequests(later(1_000), { until: later(1) })).toBe(2);
    const recipients = (await readMails()).map(({ recipient }) => recipient);
    expect(recipients.sort()).toEqual([settled.email, ahead.email].sort());
    expect((await events()).map(({ details }) => Object(details).requests)).toEqual([1, 1]);
    expect(await resolveResetRequests(later(64_000), { until: later(63_000) })).toBe(2);
    expect(await readMails(fresh.id)).toHaveLength(1);
    expect(await readMails(settled.id)).toHaveLength(1);
  });

  it("by the thousand do no harm: one mail, a sum in the audit, and others are served", async () => {
    const user = await makeUser();
    const other = await makeUser();
    for (let wave = 0; wave < 20; wave += 1) {
      await Promise.all(
        Array.from({ length: 50 }, (_, i) => requestPasswordReset(network(i), user.email, NOW)),
      );
    }
    await requestPasswordReset(anonymous(), other.email, later(1));
    expect(await resolveResetRequests(later(2))).toBe(2);
    expect(await readMails(user.id)).toHaveLength(1);
    expect(await readMails(other.id)).toHaveLength(1);
    const told = await events();
    expect(told.length).toBeLessThanOrEqual(51);
    expect(told).toContainEqual({
      subjectEmail: user.email,
      details: { sent: "password-reset", requests: 20 },
    });
  });

  it.each([
    ["many addresses that no account has", (i: number) => `${i}@example.org`],
    ["one address that no account has", () => "nobody@example.org"],
    ["no address", () => ""],
    ["one account", () => "ada@example.org"],
  ])("from many networks for %s take a few statements, and do not delay others", async (_name, typed) => {
    await makeUser({ email: "ada@example.org" });
    const other = await makeUser();
    const from = (i: number) => ({ address: `2001:db8::${i}`, userAgent: "", requestId: "" });
    await db().resetRequest.createMany({
      data: Array.from({ length: 500 }, (_, i) => ({ emailKey: typed(i), requestedAt: NOW, ...from(i) })),
    });
    await requestPasswordReset(anonymous(), other.email, later(1));
    const { statements } = await withStatements(() => resolveResetRequests(later(2)));
    expect(statements.length).toBeLessThan(60);
    expect(await readMails(other.id)).toHaveLength(1);
    expect(await events()).toHaveLength(501);
  });

  /** Adds accounts, and returns their addresses. */
  async function manyAccounts(count: number, state: User["state"] = "ACTIVE"): Promise<string[]> {
    const emails = Array.from({ length: count }, (_, i) => `${state}-${i}@example.org`.toLowerCase());
    await db().user.createMany({
      data: emails.map((email) => ({ email, emailKey: email, authority: "CUSTOMER_USER", state })),
    });
    return emails;
  }

  /** Stores requests, each from another network and a millisecond after the one before. */
  async function storeRequests(emailKeys: string[], since = NOW): Promise<void> {
    const data = emailKeys.map((emailKey, i) => {
      const from = { address: `2001:db8:0:${i.toString(16)}::1`, userAgent: "", requestId: "" };
      return { emailKey, requestedAt: new Date(since.getTime() + i), ...from };
    });
    await db().resetRequest.createMany({ data });
  }

  it("for many accounts take a few statements for a hundred of them, and do not delay others", async () => {
    const emails = await manyAccounts(250);
    const other = await makeUser();
    await storeRequests(emails);
    await requestPasswordReset(anonymous(), other.email, later(1_000));
    const { answer, statements, kept } = await withStatements(() => resolveResetRequests(later(2_000)));
    expect(answer).toBe(251);
    expect(statements.length).toBeLessThan(80);
    // Otherwise each connection would keep a statement for each number of rows.
    expect(statements.filter((statement) => statement.includes("$65"))).not.toEqual([]);
    expect(kept.filter((statement) => statement.includes("$65"))).toEqual([]);
    expect(kept).not.toEqual([]);
    const recipients = (await readMails()).map(({ recipient }) => recipient);
    expect(recipients.sort()).toEqual([...emails, other.email].sort());
    expect(await events()).toHaveLength(251);
    await storeRequests([...emails, ...emails], later(3_000));
    expect(await resolveResetRequests(later(4_000))).toBe(250);
    expect(await db().outboxMessage.count()).toBe(251);
  });

  it("for accounts in all states are answered as each on its own", async () => {
    const [active, invited, disabled] = [
      await manyAccounts(3),
      await manyAccounts(3, "INVITED"),
      await manyAccounts(3, "DISABLED"),
    ];
    await storeRequests(active.slice(0, 1));
    await resolveResetRequests(NOW);
    const all = [active, invited, disabled, ["", "nobody@example.org"]].flat();
    await storeRequests(all, later(1));
    expect(await resolveResetRequests(later(100))).toBe(all.length);
    const told = Object.fromEntries((await events()).map((event) => [event.subjectEmail, event.details]));
    const said = (emails: string[], outcome: object) =>
      Object.fromEntries(emails.map((email) => [email, { ...outcome, requests: 1 }]));
    expect(told).toEqual({
      ...said(active.slice(0, 1), { reason: "recently-mailed" }),
      ...said(active.slice(1), { sent: "password-reset" }),
      ...said(invited, { sent: "activation" }),
      ...said(disabled, { reason: "disabled" }),
      ...said([""], { reason: "no-address" }),
      ...said(["nobody@example.org"], { reason: "unknown-account" }),
    });
    const mails = (await readMails()).map(({ kind, recipient, values }) => [
      recipient,
      kind,
      "address" in values ? values.address : undefined,
    ]);
    const from = (i: number) => `2001:db8:0:${i.toString(16)}::1`;
    expect(mails.sort()).toEqual([
      ...active.map((email, i) => [email, "password-reset", from(i)]),
      ...invited.map((email) => [email, "activation", undefined]),
    ]);
    const links = await db().accountLink.findMany({ where: { isAnonymous: true }, include: { user: true } });
    expect(links.map(({ user, purpose }) => [user.email, purpose]).sort()).toEqual([
      ...active.map((email) => [email, "PASSWORD_RESET"]),
      ...invited.map((email) => [email, "ACTIVATION"]),
    ]);
  });

  it("for many accounts, worked off by two processes while the accounts change, lose nothing", async () => {
    const emails = await manyAccounts(150);
    await storeRequests(emails);
    await storeRequests([...emails].reverse(), later(1_000));
    const disable = emails.map((email, i) =>
      i % 3 === 0 ? db().user.update({ where: { emailKey: email }, data: { state: "DISABLED" } }) : null,
    );
    await Promise.all([
      ...[0, 1, 0, 1].map((i) => workers[i]?.call("resolveResetRequests", later(5_000))),
      ...disable,
    ]);
    const told = await events();
    expect(told.reduce((sum, { details }) => sum + Number(Object(details).requests), 0)).toBe(300);
    const mailed = told.filter(({ details }) => Object(details).sent).map(({ subjectEmail }) => subjectEmail);
    const recipients = (await readMails()).map(({ recipient }) => recipient);
    expect(new Set(mailed).size).toBe(recipients.length);
    expect(new Set(recipients)).toEqual(new Set(mailed));
    expect(recipients.length).toBeGreaterThanOrEqual(100);
    expect(await db().resetRequest.count()).toBe(0);
  });

  it("for an account that another transaction has locked do not hold up those for others", async () => {
    const [ada, bob] = [await makeUser(), await makeUser()];
    await requestPasswordReset(anonymous(), ada.email, NOW);
    await requestPasswordReset(anonymous(), bob.email, later(1));
    const { resolved } = await db().$transaction(async (tx) => {
      await lockUserRow(tx, ada.id);
      const resolved = resolveResetRequests(later(2));
      await expect.poll(() => readMails(bob.id)).toHaveLength(1);
      await expect.poll(countWaiting).toBe(1);
      return { resolved };
    });
    expect(await resolved).toBe(2);
    expect(await readMails(ada.id)).toHaveLength(1);
  });

  it("for an account that another transaction has locked hold up no other process, which serves others", async () => {
    const [ada, bob] = [await makeUser(), await makeUser()];
    await requestPasswordReset(anonymous(), ada.email, NOW);
    const { both } = await db().$transaction(async (tx) => {
      await lockUserRow(tx, ada.id);
      const one = resolveResetRequests(later(2));
      await expect.poll(countWaiting).toBe(1);
      await requestPasswordReset(anonymous(), bob.email, later(1));
      const other = resolveResetRequests(later(3));
      await expect.poll(() => readMails(bob.id)).toHaveLength(1);
      await expect.poll(countWaiting).toBe(2);
      return { both: Promise.all([one, other]) };
    });
    expect((await both).reduce((sum, n) => sum + n, 0)).toBe(2);
    expect(await readMails(ada.id)).toHaveLength(1);
  });

  it("are left for the next run once the process stops, also between two accounts", async () => {
    const users = [await makeUser(), await makeUser(), await makeUser()];
    await storeRequests(users.map(({ emailKey }) => emailKey));
    const stopping = new AbortController();
    const { resolved } = await db().$transaction(async (tx) => {
      await lockUserRows(
        tx,
        users.map(({ id }) => id),
      );
      const resolved = resolveResetRequests(later(100), { stopped: stopping.signal });
      await expect.poll(countWaiting).toBe(1);
      stopping.abort();
      return { resolved };
    });
    expect(await resolved).toBe(1);
    expect(await resolveResetRequests(later(200), { stopped: stopping.signal })).toBe(0);
    expect(await db().resetRequest.count()).toBe(2);
  });

  it("are no success where none can be read", async () => {
    await storeRequests(["ada@example.org"]);
    await db().$executeRaw`ALTER TABLE reset_requests RENAME TO gone`;
    try {
      await expect(resolveResetRequests(later(1))).rejects.toThrow("reset_requests");
    } finally {
      await db().$executeRaw`ALTER TABLE gone RENAME TO reset_requests`;
    }
    expect(await resolveResetRequests(later(1))).toBe(1);
  });

  it("that cannot be processed hold up no others, are told, and are tried again", async () => {
    const [ada, bob] = [await makeUser({ email: "ada@example.net" }), await makeUser()];
    const others = [
      await makeUser({ email: "eve@example.net" }),
      await makeUser({ email: "joe@example.net" }),
    ];
    const failing = [...others.map(({ emailKey }) => emailKey), ...Array<string>(1_100).fill(ada.emailKey)];
    await storeRequests([...failing, bob.emailKey, "nobody@example.org"]);
    await db().$executeRaw`
      ALTER TABLE outbox_messages ADD CONSTRAINT fails CHECK (recipient NOT LIKE '%@example.net')`;
    const warn = vi.spyOn(log(), "warn").mockReturnValue();
    try {
      await expect(resolveResetRequests(later(2_000))).rejects.toThrow("fails");
      expect(warn.mock.calls).toEqual([
        [{ event: "reset-requests-divided", accounts: 3, err: expect.any(Error) }],
      ]);
    } finally {
      warn.mockRestore();
      await db().$executeRaw`ALTER TABLE outbox_messages DROP CONSTRAINT fails`;
    }
    expect(await readMails()).toMatchObject([{ recipient: bob.email }]);
    expect((await events()).map(({ details }) => details)).toEqual([
      { reason: "unknown-account", requests: 1 },
      { sent: "password-reset", requests: 1 },
    ]);
    expect(await db().resetRequest.count()).toBe(failing.length);
    await resolveResetRequests(later(3_000));
    expect(await readMails(ada.id)).toHaveLength(1);
    expect(await db().resetRequest.count()).toBe(0);
  });

  it("for one account leave room for the one of another, in a transaction too", async () => {
    await storeRequests(["bob@example.org", ...Array<string>(20).fill("ada@example.org")]);
    const due = { until: undefined, except: [] };
    const taken = await dequeueResetRequests(db(), ["ada@example.org", "bob@example.org"], due, 10);
    expect(taken.map(({ emailKey }) => emailKey)).toEqual([
      ...Array<string>(9).fill("ada@example.org"),
      "bob@example.org",
    ]);
    expect(taken[0]?.requestedAt).toEqual(later(20));
  });

  it("for the account that has waited longest come first", async () => {
    const [bob, ada] = [
      await makeUser({ email: "bob@example.org" }),
      await makeUser({ email: "ada@example.org" }),
    ];
    await storeRequests([ada.emailKey, bob.emailKey], later(1));
    await storeRequests([bob.emailKey]);
    const due = { until: undefined, except: [] };
    for (const requests of [1, 10])
      expect(await findWaiting(db(), due, { limit: 1, requests })).toEqual([bob.emailKey]);
  });

  it("are worked off in transactions of a thousand, which cause one mail", async () => {
    const user = await makeUser();
    const from = (i: number) => ({ address: `2001:db8::${i}`, userAgent: "", requestId: "" });
    await db().resetRequest.createMany({
      data: Array.from({ length: 2_500 }, (_, i) => ({
        emailKey: user.emailKey,
        requestedAt: later(i),
        ...from(i),
      })),
    });
    expect(await resolveResetRequests(later(3_000))).toBe(3);
    expect(await readMails(user.id)).toMatchObject([{ values: { address: "2001:db8::2499" } }]);
    expect(await db().resetRequest.count()).toBe(0);
  });

  it("from one network are ignored beyond its limit, with the same answer, and told once", async () => {
    const user = await makeUser();
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) => requestPasswordReset(anonymous(), `${i}@example.org`, NOW)),
    );
    expect(new Set(answers)).toEqual(new Set([undefined]));
    expect(await db().resetRequest.count()).toBe(30);
    expect(await events()).toEqual([{ subjectEmail: "", details: { reason: "throttled" } }]);
    await ask(user.email, NOW, anonymous("2001:db8::1"));
    expect(await readMails(user.id)).toHaveLength(1);
    const login = { email: user.email, password: PASSWORD, kind: "BROWSER" } as const;
    expect(await logIn(anonymous(), login, NOW)).toMatchObject({ ok: true });
  });
});

describe("whether there is an account", () => {
  const cases = async () => [
    (await makeUser()).email,
    "nobody@example.org",
    (await makeUser({ state: "INVITED" })).email,
    (await makeUser({ state: "DISABLED" })).email,
    (await makeUser({ lockedAt: NOW, lockedUntil: null })).email,
    "no address at all",
  ];

  it("is not asked while the request is answered: the statements are the same for all", async () => {
    const seen: string[][] = [];
    for (const [i, email] of (await cases()).entries()) {
      const { answer, statements } = await withStatements(() => requestPasswordReset(network(i), email, NOW));
      expect(answer).toBeUndefined();
      seen.push(statements);
    }
    expect(seen[0]?.join()).toMatch(/INSERT INTO .*reset_requests/);
    expect(seen[0]?.join()).not.toMatch(/users|account_links|outbox/);
    for (const statements of seen) expect(statements).toEqual(seen[0]);
  });

  it("cannot be told from the time it takes", async () => {
    const { email } = await makeUser();
    const known: number[] = [];
    const unknown: number[] = [];
    for (let i = 0; i < 2_000; i += 1) {
      // Alternates in pairs, so that a slow phase of the machine affects both kinds.
      const isKnown = i % 4 === 0 || i % 4 === 3;
      const since = performance.now();
      await requestPasswordReset(network(i), isKnown ? email : `${email.slice(0, -3)}com`, NOW);
      (isKnown ? known : unknown).push(performance.now() - since);
    }
    expect(Math.abs(areaUnderCurve(known, unknown) - 0.5)).toBeLessThan(0.06);
    // So many requests in sequence take long on a busy machine.
  }, 120_000);
});
