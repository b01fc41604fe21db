import { randomBytes, randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { host } from "@/lib/core/actor";
import { type Db, db } from "@/lib/core/db";
import { env } from "@/lib/core/env";
import { canUnseal, resealer, seal, unseal } from "@/lib/core/secrets";
import { updateJwtSecurity } from "@/lib/jwt-security/service/save-settings";
import { enqueueMail } from "@/lib/mail/outbox";
import { updateMailSettings } from "@/lib/mail/service/mail-settings";
import { rotateSecretKey } from "@/lib/rescue/service/rotate-secret-key";
import { jwtSettingsDefaults } from "@/lib/settings/jwt/schema";
import { mailSettingsDefaults } from "@/lib/settings/mail/schema";
import { insertRevision } from "@/lib/settings/store";
import { sealedFor } from "@/lib/tokens/rules";
import { makeSettings } from "./support/accounts";
import { administrator, anonymous } from "./support/actors";
import { countWaiting, emptyDatabase } from "./support/database";
import { queueMail } from "./support/mail";

const NEXT = randomBytes(32);
const values = { requestedBy: "ops@example.org", requestedAt: "2026-03-01T12:00:00.000Z" };
const from = () => env().SECRET_KEY;
const rotate = (keys: Partial<{ from: Buffer; to: Buffer }> = {}) =>
  rotateSecretKey(host, { from: from(), to: NEXT, ...keys });

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings();
});

/** Every sealed value in the database, with the context that it is sealed for. */
async function sealedValues(): Promise<[sealed: string, context: string][]> {
  const keys = await db().signingKey.findMany({ orderBy: { kid: "asc" } });
  const mails = await db().outboxMessage.findMany({ orderBy: { id: "asc" } });
  const versions = await db().settingsRevision.findMany({
    where: { panel: "mail" },
    orderBy: { version: "asc" },
  });
  return [
    ...keys.map(({ kid, sealedKey }): [string, string] => [sealedKey, sealedFor(kid)]),
    ...mails.flatMap(({ kind, sealedPayload }): [string, string][] =>
      sealedPayload ? [[sealedPayload, `outbox:${kind}`]] : [],
    ),
    ...versions.flatMap(({ values }): [string, string][] => {
      const { sealedPassword } = values as { sealedPassword?: string };
      return sealedPassword ? [[sealedPassword, "mail:password"]] : [];
    }),
  ];
}

/** Seals two signing keys, three mails, of which one is sent, and a mail password in two of three versions of its panel. */
async function sealAll(): Promise<void> {
  const ada = await administrator();
  const key = randomBytes(64).toString("base64");
  const jwt = { version: 1, values: jwtSettingsDefaults, key, mode: "keep", password: null } as const;
  expect(await updateJwtSecurity(ada, jwt)).toMatchObject({ ok: true });
  await queueMail("account-activated");
  await queueMail("password-reset");
  const sent = await queueMail("password-reset");
  await db().outboxMessage.update({ where: { id: sent }, data: { state: "SENT", sealedPayload: null } });
  const server = { ...mailSettingsDefaults, host: "mail.example.org", user: "gate", removesPassword: false };
  for (const [version, values] of [
    { ...server, password: "hunter2" },
    { ...server, password: null, port: 2525 },
    { ...server, password: null, user: null, removesPassword: true },
  ].entries())
    expect(await updateMailSettings(ada, { version, values })).toMatchObject({ ok: true });
  await db().auditEvent.deleteMany();
}

describe("replacing the sealing key", () => {
  it("seals everything anew, and changes nothing else", async () => {
    await sealAll();
    const otherPanels = () =>
      db().settingsRevision.findMany({
        where: { panel: { not: "mail" } },
        orderBy: [{ panel: "asc" }, { version: "asc" }],
      });
    const [before, othersBefore] = [await sealedValues(), await otherPanels()];
    const plain = before.map(([sealed, context]) => unseal(sealed, context).toString("base64"));
    expect(before).toHaveLength(6);
    expect(await rotate()).toEqual({ ok: true, signingKeys: 2, mails: 2, passwords: 2 });
    const after = await sealedValues();
    const back = resealer(NEXT, from());
    expect(
      after.map(([sealed, context]) => unseal(back(sealed, context), context).toString("base64")),
    ).toEqual(plain);
    for (const [sealed, context] of after) expect(canUnseal(from(), sealed, context)).toBe(false);
    expect(after.map(([, context]) => context)).toEqual(before.map(([, context]) => context));
    expect(await otherPanels()).toEqual(othersBefore);
    // Equal sealed texts stay equal: the comparison of two versions of a panel relies on it.
    expect(after[4]?.[0]).toBe(after[5]?.[0]);
    expect(await db().auditEvent.findMany()).toMatchObject([
      { kind: "secret-key-rotated", actorEmail: "host", details: { signingKeys: 2, mails: 2, passwords: 2 } },
    ]);
  });

  it("takes any number of mails", async () => {
    const sealedPayload = seal("{}", "outbox:password-reset");
    const row = { kind: "password-reset", recipient: "a@example.org", sealedPayload, messageId: "<1@x>" };
    const times = { createdAt: new Date(), dueAt: new Date() };
    // Random ids, so that the rows are not stored in their order.
    const data = Array.from({ length: 1_203 }, () => ({ ...row, ...times, id: randomUUID() }));
    await db().outboxMessage.createMany({ data });
    expect(await rotate()).toMatchObject({ ok: true, mails: 1_203 });
    for (const [sealed, context] of await sealedValues()) expect(canUnseal(NEXT, sealed, context)).toBe(true);
  });

  it.each<[string, object, (tx: Db) => Promise<unknown>]>([
    [
      "a mail that is being queued",
      { mails: 1 },
      (tx) => enqueueMail(tx, { kind: "test", recipient: "a@example.org", userId: null, values }, new Date()),
    ],
    [
      "a mail server's password that is being saved",
      { passwords: 1 },
      (tx) => {
        const facts = { sealedPassword: seal("hunter2", "mail:password") };
        const saved = { values: mailSettingsDefaults, facts, savedAt: new Date(), savedByEmail: "host" };
        return insertRevision(tx, "mail", { version: 1, ...saved });
      },
    ],
  ])("waits for %s, and seals it too", async (_what, resealed, write) => {
    const rotated = await db().$transaction(async (tx) => {
      await write(tx);
      const rotating = rotate();
      await expect.poll(countWaiting).toBe(1);
      return { rotating };
    });
    expect(await rotated.rotating).toMatchObject({ ok: true, ...resealed });
  });

  it("is refused with a wrong old key, and changes nothing", async () => {
    await sealAll();
    const before = await sealedValues();
    await expect(rotate({ from: randomBytes(32) })).rejects.toThrow(/SECRET_KEY is not the key/);
    expect(await sealedValues()).toEqual(before);
    expect(await db().auditEvent.count()).toBe(0);
  });

  it("changes nothing when one value among them is damaged", async () => {
    await sealAll();
    const [mail] = await db().outboxMessage.findMany({ orderBy: { id: "desc" }, where: { state: "QUEUED" } });
    const sealed = mail?.sealedPayload ?? "";
    const flipped = sealed.slice(0, -4) + (sealed.at(-4) === "A" ? "B" : "A") + sealed.slice(-3);
    await db().outboxMessage.updateMany({ where: { id: mail?.id ?? "" }, data: { sealedPayload: flipped } });
    const before = await sealedValues();
    await expect(rotate()).rejects.toThrow(/is damaged/);
    expect(await sealedValues()).toEqual(before);
  });

  it("says that it was done before, or that there is nothing to do", async () => {
    expect(await rotate({ to: from() })).toEqual({ ok: false, code: "same-key" });
    await rotate();
    expect(await rotate()).toEqual({ ok: false, code: "already-rotated" });
  });

  it("is done once by two at the same time", async () => {
    const answers = await Promise.all([rotate(), rotate()]);
    expect(answers.map((answer) => (answer.ok ? "ok" : answer.code)).sort()).toEqual([
      "already-rotated",
      "ok",
    ]);
    expect(await db().auditEvent.count({ where: { kind: "secret-key-rotated" } })).toBe(1);
  });

  it("is for the host alone", async () => {
    for (const actor of [anonymous(), await administrator()])
      await expect(rotateSecretKey(actor, { from: from(), to: NEXT })).rejects.toMatchObject({
        code: "forbidden",
      });
  });
});

it("knows every place where something is sealed", () => {
  const sources = readdirSync("lib", { recursive: true, encoding: "utf8" }).filter((file) =>
    /(?<!\.test)\.ts$/.test(file),
  );
  const sealing = sources.filter((file) =>
    /(?<![.\w])seal\(/.test(readFileSync(path.join("lib", file), "utf8").replace(/function seal\(/, "")),
  );
  // A new place must be added to `rotateSecretKey` as well.
  expect(sealing.sort()).toEqual(["mail/outbox.ts", "mail/service/mail-settings.ts", "tokens/key-ring.ts"]);
});
