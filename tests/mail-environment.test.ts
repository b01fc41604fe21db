import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { logIn } from "@/lib/auth/service/log-in";
import { db } from "@/lib/core/db";
import { mailServerInForce } from "@/lib/mail/mail-server";
import { readMailConfiguration } from "@/lib/mail/service/mail-settings";
import { readOverview } from "@/lib/overview/service";
import { makeSettings, makeUser } from "./support/accounts";
import { administrator, anonymous } from "./support/actors";
import { emptyDatabase } from "./support/database";
import { deliverMails, useMailServer } from "./support/mail";
import { startSmtp, type TestSmtp } from "./support/smtp";

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
    });
  });

  it("are shown without the password", async () => {
    await makeSettings();
    const configuration = await readMailConfiguration(await administrator());
    expect(configuration.environment).toEqual({
      server: { host: "127.0.0.1", port: smtp.port, tls: "auto", user: "gate@house" },
      from: "Gate <gate@example.org>",
    });
    expect(JSON.stringify(configuration)).not.toContain("canary");
  });

  it("replace damaged values of the panel, which then need no attention", async () => {
    await makeSettings();
    await useMailServer({ port: "many" as never, fromAddress: 7 as never });
    expect((await readOverview(await administrator())).attention).toEqual([{ code: "only-administrator" }]);
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
