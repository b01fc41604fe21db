import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { db } from "@/lib/core/db";
import { DAY_MS } from "@/lib/core/durations/rules";
import { deliverDueMails } from "@/lib/mail/due-mails";
import { findOutboxEntry } from "@/lib/mail/entries/store";
import { forgetOldContent } from "@/lib/mail/retention";
import { withdrawnAnswers } from "@/lib/mail/schema";
import {
  CLAIM_MS,
  type ClaimOrder,
  claimDueMessages,
  makeMessagesDue,
  markAttemptFailed,
  markSent,
  requeueMessage,
  withdrawMails,
} from "@/lib/mail/store";
import { countWaiting, emptyDatabase } from "./support/database";
import { deliverMails, queueMail, useMailServer } from "./support/mail";
import { rowsRead } from "./support/plans";
import { startSmtp, type TestSmtp } from "./support/smtp";

let smtp: TestSmtp;
let age = 0;

beforeAll(async () => {
  smtp = await startSmtp();
});
afterAll(() => smtp.stop());
beforeEach(async () => {
  await emptyDatabase();
  smtp.reset();
  await useMailServer({ port: smtp.port });
  age = 1_000;
});

const now = new Date();

/** Leaves mails in the outbox, each younger than the one before. */
async function leave(
  count: number,
  kind: "password-expires-soon" | "activation" | "password-reset" | "account-locked-owner",
) {
  const linkId = kind === "activation" || kind === "password-reset" ? { linkId: randomUUID() } : {};
  for (let i = 0; i < count; i += 1) {
    age -= 1;
    await queueMail(kind, { recipient: `${kind}-${i}@example.org`, ...linkId, now: new Date(+now - age) });
  }
}

const nameOf = (recipient = "") => recipient.replace("@example.org", "");

/** Claims mails. @returns the recipients, without their domain */
async function claimNext(order: ClaimOrder, limit: number): Promise<string[]> {
  const claimed = await claimDueMessages(db(), { order, limit, now });
  return claimed.map(({ recipient }) => nameOf(recipient)).sort();
}

/** Makes the server accept a mail to somebody only when `accept` is called with the name. */
function holdMails() {
  const held = new Map<string, () => void>();
  smtp.onReceived = ({ to }) => new Promise((resolve) => held.set(nameOf(to[0]), resolve));
  return {
    held: () => [...held.keys()].sort(),
    accept(name: string) {
      held.get(name)?.();
      held.delete(name);
    },
  };
}

/** Starts a server that takes fewer connections at once, and accepts no mail before it has refused those over that. */
async function startNarrowSmtp(limit: number): Promise<TestSmtp> {
  let [open, refused] = [0, 0];
  const narrow = await startSmtp({
    onConnect(_session, done) {
      const isFull = open >= limit;
      if (isFull) refused += 1;
      else open += 1;
      done(isFull ? Object.assign(new Error("too many connections"), { responseCode: 421 }) : undefined);
    },
  });
  onTestFinished(narrow.stop);
  narrow.onReceived = async () => {
    await expect.poll(() => refused).toBe(4 - limit);
    open -= 1;
  };
  return narrow;
}

describe("of the mails that wait", () => {
  it("a link that somebody waits for goes before invitations, and these before notices", async () => {
    await leave(4, "password-expires-soon");
    await leave(4, "activation");
    await leave(1, "password-reset");
    await leave(1, "account-locked-owner");
    expect(await claimNext("urgent", 3)).toEqual([
      "account-locked-owner-0",
      "activation-0",
      "password-reset-0",
    ]);
    expect(await claimNext("urgent", 3)).toEqual(["activation-1", "activation-2", "activation-3"]);
    expect(await claimNext("urgent", 2)).toEqual(["password-expires-soon-0", "password-expires-soon-1"]);
  });

  it("a link that its reader asked for goes before those that an attacker's wrong passwords cause", async () => {
    await leave(3, "account-locked-owner");
    await leave(1, "password-reset");
    expect(await claimNext("urgent", 1)).toEqual(["password-reset-0"]);
  });

  it("one of the four that are sent at once is the oldest, whatever came after it", async () => {
    await leave(2, "password-expires-soon");
    await leave(5, "password-reset");
    const { held, accept } = holdMails();
    const delivery = deliverMails();
    const first = ["password-expires-soon-0", "password-reset-0", "password-reset-1", "password-reset-2"];
    await expect.poll(held).toEqual(first);
    accept("password-reset-0");
    const second = [...first.filter((name) => name !== "password-reset-0"), "password-reset-3"];
    await expect.poll(held).toEqual(second);
    accept("password-expires-soon-0");
    const third = [...second.filter((name) => name !== "password-expires-soon-0"), "password-expires-soon-1"];
    await expect.poll(held).toEqual(third.sort());
    smtp.onReceived = () => undefined;
    for (const name of held()) accept(name);
    expect(await delivery).toEqual({ tried: 7, away: null });
  });

  it("one that the server takes long to accept delays none that comes after it", async () => {
    await leave(1, "password-expires-soon");
    const { held, accept } = holdMails();
    const delivery = deliverMails();
    await expect.poll(held).toEqual(["password-expires-soon-0"]);
    await leave(1, "password-reset");
    await expect.poll(held).toEqual(["password-expires-soon-0", "password-reset-0"]);
    for (const name of held()) accept(name);
    expect(await delivery).toEqual({ tried: 2, away: null });
  });

  it("all go at once to a server that takes fewer connections, but those that find it full", async () => {
    await leave(12, "password-expires-soon");
    await useMailServer({ port: (await startNarrowSmtp(2)).port });
    expect(await deliverMails()).toEqual({ tried: 12, away: null });
    expect(await db().outboxMessage.count({ where: { state: "SENT" } })).toBe(10);
  });

  it("four are sent at once again after a while to a server that had less room for a moment", async () => {
    let connections = 0;
    const restarted = await startSmtp({
      onConnect(_session, done) {
        connections += 1;
        done(connections > 3 ? undefined : Object.assign(new Error("restarting"), { responseCode: 421 }));
      },
    });
    onTestFinished(restarted.stop);
    await useMailServer({ port: restarted.port });
    await leave(75, "password-expires-soon");
    let held = 0;
    restarted.onReceived = async () => {
      if (restarted.mails.length < 65) return;
      held += 1;
      await expect.poll(() => held).toBeGreaterThanOrEqual(4);
    };
    expect(await deliverMails(now)).toEqual({ tried: 75, away: null });
    expect(await db().outboxMessage.count({ where: { state: "SENT" } })).toBe(72);
  });

  it("a link is the next one for a server that takes a single connection", async () => {
    await leave(6, "password-expires-soon");
    const narrow = await startNarrowSmtp(1);
    await useMailServer({ port: narrow.port });
    const { onReceived } = narrow;
    narrow.onReceived = async (mail) => {
      await onReceived(mail);
      if (narrow.mails.length > 1) return;
      // Until their refusals are recorded, their places are open.
      await expect.poll(() => db().outboxMessage.count({ where: { lastAnswer: { not: null } } })).toBe(3);
      await leave(1, "password-reset");
    };
    expect(await deliverMails()).toEqual({ tried: 7, away: null });
    expect(narrow.mails.map(({ to }) => nameOf(to[0]))[1]).toBe("password-reset-0");
  });

  it("no more than four are tried with a server that is away", async () => {
    await leave(9, "password-expires-soon");
    const gone = await startSmtp();
    await gone.stop();
    await useMailServer({ port: gone.port });
    expect(await deliverMails()).toEqual({ tried: 4, away: expect.stringMatching(/^Connection refused/) });
  });

  it("none is begun once the process is about to stop, and those under way are waited for", async () => {
    await leave(1, "activation");
    const { held, accept } = holdMails();
    const [stopped, ending] = [new AbortController().signal, new AbortController()];
    const delivery = deliverDueMails(() => now, { stopped, ending: ending.signal });
    await expect.poll(held).toEqual(["activation-0"]);
    ending.abort();
    await leave(1, "password-reset");
    accept("activation-0");
    expect(await delivery).toEqual({ tried: 1, away: null });
    expect(smtp.mails).toHaveLength(1);
  });

  it("few are read, however many there are", async () => {
    await db().$executeRaw`
      INSERT INTO outbox_messages (id, kind, recipient, message_id, created_at, due_at, link_id)
      SELECT gen_random_uuid(), 'activation', 'ada@example.org', '<' || i || '@example.org>', ${now}, ${now},
        CASE WHEN i % 3 = 0 THEN gen_random_uuid() END
      FROM generate_series(1, 5000) AS i`;
    await db().$executeRaw`ANALYZE outbox_messages`;
    await leave(1, "password-reset");
    for (const order of ["oldest", "urgent"] as const) {
      const claim = () => claimDueMessages(db(), { order, limit: 4, now });
      expect(await rowsRead("outbox_messages", claim), order).toBeLessThan(50);
    }
  });
});

it("of two that have sent one mail the first to say so is believed", async () => {
  const id = await queueMail("activation", { now });
  await markSent(db(), id, { answer: "250 first", now });
  await markSent(db(), id, { answer: "250 second", now: new Date(+now + 1_000) });
  const sent = { state: "SENT", sentAt: now, lastAnswer: "250 first", sealedPayload: null };
  expect(await db().outboxMessage.findMany()).toMatchObject([sent]);
});

it.each<[string, () => Promise<number>]>([
  ["claimed as the oldest", async () => (await claimNext("oldest", 4)).length],
  ["claimed as urgent", async () => (await claimNext("urgent", 4)).length],
  ["made due", () => makeMessagesDue(db(), 10, new Date(0))],
  ["forgotten", () => forgetOldContent(new Date(+now + 365 * DAY_MS))],
])(
  "a mail that somebody holds is passed over, and not waited for, when others are %s",
  async (_what, pass) => {
    const held = await queueMail("activation", { now: new Date(+now - 1) });
    await queueMail("activation", { now });
    await db().$transaction(async (tx) => {
      await tx.$queryRaw`SELECT FROM outbox_messages WHERE id = ${held}::uuid FOR UPDATE`;
      expect(await pass()).toBe(1);
    });
    expect(await pass()).toBe(1);
  },
);

it.each<[string, (id: string, linkId: string) => Promise<unknown>, boolean]>([
  ["failed", (id) => db().outboxMessage.update({ where: { id }, data: { state: "FAILED" } }), true],
  ["was sent", (id) => markSent(db(), id, { answer: "250 OK", now }), false],
  ["was withdrawn", (_, linkId) => withdrawMails(db(), [linkId]), false],
])("a mail that %s is sent again on demand if that is of use", async (_what, happen, isSentAgain) => {
  const linkId = randomUUID();
  const id = await queueMail("activation", { linkId, now });
  await happen(id, linkId);
  const [before] = await db().outboxMessage.findMany();
  expect(await requeueMessage(db(), id, now)).toBe(isSentAgain);
  const [after] = await db().outboxMessage.findMany();
  expect(after).toEqual(isSentAgain ? { ...before, state: "QUEUED" } : before);
});

it("a mail is neither sent, nor sent again on demand, from the moment at which what it says is over", async () => {
  const id = await queueMail("activation", { now });
  const endAt = (usefulUntil: Date) => db().outboxMessage.update({ where: { id }, data: { usefulUntil } });
  await endAt(now);
  expect(await claimDueMessages(db(), { order: "urgent", limit: 2, now })).toEqual([]);
  expect(await requeueMessage(db(), id, now)).toBe(false);
  await endAt(new Date(+now + 1));
  expect(await requeueMessage(db(), id, now)).toBe(true);
  expect(await claimDueMessages(db(), { order: "urgent", limit: 2, now })).toMatchObject([{ id }]);
});

it("of the mails of a closed link, those that wait are withdrawn, and what was sent or refused stays so", async () => {
  const linkId = randomUUID();
  const queue = () => queueMail("activation", { linkId, now });
  const [sent, refused, , other] = [
    await queue(),
    await queue(),
    await queue(),
    await queueMail("activation"),
  ];
  await markSent(db(), sent, { answer: "250 OK", now });
  const failed = { state: "FAILED", lastAnswer: "550 no such mailbox here" } as const;
  await db().outboxMessage.update({ where: { id: refused }, data: failed });
  await withdrawMails(db(), [linkId]);
  const rows = await db().outboxMessage.findMany({ orderBy: { id: "asc" } });
  expect(rows.map(({ state, lastAnswer }) => [state, lastAnswer])).toEqual([
    ["SENT", "250 OK"],
    ["FAILED", "550 no such mailbox here"],
    ["FAILED", withdrawnAnswers.link],
    ["QUEUED", null],
  ]);
  expect(rows.filter(({ sealedPayload }) => sealedPayload !== null).map(({ id }) => id)).toEqual([other]);
});

it("the mails of closed links are locked in the order of their ids, so that two who close them do not deadlock", async () => {
  const [low = "", high = ""] = [randomUUID(), randomUUID()].sort();
  // Otherwise a row could take the place of one that an earlier test has left.
  await db().$executeRaw`TRUNCATE outbox_messages`;
  const first = await queueMail("activation", { linkId: high });
  const second = await queueMail("activation", { linkId: low });
  // With a new value in an index its row moves behind the other, so that a scan meets them in another order.
  await db().outboxMessage.update({ where: { id: first }, data: { recipient: "eve@example.org" } });
  let withdrawing: Promise<void> | undefined;
  await db().$transaction(async (tx) => {
    await tx.$queryRaw`SELECT FROM outbox_messages WHERE id = ${first}::uuid FOR UPDATE`;
    withdrawing = db().$transaction(async (another) => {
      // An index might happen to have them in the right order.
      await another.$executeRaw`SET LOCAL enable_indexscan = off`;
      await withdrawMails(another, [low, high]);
    });
    await expect.poll(countWaiting).toBe(1);
    const free = await db().$queryRaw`SELECT id FROM outbox_messages FOR UPDATE SKIP LOCKED`;
    expect(free).toEqual([{ id: second }]);
  });
  await withdrawing;
  expect(await db().outboxMessage.count({ where: { lastAnswer: withdrawnAnswers.link } })).toBe(2);
});

describe("a mail that somebody sends at this moment", () => {
  const claim = async (at: Date) => (await claimDueMessages(db(), { order: "oldest", limit: 2, now: at }))[0];
  const later = new Date(+now + CLAIM_MS + 1_000);

  it("is not sent again on demand before its claim is void", async () => {
    const id = await queueMail("activation", { now });
    await claim(now);
    expect(await requeueMessage(db(), id, now)).toBe(false);
    expect(await requeueMessage(db(), id, later)).toBe(true);
  });

  it("is listed as such until its claim is void", async () => {
    const id = await queueMail("activation");
    const isBeingSent = async () => (await findOutboxEntry(db(), id))?.isBeingSent;
    expect(await isBeingSent()).toBe(false);
    await claim(new Date());
    expect(await isBeingSent()).toBe(true);
    await db().outboxMessage.update({ where: { id }, data: { claimedUntil: now } });
    expect(await isBeingSent()).toBe(false);
  });

  it("is not failed by whoever had it before", async () => {
    await queueMail("activation", { now });
    const first = await claim(now);
    const second = await claim(later);
    for (const one of [first, second]) expect(one).toBeDefined();
    if (first) await markAttemptFailed(db(), first, { answer: "no", dueAt: null });
    expect(await db().outboxMessage.findMany()).toMatchObject([{ state: "QUEUED", lastAnswer: null }]);
    if (second) await markAttemptFailed(db(), second, { answer: "no", dueAt: null });
    expect(await db().outboxMessage.findMany()).toMatchObject([{ state: "FAILED", lastAnswer: "no" }]);
  });

  it("stays withdrawn when its link is withdrawn meanwhile and it then cannot be sent", async () => {
    const linkId = randomUUID();
    await queueMail("activation", { linkId, now });
    const claimed = await claim(now);
    await withdrawMails(db(), [linkId]);
    const [withdrawn] = await db().outboxMessage.findMany();
    expect(withdrawn).toMatchObject({
      state: "FAILED",
      sealedPayload: null,
      lastAnswer: withdrawnAnswers.link,
    });
    if (claimed) await markAttemptFailed(db(), claimed, { answer: "no", dueAt: later });
    expect(await db().outboxMessage.findMany()).toEqual([withdrawn]);
  });

  it("is noted as sent, although its link is withdrawn or another process gives it up meanwhile", async () => {
    const linkId = randomUUID();
    const ids = [await queueMail("activation", { linkId, now }), await queueMail("activation", { now })];
    await claim(now);
    await withdrawMails(db(), [linkId]);
    await db().outboxMessage.updateMany({ data: { state: "FAILED" } });
    for (const id of ids) await markSent(db(), id, { answer: "250 OK", now });
    const sent = { state: "SENT", sentAt: now, lastAnswer: "250 OK", sealedPayload: null };
    expect(await db().outboxMessage.findMany()).toMatchObject([sent, sent]);
  });

  it("keeps its content until its claim is void, also where what it says is over", async () => {
    const id = await queueMail("activation", { now });
    await claim(now);
    await db().outboxMessage.update({ where: { id }, data: { usefulUntil: now } });
    expect(await forgetOldContent(now)).toBe(0);
    expect(await forgetOldContent(later)).toBe(1);
  });
});
