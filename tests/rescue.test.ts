import { beforeEach, describe, expect, it, vi } from "vitest";
import { linkOwner } from "@/lib/accounts/service/link-owner";
import { choosePassword } from "@/lib/accounts/service/new-password";
import { logIn } from "@/lib/auth/service/log-in";
import { host } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { log } from "@/lib/core/log";
import { updateJwtSecurity } from "@/lib/jwt-security/service/save-settings";
import { rescueCreate, rescueLink, rescueUnlock } from "@/lib/rescue/service/accounts";
import { rescueResetPanel, rescueShowSettings } from "@/lib/rescue/service/settings";
import { authenticate } from "@/lib/sessions/service/authenticate";
import { settingsInForce } from "@/lib/settings/service";
import type { Prisma } from "@/prisma/generated/client";
import { makeSettings, makeUser, PASSWORD } from "./support/accounts";
import { administrator, anonymous, loggedIn } from "./support/actors";
import { countWaiting, emptyDatabase } from "./support/database";
import { makeLink } from "./support/links";
import { secretOf } from "./support/outbox";
import { whileProgramsSave } from "./support/programs";

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings();
  await db().auditEvent.deleteMany();
});

const trail = async () =>
  (await db().auditEvent.findMany({ orderBy: { id: "asc" } })).map(({ kind, actorEmail, address }) => [
    kind,
    actorEmail,
    address,
  ]);

describe("on the host", () => {
  it("an administrator is created, chooses a password and logs in", async () => {
    const created = await rescueCreate(host, { email: "new@example.org", authority: "SYS_ADMIN" });
    const secret = created.ok ? secretOf(created.link.url) : "";
    expect(
      await choosePassword(anonymous(), { purpose: "ACTIVATION", secret, password: PASSWORD }),
    ).toMatchObject({ ok: true });
    expect(
      await logIn(anonymous(), { email: "new@example.org", password: PASSWORD, kind: "BROWSER" }),
    ).toMatchObject({ ok: true });
    expect((await trail()).slice(0, 2)).toEqual([
      ["account-created", "host", "host"],
      ["link-issued", "host", "host"],
    ]);
    expect((await db().outboxMessage.findMany()).map(({ kind, recipient }) => [kind, recipient])).toEqual([
      ["account-activated", "new@example.org"],
    ]);
    expect(await rescueCreate(host, { email: "NEW@example.org", authority: "SYS_ADMIN" })).toEqual({
      ok: false,
      code: "taken",
    });
  });

  it("a lock is lifted, and no link is left that could lift the next", async () => {
    const { id, email } = await makeUser({ lockedAt: new Date(), failedAttempts: 5 });
    const unlock = await makeLink(id, "UNLOCK");
    const reset = await makeLink(id, "PASSWORD_RESET");
    expect(await rescueUnlock(host, { email: email.toUpperCase() })).toEqual({ ok: true });
    expect(await rescueUnlock(host, { email })).toEqual({ ok: false, code: "not-locked" });
    expect(await trail()).toEqual([["account-unlocked", "host", "host"]]);
    expect(await linkOwner("UNLOCK", unlock.secret)).toBeNull();
    expect(await linkOwner("PASSWORD_RESET", reset.secret)).not.toBeNull();
    expect(await logIn(anonymous(), { email, password: PASSWORD, kind: "BROWSER" })).toMatchObject({
      ok: true,
    });
  });

  it("a lock of a disabled account stays, because its owner could not log in without it either", async () => {
    const lock = { lockedAt: new Date(), failedAttempts: 5 };
    const { id, email } = await makeUser({ state: "DISABLED", ...lock });
    expect(await rescueUnlock(host, { email })).toEqual({ ok: false, code: "disabled" });
    expect(await db().user.findUnique({ where: { id } })).toMatchObject(lock);
    expect(await trail()).toEqual([]);
  });

  it.each([
    ["ACTIVE", "/reset-password"],
    ["INVITED", "/activate"],
  ] as const)("an account that is %s gets a link to %s", async (state, path) => {
    const { email } = await makeUser({ state });
    const handed = await rescueLink(host, { email });
    expect(handed.ok && new URL(handed.link.url).pathname).toBe(path);
  });

  it("of two links that are asked for at once only one works", async () => {
    const { email } = await makeUser();
    const handed = await db().$transaction(async (tx) => {
      await tx.$executeRaw`LOCK TABLE account_links IN SHARE MODE`;
      const both = Promise.all([rescueLink(host, { email }), rescueLink(host, { email })]);
      await expect.poll(countWaiting).toBe(2);
      return { both };
    });
    const works = (await handed.both).map(async (one) =>
      one.ok ? await linkOwner("PASSWORD_RESET", secretOf(one.link.url)) : null,
    );
    expect((await Promise.all(works)).filter((owner) => owner !== null)).toHaveLength(1);
  });

  describe("while the account is being changed", () => {
    /** Answers what `work` returns when it began before a change of the account's row was committed. */
    async function during<T>(id: string, data: Prisma.UserUpdateInput, work: () => Promise<T>) {
      const { answer } = await db().$transaction(async (tx) => {
        await tx.user.update({ where: { id }, data });
        const answer = work();
        await expect.poll(countWaiting).toBe(1);
        return { answer };
      });
      return answer;
    }

    it("one that is being activated gets a link that works", async () => {
      const { id, email } = await makeUser({ state: "INVITED" });
      const handed = await during(id, { state: "ACTIVE" }, () => rescueLink(host, { email }));
      expect(handed.ok && new URL(handed.link.url).pathname).toBe("/reset-password");
    });

    it("one that gets another address has the former one no longer", async () => {
      const { id, email } = await makeUser({ lockedAt: new Date() });
      const changed = { email: "new@example.org", emailKey: "new@example.org" };
      expect(await during(id, changed, () => rescueUnlock(host, { email }))).toEqual({
        ok: false,
        code: "unknown-account",
      });
      expect(await db().user.findUnique({ where: { id } })).toMatchObject({ lockedAt: expect.any(Date) });
      expect(await db().auditEvent.count()).toBe(0);
    });
  });

  it("a disabled or unknown account gets none", async () => {
    const { email } = await makeUser({ state: "DISABLED" });
    expect(await rescueLink(host, { email })).toEqual({ ok: false, code: "disabled" });
    expect(await rescueLink(host, { email: "nobody@example.org" })).toEqual({
      ok: false,
      code: "unknown-account",
    });
    expect(await db().auditEvent.count()).toBe(0);
  });

  it("a panel goes back to its defaults, and the issuer stays", async () => {
    await makeSettings({
      general: { maxFailedLoginAttempts: 1 },
      jwt: { tokenIssuer: "elsewhere", tokenExpirationTime: 60 },
    });
    await rescueResetPanel(host, "general");
    await rescueResetPanel(host, "jwt");
    const { general, jwt } = await settingsInForce();
    expect(general.values.maxFailedLoginAttempts).toBe(5);
    expect(jwt.values).toEqual({
      tokenIssuer: "elsewhere",
      tokenExpirationTime: 9_000,
      refreshTokenExpTime: 604_800,
    });
    expect(jwt.facts.keyFingerprint).toBeDefined();
    expect(await trail()).toEqual([
      ["settings-changed", "host", "host"],
      ["settings-changed", "host", "host"],
    ]);
  });

  it("the JWT panel's defaults hold for whoever is logged in, as if the panel were saved", async () => {
    await makeSettings({ jwt: { refreshTokenExpTime: 2_000_000 } });
    const now = new Date();
    const { sessionId } = await loggedIn(await makeUser(), { now });
    await rescueResetPanel(host, "jwt");
    const { renewableUntil } = await db().session.findUniqueOrThrow({ where: { id: sessionId } });
    expect(renewableUntil).toEqual(new Date(now.getTime() + 604_800_000));
  });

  it("the JWT panel is reset also when the sessions cannot be ended now", async () => {
    await makeSettings({ jwt: { refreshTokenExpTime: 2_000_000 } });
    await loggedIn(await makeUser());
    await db().$executeRaw`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$`;
    await db().$executeRaw`
      CREATE TRIGGER refused BEFORE UPDATE ON sessions FOR EACH ROW EXECUTE FUNCTION refuse()`;
    const said = vi.spyOn(log(), "error");
    try {
      await rescueResetPanel(host, "jwt");
      expect(said.mock.calls).toEqual([[{ event: "session-sweep-failed", err: expect.any(Error) }]]);
    } finally {
      said.mockRestore();
      await db().$executeRaw`DROP FUNCTION refuse CASCADE`;
    }
    expect((await settingsInForce()).jwt.values.refreshTokenExpTime).toBe(604_800);
  });

  it("an issuer that is damaged in the settings comes back as the key has it, and nobody is signed out", async () => {
    await makeSettings({ jwt: { tokenIssuer: "elsewhere" } });
    const { token } = await loggedIn(await makeUser());
    await db().$executeRaw`
      UPDATE settings_revisions SET "values" = jsonb_set("values", '{tokenIssuer}', '7') WHERE panel = 'jwt'`;
    expect((await settingsInForce()).jwt).toMatchObject({ damaged: ["tokenIssuer"] });
    await rescueResetPanel(host, "jwt");
    const { values, damaged } = (await settingsInForce()).jwt;
    expect({ issuer: values.tokenIssuer, damaged }).toEqual({ issuer: "elsewhere", damaged: [] });
    expect(await authenticate(token, "BROWSER", anonymous())).not.toBeNull();
    const saved = { version: 3, values, key: null, mode: null, password: null };
    expect(await updateJwtSecurity(await administrator(), saved)).toMatchObject({ ok: true });
  });

  it.each([
    ["general", { maxFailedLoginAttempts: 5 }],
    ["jwt", { tokenExpirationTime: 9_000 }],
  ] as const)("the %s panel goes back although programs save without end", async (panel, values) => {
    await makeSettings({ general: { maxFailedLoginAttempts: 1 }, jwt: { tokenExpirationTime: 60 } });
    await whileProgramsSave(panel, () => rescueResetPanel(host, panel));
    expect((await settingsInForce())[panel].values).toMatchObject(values);
  });

  it("two resets at once both come to their end", async () => {
    await makeSettings({ general: { maxFailedLoginAttempts: 1 } });
    await Promise.all([rescueResetPanel(host, "general"), rescueResetPanel(host, "general")]);
    expect((await settingsInForce()).general.values.maxFailedLoginAttempts).toBe(5);
  });
});

it("nobody else may, not even an administrator", async () => {
  for (const actor of [anonymous(), await administrator()]) {
    const named = { email: "a@example.org" };
    for (const verb of [
      () => rescueCreate(actor, { ...named, authority: "SYS_ADMIN" }),
      () => rescueUnlock(actor, named),
      () => rescueLink(actor, named),
      () => rescueShowSettings(actor),
      () => rescueResetPanel(actor, "general"),
    ]) {
      await expect(verb()).rejects.toMatchObject({ code: "forbidden" });
    }
  }
});
