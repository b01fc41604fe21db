import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { db } from "@/lib/core/db";
import { log } from "@/lib/core/log";
import { seal } from "@/lib/core/secrets";
import { deliverDueMails } from "@/lib/mail/due-mails";
import { type MailKind, mailKinds } from "@/lib/mail/schema";
import { resendMail } from "@/lib/mail/service/outbox";
import { sendTestMail } from "@/lib/mail/service/send-test-mail";
import { CLAIM_MS } from "@/lib/mail/store";
import { sampleValues } from "@/lib/mail/templates/samples";
import { makeSettings } from "./support/accounts";
import { administrator } from "./support/actors";
import { emptyDatabase } from "./support/database";
import { deliverMails, queueMail, useMailServer } from "./support/mail";
import { hangUpAt, startBrokenMailServer, startSmtp, type TestSmtp } from "./support/smtp";
import { startWorkers, stopWorkers, type Worker } from "./support/workers";

let smtp: TestSmtp;
let workers: Worker[] = [];

beforeAll(async () => {
  smtp = await startSmtp();
});
afterAll(() => smtp.stop());
beforeEach(async () => {
  await emptyDatabase();
  smtp.reset();
  return async () => {
    await stopWorkers(workers);
    workers = [];
  };
});

const stored = (id: string) => db().outboxMessage.findUniqueOrThrow({ where: { id } });
const samples = sampleValues(new Date());
const later = (ms: number) => new Date(Date.now() + ms);
const MINUTE_MS = 60_000;
const day = (days: number) => later(days * 24 * 60 * MINUTE_MS);

/** Sends the due mails a little more than once a day, from one day until another, and at its end. */
async function askDaily(from: number, to: number): Promise<void> {
  for (let at = from; at < to; at += 0.9) await deliverMails(day(at));
  await deliverMails(day(to));
}

/** Terminates all other connections to the database, as a restart of its server does. */
async function breakConnections(): Promise<void> {
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  await client.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
  );
  await client.end();
}

describe("a mail", () => {
  it.each(mailKinds)("of the kind %s is delivered, as HTML and as text", async (kind: MailKind) => {
    await useMailServer({ port: smtp.port, fromAddress: "gate@example.org" });
    const id = await queueMail(kind, { values: samples[kind] });
    expect(await deliverMails()).toEqual({ tried: 1, away: null });
    const [mail] = smtp.mails;
    expect(mail).toMatchObject({ from: "gate@example.org", to: ["ada@example.org"] });
    const row = await stored(id);
    expect(row).toMatchObject({ state: "SENT", attempts: 1, sealedPayload: null, claimedUntil: null });
    expect(row.lastAnswer).toMatch(/^250 /);
    expect(mail?.parsed.messageId).toBe(row.messageId);
    expect(row.messageId).toMatch(/^<[\da-f-]{36}@localhost>$/);
    expect(mail?.parsed.subject).not.toBe("");
    expect(mail?.parsed.headers.get("auto-submitted")).toBe("auto-generated");
    for (const value of Object.values(samples[kind])) {
      if (typeof value !== "string" || !value.includes("token=")) continue;
      expect(mail?.parsed.text).toContain(value);
      expect(mail?.parsed.html).toContain(`href="${value}"`);
    }
    const sources = [...String(mail?.parsed.html).matchAll(/\bsrc="([^"]*)"/g)].map(([, source]) => source);
    expect(sources).not.toEqual([]);
    expect(sources.filter((source) => !/^(?:cid|data):/.test(source ?? ""))).toEqual([]);
  });

  it("shows hostile names and addresses literally", async () => {
    await useMailServer({ port: smtp.port });
    const name = '"><svg onload=alert(1)> {{7*7}}\r\nBcc: eve@example.org\u202e';
    await queueMail("activation", { values: { ...samples.activation, name } });
    await queueMail("account-locked", {
      values: { ...samples["account-locked"], userAgent: "<b>x</b>", address: "<i>::1</i>" },
    });
    await deliverMails();
    expect(smtp.mails).toHaveLength(2);
    for (const { parsed, raw } of smtp.mails) {
      expect(parsed.html).not.toMatch(/<svg|<b>x|<i>::1|\u202e/);
      expect(raw).not.toMatch(/^Bcc:/im);
      expect(parsed.bcc).toBeUndefined();
    }
    const [activation] = smtp.mails.filter(({ parsed }) => /Activate/.test(String(parsed.subject)));
    expect(activation?.parsed.html).toContain("Hello &quot;&gt;&lt;svg onload=alert(1)&gt; {{7*7}} Bcc:");
    expect(activation?.parsed.text).toContain('Hello "><svg onload=alert(1)> {{7*7}} Bcc: eve@example.org');
  });

  it.each([
    "ada@example.org\r\nBcc: eve@example.org",
    "ada@example.org, eve@example.org",
    "<ada@example.org>,<eve@example.org>",
    "Ada <ada@example.org>",
  ])("to %j goes to nobody", async (recipient) => {
    await useMailServer({ port: smtp.port });
    const id = await queueMail("test", { recipient });
    await deliverMails();
    expect(smtp.mails).toHaveLength(0);
    expect(await stored(id)).toMatchObject({ state: "FAILED", attempts: 1 });
  });

  it("whose subject would break the header goes to nobody", async () => {
    await useMailServer({ port: smtp.port });
    const values = { ...samples["account-locked"], email: "a\r\nBcc: eve@example.org" };
    const id = await queueMail("account-locked", { values });
    await deliverMails();
    expect(smtp.mails).toHaveLength(0);
    expect(await stored(id)).toMatchObject({
      state: "FAILED",
      lastAnswer: expect.stringMatching(/line break/),
    });
  });

  it("waits while there is no mail server", async () => {
    const id = await queueMail("test");
    expect(await deliverMails()).toEqual({ tried: 0, away: null });
    expect(await stored(id)).toMatchObject({ state: "QUEUED", attempts: 0 });
  });

  it.each([
    ["was damaged", () => "v1.AAAA"],
    ["is no text of ours", () => seal("{", "outbox:test")],
    ["is not what its kind holds", () => seal("{}", "outbox:test")],
  ])("whose content %s fails, once", async (_name, payload) => {
    await useMailServer({ port: smtp.port });
    const id = await queueMail("test");
    await db().outboxMessage.update({ where: { id }, data: { sealedPayload: payload() } });
    const other = await queueMail("test");
    expect(await deliverMails()).toEqual({ tried: 2, away: null });
    expect(await stored(id)).toMatchObject({ state: "FAILED", attempts: 1 });
    expect(await stored(other)).toMatchObject({ state: "SENT" });
  });
});

describe("a mail server", () => {
  it("that refuses the recipient for good is not asked again", async () => {
    await useMailServer({ port: smtp.port });
    smtp.onRecipient = () => 550;
    const id = await queueMail("test");
    await deliverMails();
    expect(await stored(id)).toMatchObject({ state: "FAILED", lastAnswer: "550 no such mailbox here" });
    expect(await deliverMails(later(24 * 60 * MINUTE_MS))).toMatchObject({ tried: 0 });
  });

  it("that refuses for now is asked again, later and later, under one Message-ID", async () => {
    await useMailServer({ port: smtp.port });
    smtp.onRecipient = () => 451;
    const id = await queueMail("test");
    // It has refused this mail only, so the next one need not wait.
    expect(await deliverMails()).toEqual({ tried: 1, away: null });
    const first = await stored(id);
    expect(first).toMatchObject({ state: "QUEUED", attempts: 1, lastAnswer: "451 try again later" });
    expect(await deliverMails()).toMatchObject({ tried: 0 });
    const second = new Date(first.dueAt.getTime() + 1);
    await deliverMails(second);
    const wait = (await stored(id)).dueAt.getTime() - second.getTime();
    expect(wait).toBeGreaterThan(first.dueAt.getTime() - first.createdAt.getTime());
    smtp.onRecipient = () => null;
    await deliverMails(later(5 * MINUTE_MS));
    expect(await stored(id)).toMatchObject({ state: "SENT", attempts: 3 });
    expect(smtp.mails.map(({ parsed }) => parsed.messageId)).toEqual([first.messageId]);
  });

  it("that never takes a mail is given up on five days after it was first asked, or asked anew", async () => {
    await makeSettings();
    await useMailServer({ port: smtp.port });
    smtp.onRecipient = () => 451;
    const id = await queueMail("password-changed");
    const warned = vi.spyOn(log(), "warn");
    onTestFinished(() => warned.mockRestore());
    await askDaily(7, 11.9);
    expect(await stored(id)).toMatchObject({ state: "QUEUED", attempts: 7 });
    expect(warned).not.toHaveBeenCalled();
    await askDaily(12.1, 12.1);
    expect(await stored(id)).toMatchObject({ state: "FAILED", attempts: 8 });
    expect(warned).toHaveBeenCalledExactlyOnceWith({
      event: "mail-failed",
      mail: id,
      kind: "password-changed",
    });
    expect(await resendMail(await administrator(), { id }, day(12.2))).toMatchObject({ ok: true });
    await askDaily(12.3, 17.2);
    expect(await stored(id)).toMatchObject({ state: "QUEUED", attempts: 15 });
    await askDaily(17.4, 17.4);
    expect(await stored(id)).toMatchObject({ state: "FAILED", attempts: 16 });
  });

  it("that was not asked for a day has five days more to take a mail that it once refused", async () => {
    await useMailServer({ port: smtp.port });
    smtp.onRecipient = () => 451;
    const id = await queueMail("password-changed");
    await deliverMails();
    await askDaily(0.9, 3.9);
    await askDaily(5, 9.9);
    expect(await stored(id)).toMatchObject({ state: "QUEUED" });
    await askDaily(10.1, 10.1);
    expect(await stored(id)).toMatchObject({ state: "FAILED" });
  });

  it("that passes no mail on is asked again, and the log says so once for each mail", async () => {
    const closed = await startSmtp({
      onRcptTo: (_address, _session, done) =>
        done(Object.assign(new Error("5.7.1 Relay access denied"), { responseCode: 554 })),
    });
    onTestFinished(closed.stop);
    await useMailServer({ port: closed.port });
    const id = await queueMail("test");
    const warned = vi.spyOn(log(), "warn");
    onTestFinished(() => warned.mockRestore());
    expect(await deliverMails()).toEqual({ tried: 1, away: null });
    await deliverMails(later(MINUTE_MS));
    expect(await stored(id)).toMatchObject({ state: "QUEUED", attempts: 2 });
    expect(warned).toHaveBeenCalledExactlyOnceWith({ event: "mail-not-relayed", mail: id, kind: "test" });
  });

  it("that refuses the sender for good is asked again, because it refuses no mail by that", async () => {
    const strict = await startSmtp({
      onMailFrom: (_address, _session, done) =>
        done(Object.assign(new Error("not your address"), { responseCode: 553 })),
    });
    onTestFinished(strict.stop);
    await useMailServer({ port: strict.port });
    const id = await queueMail("test");
    expect(await deliverMails()).toEqual({ tried: 1, away: "553 not your address" });
    expect(await stored(id)).toMatchObject({ state: "QUEUED", lastAnswer: "553 not your address" });
  });

  it("that is not there is tried again", async () => {
    const gone = await startSmtp();
    await gone.stop();
    await useMailServer({ port: gone.port });
    const id = await queueMail("test");
    expect(await deliverMails()).toEqual({ tried: 1, away: expect.stringMatching(/./) });
    expect(await stored(id)).toMatchObject({
      state: "QUEUED",
      lastAnswer: expect.stringMatching(/^Connection refused/),
    });
  });

  it("that is replaced during attempts does not delay their mails any further", async () => {
    let saved: Promise<unknown> | undefined;
    const wrong = await startBrokenMailServer((socket) => {
      saved ??= useMailServer({ port: smtp.port });
      void saved.then(() => socket.destroy());
    });
    onTestFinished(wrong.stop);
    await useMailServer({ port: wrong.port });
    for (let i = 0; i < 4; i += 1) await queueMail("activation");
    expect(await deliverMails()).toEqual({ tried: 8, away: null });
    expect(wrong.connections()).toBe(4);
    expect(await db().outboxMessage.count({ where: { state: "SENT", attempts: 2 } })).toBe(4);
  });

  it("that hangs costs less than 15 seconds, also whoever waits for a test mail", async () => {
    await makeSettings();
    const admin = await administrator();
    // To one connection it says nothing, and to the next one it begins its greeting.
    const broken = await startBrokenMailServer((socket) => {
      if (broken.connections() > 1) socket.write("220-slow");
    });
    onTestFinished(broken.stop);
    await useMailServer({ port: broken.port });
    const id = await queueMail("password-changed");
    const begun = performance.now();
    const [round, tested] = await Promise.all([
      deliverMails(),
      sendTestMail(admin, { recipient: "bob@example.org" }),
    ]);
    expect(performance.now() - begun).toBeLessThan(15_000);
    expect(broken.connections()).toBe(2);
    expect(round).toMatchObject({ tried: 1, away: expect.stringMatching(/./) });
    const lastAnswer = expect.stringMatching(/within 12 s|in time/);
    expect(await stored(id)).toMatchObject({ state: "QUEUED", lastAnswer });
    expect(tested).toMatchObject({ code: "not-sent", answer: lastAnswer, fault: "connection" });
  });

  it("that accepts a mail later than a server that hangs is given up gets it once", async () => {
    const silent = await startBrokenMailServer(() => undefined);
    onTestFinished(silent.stop);
    await useMailServer({ port: smtp.port });
    const id = await queueMail("password-changed");
    smtp.onReceived = async () => {
      await useMailServer({ port: silent.port });
      await queueMail("test");
      await deliverMails();
    };
    expect(await deliverMails()).toEqual({ tried: 1, away: null });
    expect(silent.connections()).toBe(1);
    expect(await stored(id)).toMatchObject({ state: "SENT", attempts: 1 });
  });

  it.each(["mid-data", "after-data"] as const)("that hangs up %s loses nothing", async (moment) => {
    const broken = await startBrokenMailServer(hangUpAt(moment));
    onTestFinished(broken.stop);
    await useMailServer({ port: broken.port });
    const id = await queueMail("test");
    await deliverMails();
    const first = await stored(id);
    expect(first).toMatchObject({ state: "QUEUED", attempts: 1 });
    await useMailServer({ port: smtp.port });
    await deliverMails(later(MINUTE_MS));
    expect(await stored(id)).toMatchObject({ state: "SENT" });
    expect(smtp.mails.map(({ parsed }) => parsed.messageId)).toEqual([first.messageId]);
  });

  it("that hangs while Gatehouse stops leaves the mail due at once", async () => {
    const stopping = new AbortController();
    const broken = await startBrokenMailServer(() => stopping.abort());
    onTestFinished(broken.stop);
    await useMailServer({ port: broken.port });
    const id = await queueMail("test");
    const now = new Date();
    const begun = performance.now();
    await deliverDueMails(() => now, { stopped: stopping.signal });
    // It is not waited for as long as a server that hangs.
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(await stored(id)).toMatchObject({
      state: "QUEUED",
      dueAt: now,
      claimedUntil: null,
      lastAnswer: "Gatehouse was stopped.",
    });
  });

  it("that repeats the mail's link does not have it shown", async () => {
    const url = samples.activation.activationUrl;
    const token = new URL(url).searchParams.get("token") ?? "";
    const rejectingServer = await startSmtp({
      onData(stream, _session, done) {
        stream.resume();
        stream.on("end", () =>
          done(Object.assign(new Error(`spam: ${url} ${token}`), { responseCode: 554 })),
        );
      },
    });
    onTestFinished(rejectingServer.stop);
    await useMailServer({ port: rejectingServer.port });
    const id = await queueMail("activation");
    await deliverMails();
    const { state, lastAnswer } = await stored(id);
    expect(state).toBe("FAILED");
    expect(lastAnswer).toMatch(/^554 spam: .*\[removed\]/);
    expect(lastAnswer).not.toContain(token);
  });
});

describe("several processes", () => {
  it("send each mail once", async () => {
    await useMailServer({ port: smtp.port });
    const recipients = Array.from({ length: 24 }, (_, i) => `person${i}@example.org`);
    for (const recipient of recipients) await queueMail("test", { recipient });
    workers = await startWorkers(2);
    const drain = async (worker: Worker) => {
      while ((await worker.call("deliverMails")).tried > 0);
    };
    await Promise.all(workers.map(drain));
    expect(smtp.mails.map(({ to }) => to[0]).sort()).toEqual(recipients.sort());
    expect(await db().outboxMessage.count({ where: { state: "SENT", attempts: 1 } })).toBe(24);
  });

  it("of which one is killed between sending and noting it, send at most one duplicate", async () => {
    await useMailServer({ port: smtp.port });
    const id = await queueMail("test");
    workers = await startWorkers(1);
    const [victim] = workers;
    smtp.onReceived = () => victim?.kill();
    await expect(victim?.call("deliverMails")).rejects.toThrow();
    smtp.onReceived = () => undefined;
    expect(await stored(id)).toMatchObject({ state: "QUEUED", attempts: 1 });
    // Until the claim expires no other process sends the mail, because its owner might still be sending it.
    expect(await deliverMails()).toMatchObject({ tried: 0 });
    expect(await deliverMails(later(CLAIM_MS + 1_000))).toMatchObject({ tried: 1 });
    expect(await deliverMails(later(24 * 60 * MINUTE_MS))).toMatchObject({ tried: 0 });
    const { messageId, state } = await stored(id);
    expect(state).toBe("SENT");
    expect(smtp.mails.map(({ parsed }) => parsed.messageId)).toEqual([messageId, messageId]);
  });

  it("lose and repeat nothing when the database breaks every connection while a mail is on its way", async () => {
    await useMailServer({ port: smtp.port });
    const id = await queueMail("test");
    smtp.onReceived = breakConnections;
    await deliverMails();
    expect(await stored(id)).toMatchObject({ state: "SENT", attempts: 1 });
    expect(smtp.mails).toHaveLength(1);
  });
});
