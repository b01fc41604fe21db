import { hostname } from "node:os";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { logIn } from "@/lib/auth/service/log-in";
import { db } from "@/lib/core/db";
import { mailServerInForce } from "@/lib/mail/mail-server";
import { clientNameOf } from "@/lib/mail/rules";
import { readMailConfiguration, updateMailSettings } from "@/lib/mail/service/mail-settings";
import { readOverview } from "@/lib/overview/service";
import { mailSettingsDefaults } from "@/lib/settings/mail/schema";
import { makeSettings, makeUser } from "./support/accounts";
import { administrator, anonymous } from "./support/actors";
import { emptyDatabase } from "./support/database";
import { deliverMails, queueMail, useMailServer } from "./support/mail";
import { startSmtp, type TestSmtp } from "./support/smtp";

const clientName = clientNameOf(hostname(), "http://localhost:3000");

let smtp: TestSmtp;
beforeAll(async () => {
  // Offers STARTTLS with a self-signed certificate, as is common for a mail server on the same host.
  smtp = await startSmtp({
    disabledCommands: [],
    authOptional: true,
    onAuth: (_login, _session, done) => done(null, { user: "x" }),
  });
  // Set before the first use of the environment, which is read only once.
  process.env.SMTP_URL = `smtp://gate%40house:s%2Fcanary@127.0.0.1:${smtp.port}`;
  process.env.MAIL_FROM = "Gate <gate@example.org>";
});
afterAll(() => smtp.stop());
beforeEach(async () => {
  await emptyDatabase();
  smtp.reset();
});

describe("SMTP_URL and MAIL_FROM", () => {
  it("count before the panel", async () => {
    await useMailServer({ host: "smtp.example.org", fromAddress: "panel@example.org" });
    expect(await mailServerInForce(db())).toEqual({
      host: "127.0.0.1",
      port: smtp.port,
      tls: "auto",
      login: { user: "gate@house", password: "s/canary" },
      from: { name: "Gate", address: "gate@example.org" },
      clientName,
    });
  });

  it("are shown without the password", async () => {
    await makeSettings();
    const configuration = await readMailConfiguration(await administrator());
    expect(configuration.environment).toEqual({
      server: { host: "127.0.0.1", port: smtp.port, tls: "auto", user: "gate@house", hasPassword: true },
      from: "Gate <gate@example.org>",
    });
    expect(JSON.stringify(configuration)).not.toContain("canary");
  });

  it("get the waiting mails at once when the panel, which names no server, is saved", async () => {
    await makeSettings();
    const id = await queueMail("test");
    await db().outboxMessage.update({ where: { id }, data: { dueAt: new Date(Date.now() + 600_000) } });
    const values = { ...mailSettingsDefaults, fromAddress: "panel@example.org" };
    const edit = { version: 0, values: { ...values, password: null, removesPassword: false } };
    expect(await updateMailSettings(await administrator(), edit)).toMatchObject({ ok: true });
    expect(await deliverMails()).toMatchObject({ tried: 1 });
  });

  it("replace damaged values of the panel, which then need no attention", async () => {
    await makeSettings();
    await useMailServer({ port: "many" as never, fromAddress: 7 as never });
    expect((await readOverview(await administrator())).attention).toEqual([{ code: "only-administrator" }]);
  });
});

describe("read in another process", () => {
  /** The mail server module as a process with this environment has it. */
  async function startedWith(environment: Record<"SMTP_URL" | "MAIL_FROM", string>) {
    vi.resetModules();
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    return import("@/lib/mail/mail-server");
  }
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.resetModules();
  });

  it.each([
    ["smtp://mail.example", { host: "mail.example", port: 587, tls: "auto", user: null, hasPassword: false }],
    ["smtps://mail.example", { host: "mail.example", port: 465, tls: "tls", user: null, hasPassword: false }],
    [
      "smtps://mail.example?tls=none",
      { host: "mail.example", port: 465, tls: "tls", user: null, hasPassword: false },
    ],
    [
      "smtp://mail.example?tls=starttls",
      { host: "mail.example", port: 587, tls: "starttls", user: null, hasPassword: false },
    ],
    [
      "smtp://ada:key@mail.example",
      { host: "mail.example", port: 587, tls: "auto", user: "ada", hasPassword: true },
    ],
    [
      "smtp://ada@[2001:db8::25]:25?tls=none",
      { host: "2001:db8::25", port: 25, tls: "none", user: "ada", hasPassword: false },
    ],
  ])("SMTP_URL=%s is a server", async (SMTP_URL, server) => {
    const { mailOfEnvironment } = await startedWith({ SMTP_URL, MAIL_FROM: "" });
    expect(mailOfEnvironment()).toEqual({ server, from: null });
  });

  it.each([
    ["gate@example.org", { name: "Gatehouse", address: "gate@example.org" }],
    ["The Gate <gate@example.org>", { name: "The Gate", address: "gate@example.org" }],
    ['"Gate, Inc." <gate@example.org>', { name: "Gate, Inc.", address: "gate@example.org" }],
    ['The "Gate" <gate@example.org>', { name: 'The "Gate"', address: "gate@example.org" }],
    ['"Gate" and "House" <gate@example.org>', { name: '"Gate" and "House"', address: "gate@example.org" }],
  ])("MAIL_FROM=%s alone is the sender at the panel's server", async (MAIL_FROM, from) => {
    await useMailServer({ host: "smtp.example.org", port: 26, fromAddress: "panel@example.org" });
    const { hasMailServer, mailServerInForce } = await startedWith({ SMTP_URL: "", MAIL_FROM });
    const server = { host: "smtp.example.org", port: 26, tls: "none", login: null };
    expect(await mailServerInForce(db())).toEqual({ ...server, from, clientName });
    expect(await hasMailServer(db())).toBe(true);
    await useMailServer({ host: null });
    expect(await mailServerInForce(db())).toBeNull();
    expect(await hasMailServer(db())).toBe(false);
  });

  it("SMTP_URL alone sends from the panel's address", async () => {
    await useMailServer({ host: "smtp.example.org", fromAddress: "panel@example.org" });
    const { hasMailServer, mailServerInForce } = await startedWith({
      SMTP_URL: "smtp://mail.example",
      MAIL_FROM: "",
    });
    expect(await mailServerInForce(db())).toMatchObject({
      host: "mail.example",
      from: { name: "Gatehouse", address: "panel@example.org" },
    });
    await useMailServer({ host: null });
    expect(await hasMailServer(db())).toBe(true);
  });

  it.each([
    ["https://id.example.org:8443", "gatehouse@id.example.org"],
    ["http://192.0.2.7:3000", "gatehouse@localhost"],
    ["http://[2001:db8::7]:3000", "gatehouse@localhost"],
  ])("BASE_URL=%s makes %s the sender", async (baseUrl, address) => {
    vi.stubEnv("BASE_URL", baseUrl);
    const { defaultFromAddress } = await startedWith({ SMTP_URL: "", MAIL_FROM: "" });
    expect(defaultFromAddress()).toBe(address);
  });
});

describe("a lock", () => {
  it("is told to the configured address and to the owner, once each, with what there is to know", async () => {
    await makeSettings({ general: { userLockoutNotificationEmail: "ops@example.org" } });
    const { email } = await makeUser({ email: "ada@example.org" });
    const now = new Date("2026-11-24T09:15:00Z");
    for (let i = 0; i < 7; i += 1) {
      await logIn(anonymous("203.0.113.9"), { email, password: `wrong ${i}`, kind: "BROWSER" }, now);
    }
    while ((await deliverMails(now)).tried > 0);
    const byRecipient = new Map(smtp.mails.map((mail) => [mail.to.join(), mail.parsed]));
    expect(smtp.mails).toHaveLength(2);
    const [ops, owner] = [byRecipient.get("ops@example.org"), byRecipient.get("ada@example.org")];
    expect(ops?.subject).toBe("Account locked: ada@example.org");
    for (const text of [ops?.text, owner?.text]) {
      expect(text).toContain("5 wrong passwords");
      expect(text).toContain("203.0.113.9");
      expect(text).toContain("Tuesday, 24 November 2026, 09:15 UTC");
      expect(text).toContain("Tuesday, 24 November 2026, 09:45 UTC, after 30 minutes");
    }
    expect(ops?.text).not.toContain("/unlock");
    expect(owner?.text).toMatch(/http:\/\/localhost:3000\/unlock\?token=[\w-]{43}\n/);
    expect(owner?.from?.value).toEqual([{ name: "Gate", address: "gate@example.org" }]);
  });
});
