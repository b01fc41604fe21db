import { randomBytes } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { findLink } from "@/lib/accounts/links/store";
import { choosePassword } from "@/lib/accounts/service/new-password";
import { resetPassword } from "@/lib/accounts/service/reset-password";
import { unlockByLink } from "@/lib/accounts/service/unlock";
import type { User } from "@/lib/accounts/store";
import { db } from "@/lib/core/db";
import { digestOf } from "@/lib/core/secrets";
import { makeSettings, makeUser } from "./support/accounts";
import { anonymous } from "./support/actors";
import { countWaiting, emptyDatabase } from "./support/database";
import { makeLink } from "./support/links";

const NOW = new Date("2026-03-01T12:00:00Z");
const HOUR_MS = 3_600_000;
const later = (ms: number) => new Date(NOW.getTime() + ms);
const password = "another gate, another house";

type Purpose = "ACTIVATION" | "PASSWORD_RESET" | "PASSWORD_EXPIRED" | "UNLOCK";
const purposes: [Purpose, User["state"]][] = [
  ["ACTIVATION", "INVITED"],
  ["PASSWORD_RESET", "ACTIVE"],
  ["PASSWORD_EXPIRED", "ACTIVE"],
  ["UNLOCK", "ACTIVE"],
];

/** Submits a link as its page's form does. */
const submit = (purpose: Purpose, secret: string, at = later(1)) =>
  purpose === "UNLOCK"
    ? unlockByLink(anonymous(), secret, at)
    : choosePassword(anonymous(), { purpose, secret, password }, at);

const auditRows = () => db().auditEvent.findMany({ where: { kind: "link-refused" }, orderBy: { id: "asc" } });

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings({}, { savedAt: NOW });
});

describe.each(purposes)("a link for %s that is submitted", (purpose, state) => {
  const ends: [string, (link: { id: string; secret: string }, user: User) => Promise<unknown>][] = [
    ["used", ({ secret }) => submit(purpose, secret)],
    ["superseded", (_link, { id }) => makeLink(id, purpose, later(1))],
    ["expired", ({ id }) => db().accountLink.update({ where: { id }, data: { expiresAt: later(1) } })],
    ["account-changed", (_link, { id }) => db().user.update({ where: { id }, data: { state: "DISABLED" } })],
  ];

  it.each(ends)("when it is %s is told of, once in a minute, and without its secret", async (reason, end) => {
    const user = await makeUser({ state });
    const link = await makeLink(user.id, purpose, NOW);
    await end(link, user);
    for (let i = 2; i < 6; i += 1) {
      expect(await submit(purpose, link.secret, later(i))).toEqual({ ok: false, code: "link-unusable" });
    }
    const events = await auditRows();
    expect(events).toMatchObject([
      { at: later(2), actorEmail: "", subjectId: user.id, subjectEmail: user.email },
    ]);
    expect(events[0]?.details).toEqual({ purpose, reason });
  });

  it("and never was one leaves nothing that anybody could fill the audit with", async () => {
    await makeLink((await makeUser({ state })).id, purpose, NOW);
    const before = await db().rateLimit.count();
    for (let i = 0; i < 3; i += 1) await submit(purpose, randomBytes(32).toString("base64url"));
    expect(await auditRows()).toEqual([]);
    expect(await db().rateLimit.count()).toBe(before);
  });
});

it("of many submits of one link at once, those that lose leave one event", async () => {
  const { secret } = await makeLink((await makeUser()).id, "PASSWORD_RESET", NOW);
  const results = await Promise.all(Array.from({ length: 8 }, () => submit("PASSWORD_RESET", secret)));
  expect(results.filter(({ ok }) => ok)).toHaveLength(1);
  expect((await auditRows()).map(({ details }) => details)).toEqual([
    { purpose: "PASSWORD_RESET", reason: "used" },
  ]);
});

it("of an account’s many links no more are told of in a minute than would fill the audit", async () => {
  const [user, other] = [await makeUser(), await makeUser()];
  const secrets = [];
  for (let i = 0; i < 14; i += 1) secrets.push((await makeLink(user.id, "PASSWORD_RESET", NOW)).secret);
  const [again = ""] = secrets;
  // One that is submitted again and again leaves room for the others.
  for (const secret of [...Array(10).fill(again), ...secrets])
    await submit("PASSWORD_RESET", secret, later(HOUR_MS));
  expect(await auditRows()).toHaveLength(10);
  const { secret } = await makeLink(other.id, "PASSWORD_RESET", NOW);
  await submit("PASSWORD_RESET", secret, later(HOUR_MS));
  expect(await auditRows()).toHaveLength(11);
});

it("a link that works is not told of where only the password is refused", async () => {
  const { secret } = await makeLink((await makeUser()).id, "PASSWORD_RESET", NOW);
  const input = { secret, password: "short" };
  expect(await resetPassword(anonymous(), input, later(1))).toMatchObject({ code: "violates-policy" });
  expect(await auditRows()).toEqual([]);
});

it("a token that may be of either kind is told of as what it is", async () => {
  const { secret } = await makeLink((await makeUser()).id, "PASSWORD_EXPIRED", NOW);
  await resetPassword(anonymous(), { secret, password }, later(HOUR_MS));
  expect((await auditRows()).map(({ details }) => details)).toEqual([
    { purpose: "PASSWORD_EXPIRED", reason: "expired" },
  ]);
});

it("a link whose account is deleted while it is looked up is found with its owner, or not at all", async () => {
  const { id } = await makeUser();
  const { secret } = await makeLink(id, "UNLOCK", NOW);
  const { lookUp } = await db().$transaction(async (tx) => {
    await tx.$executeRaw`LOCK TABLE users IN ACCESS EXCLUSIVE MODE`;
    const lookUp = findLink(db(), digestOf(secret), "UNLOCK");
    await expect.poll(countWaiting).toBe(1);
    await tx.user.delete({ where: { id } });
    return { lookUp };
  });
  expect(await lookUp).toBeNull();
});
