import { beforeEach, describe, expect, it } from "vitest";
import { issueLink } from "@/lib/accounts/links";
import { db } from "@/lib/core/db";
import { passwordPolicyDefaults } from "@/lib/settings/password/schema";
import { makeSettings, makeUser } from "../support/accounts";
import { emptyDatabase } from "../support/database";

import { call, outcome } from "../support/rest";

const PASSWORD = "another battery staple";
const HOUR_MS = 3_600_000;

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings();
});

const post = (path: string, body: unknown) => call("POST", `/api/noauth/${path}`, { body });

async function link(purpose: "ACTIVATION" | "PASSWORD_RESET", lifetimeMs = HOUR_MS) {
  const user = await makeUser({ state: purpose === "ACTIVATION" ? "INVITED" : "ACTIVE" });
  const now = new Date(Date.now() - 2 * HOUR_MS);
  const { secret } = await db().$transaction((tx) =>
    issueLink(tx, { userId: user.id, purpose, lifetimeMs: lifetimeMs + 2 * HOUR_MS, now }),
  );
  return { user, secret };
}

it("GET /api/noauth/userPasswordPolicy tells the ten rules, also to whoever sends a token that is none", async () => {
  const none = { token: "x.y.z", headers: { authorization: "Bearer x.y.z" } };
  for (const sent of [{}, none]) {
    const got = await call("GET", "/api/noauth/userPasswordPolicy", sent);
    expect(got.json).toEqual(passwordPolicyDefaults);
  }
});

describe.each([
  ["ACTIVATION", "activate?activateToken=", "/activate?token=", "/link-expired?kind=activation"],
  ["PASSWORD_RESET", "resetPassword?resetToken=", "/reset-password?token=", "/link-expired?kind=reset"],
] as const)("GET for a link of purpose %s", (purpose, path, page, expired) => {
  const get = (secret: string) => call("GET", `/api/noauth/${path}${secret}`);
  const base = "http://localhost:3000";

  it("leads to its page, as often as it is asked, and consumes nothing", async () => {
    const { secret } = await link(purpose);
    for (let n = 0; n < 2; n += 1) {
      const { status, headers } = await get(secret);
      expect([status, headers.get("location")]).toEqual([303, `${base}${page}${secret}`]);
    }
    expect(await db().accountLink.count({ where: { usedAt: null } })).toBe(await db().accountLink.count());
  });

  it("leads to the page for links that have ended", async () => {
    const { secret } = await link(purpose, -HOUR_MS);
    const { status, headers } = await get(secret);
    expect([status, headers.get("location")]).toEqual([303, `${base}${expired}`]);
  });

  it("knows no other", async () => {
    const other = await link(purpose === "ACTIVATION" ? "PASSWORD_RESET" : "ACTIVATION");
    for (const secret of ["x", other.secret, "%00", "a".repeat(3_000)]) {
      expect((await get(secret)).status).toBe(409);
    }
    expect(outcome(await call("GET", `/api/noauth/${path.split("?")[0]}`))).toEqual([400, 31]);
  });
});

describe("POST /api/noauth/activate", () => {
  it("activates, once, and logs in", async () => {
    const { user, secret } = await link("ACTIVATION");
    const body = { activateToken: secret, password: PASSWORD };
    const answers = await Promise.all(Array.from({ length: 5 }, () => post("activate", body)));
    const [won, ...lost] = answers.sort((a, b) => a.status - b.status);
    expect(lost.map(outcome)).toEqual(lost.map(() => [400, 31]));
    const me = await call("GET", "/api/auth/user", { token: String(won?.json.token) });
    expect(me.json).toMatchObject({ email: user.email });
    expect(await db().user.findUnique({ where: { id: user.id } })).toMatchObject({
      state: "ACTIVE",
      lastLoginAt: expect.any(Date),
    });
  });

  it("refuses what the policy does, and leaves the link", async () => {
    const { secret } = await link("ACTIVATION");
    expect(outcome(await post("activate", { activateToken: secret, password: "short" }))).toEqual([400, 31]);
    expect((await post("activate", { activateToken: secret, password: PASSWORD })).status).toBe(200);
  });

  it("leaves the link and the account as they were when nobody can be logged in", async () => {
    const { user, secret } = await link("ACTIVATION");
    const body = { activateToken: secret, password: PASSWORD };
    const { kid, sealedKey } = await db().signingKey.findFirstOrThrow();
    const seal = (text: string) => db().signingKey.update({ where: { kid }, data: { sealedKey: text } });
    await seal("v1.damaged");
    expect((await post("activate", body)).status).toBe(500);
    expect(await db().user.findUnique({ where: { id: user.id } })).toMatchObject({ state: "INVITED" });
    await seal(sealedKey);
    expect((await post("activate", body)).status).toBe(200);
  });

  it.each<[string, unknown]>([
    ["an unknown token", { activateToken: "x", password: PASSWORD }],
    ["nothing", {}],
    ["other types", { activateToken: 1, password: ["x"] }],
  ])("refuses %s", async (_name, body) => {
    expect(outcome(await post("activate", body))).toEqual([400, 31]);
  });

  it("refuses an expired link, and one of another purpose", async () => {
    const other = await link("PASSWORD_RESET");
    // As one to be activated, so that nothing else speaks against it.
    await db().user.update({ where: { id: other.user.id }, data: { state: "INVITED", passwordHash: null } });
    for (const { secret } of [await link("ACTIVATION", -HOUR_MS), other]) {
      expect(outcome(await post("activate", { activateToken: secret, password: PASSWORD }))).toEqual([
        400, 31,
      ]);
    }
  });
});

describe("POST /api/noauth/resetPasswordByEmail", () => {
  it("answers the same whoever is named", async () => {
    const { email } = await makeUser();
    for (const typed of [email, "nobody@example.org", "", "no address"]) {
      const { status, text } = await post("resetPasswordByEmail", { email: typed });
      expect([status, text]).toEqual([200, ""]);
    }
    expect(await db().resetRequest.count()).toBe(4);
  });

  it.each([{}, { email: 7 }, { email: ["a@example.org"] }])("refuses %j", async (body) => {
    expect(outcome(await post("resetPasswordByEmail", body))).toEqual([400, 31]);
  });
});

describe("POST /api/noauth/resetPassword", () => {
  it("replaces the password, once, and logs nobody in", async () => {
    const { user, secret } = await link("PASSWORD_RESET");
    const body = { resetToken: secret, password: PASSWORD };
    const got = await post("resetPassword", body);
    expect([got.status, got.text]).toEqual([200, ""]);
    expect(await db().session.count()).toBe(0);
    expect(outcome(await post("resetPassword", body))).toEqual([400, 31]);
    const credentials = { username: user.email, password: PASSWORD };
    expect((await call("POST", "/api/auth/login", { body: credentials })).status).toBe(200);
  });

  it("refuses what the policy does, and an activation's token", async () => {
    const { secret } = await link("PASSWORD_RESET");
    const poor = await post("resetPassword", { resetToken: secret, password: "x" });
    expect(outcome(poor)).toEqual([400, 31]);
    expect(poor.json.message).toBe("The password must have at least 12 characters; it has 1.");
    const other = await link("ACTIVATION");
    expect(outcome(await post("resetPassword", { resetToken: other.secret, password: PASSWORD }))).toEqual([
      400, 31,
    ]);
  });
});
