import { randomUUID } from "node:crypto";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { lockUserRow } from "@/lib/accounts/store";
import type { Person } from "@/lib/core/actor";
import { type Db, db, driver } from "@/lib/core/db";
import { onePerProcess } from "@/lib/core/one-per-process";
import { changeInTurn } from "@/lib/request/turns";
import { endSessionRow } from "@/lib/sessions/endings/store";
import { lockSessionRow } from "@/lib/sessions/store";
import { makeSettings } from "../support/accounts";
import { countWaiting, emptyDatabase } from "../support/database";
import { hold } from "../support/hold";
import { call, outcome, tokensOf } from "../support/rest";

beforeEach(async () => {
  await emptyDatabase();
  await makeSettings();
});
afterAll(emptyDatabase);

const DEEP_LINK = "/api/mobile/qr/deepLink";

/** Locks a row, so that calls that change it wait. @returns a function that releases it */
async function holdRow(lock: (tx: Db) => Promise<unknown>): Promise<() => Promise<void>> {
  const { held: released, release } = hold();
  let holding = Promise.resolve();
  await new Promise<void>((resolve) => {
    holding = db().$transaction(async (tx) => {
      await lock(tx);
      resolve();
      await released;
    });
  });
  return () => {
    release();
    return holding;
  };
}

const holdAccount = (userId: string) => holdRow((tx) => lockUserRow(tx, userId));

/**
 * Sends 20 calls that wait for a held row, and expects that only `atOnce` of them wait in the database, so that another
 * person's call gets a connection.
 * @param release releases the row
 * @returns the outcomes of the 20, once the row is released
 */
async function outcomesOfCrowd(
  release: () => Promise<void>,
  atOnce: number,
  send: (n: number) => ReturnType<typeof call>,
) {
  const { token: another } = await tokensOf();
  const waiting = Array.from({ length: 20 }, (_, n) => send(n));
  try {
    await expect.poll(countWaiting).toBe(atOnce);
    expect(outcome(await call("GET", DEEP_LINK, { token: another }))).toEqual([200, null]);
    expect(await countWaiting()).toBe(atOnce);
  } finally {
    await release();
  }
  return (await Promise.all(waiting)).map(outcome);
}

it("leaves connections to others while one person's calls wait for each other", async () => {
  const { user, token } = await tokensOf();
  const release = await holdAccount(user.id);
  const outcomes = await outcomesOfCrowd(release, 2, () => call("GET", DEEP_LINK, { token }));
  expect(outcomes).toEqual(Array(20).fill([200, null]));
});

it("does not hold up the same person's calls from another network, nor those that only read", async () => {
  const { user, token } = await tokensOf();
  const release = await holdAccount(user.id);
  const waiting = Array.from({ length: 3 }, () => call("GET", DEEP_LINK, { token }));
  try {
    await expect.poll(countWaiting).toBe(2);
    expect(outcome(await call("GET", "/api/auth/user", { token }))).toEqual([200, null]);
    const logout = await call("POST", "/api/auth/logout", { token, address: "198.51.100.4" });
    expect(outcome(logout)).toEqual([200, null]);
    expect(await countWaiting()).toBe(2);
  } finally {
    await release();
  }
  await Promise.all(waiting);
});

it("leaves connections to others also if one person's calls come from many networks", async () => {
  const { user, token } = await tokensOf();
  const release = await holdAccount(user.id);
  const outcomes = await outcomesOfCrowd(release, 4, (n) =>
    call("GET", DEEP_LINK, { token, address: `198.51.100.${n}` }),
  );
  expect(outcomes).toEqual(Array(20).fill([200, null]));
});

it("leaves connections to others while one app's secret is used from many networks", async () => {
  const { user, token } = await tokensOf();
  const { text } = await call("GET", DEEP_LINK, { token });
  const secret = new URL(JSON.parse(text)).searchParams.get("secret");
  const release = await holdAccount(user.id);
  const outcomes = await outcomesOfCrowd(release, 1, (n) =>
    call("GET", `/api/noauth/qr/${secret}`, { address: `198.51.100.${n}` }),
  );
  expect(outcomes.filter(([status]) => status === 200)).toHaveLength(1);
  expect(outcomes.filter(([status]) => status === 401)).toHaveLength(19);
});

it("leaves connections to others while one session's refresh token is used many times at once", async () => {
  const { person, refreshToken } = await tokensOf();
  const release = await holdRow((tx) => lockSessionRow(tx, person.sessionId, new Date()));
  const outcomes = await outcomesOfCrowd(release, 1, () =>
    call("POST", "/api/auth/token", { body: { refreshToken } }),
  );
  expect(outcomes).toEqual(Array(20).fill([200, null]));
});

describe("a change that has waited", () => {
  it.each<[string, (of: Person) => Promise<unknown>]>([
    [
      "session has ended",
      ({ sessionId }) => endSessionRow(driver(), sessionId, "ended-by-owner", new Date()),
    ],
    // A person with thousands of sessions loses them in batches, after the account has changed.
    [
      "account is disabled",
      ({ userId: id }) => db().user.update({ where: { id }, data: { state: "DISABLED" } }),
    ],
    [
      "authority is another",
      ({ userId: id }) => db().user.update({ where: { id }, data: { authority: "SYS_ADMIN" } }),
    ],
  ])("is nobody's if meanwhile the person's %s", async (_what, withdraw) => {
    const { person } = await tokensOf();
    const stays = await tokensOf();
    const { held, release } = hold();
    const before = [person, person, stays.person, stays.person].map((actor) =>
      changeInTurn(actor, () => held),
    );
    const after = [person, stays.person].map((actor) => changeInTurn(actor, ({ kind }) => kind));
    await withdraw(person);
    release();
    await Promise.all(before);
    expect(await Promise.all(after)).toEqual(["anonymous", "person"]);
  });

  it("is nobody's if meanwhile its token's key is refused, also in a session that goes on with another", async () => {
    const { person } = await tokensOf();
    const current = await db().signingKey.findFirstOrThrow();
    const verifying = { kid: randomUUID(), verifyUntil: new Date(Date.now() + 60_000) };
    const { kid } = await db().signingKey.create({ data: { ...current, ...verifying } });
    const { held, release } = hold();
    const actor = { ...person, kid };
    const before = [1, 2].map(() => changeInTurn(actor, () => held));
    const after = changeInTurn(actor, ({ kind }) => kind);
    await db().signingKey.update({ where: { kid }, data: { retiredBy: "administrator" } });
    release();
    await Promise.all(before);
    expect(await after).toBe("anonymous");
  });

  it("is nobody's also if it waited for calls from other networks alone", async () => {
    const { person } = await tokensOf();
    const { held, release } = hold();
    const [last, ...others] = Array.from({ length: 5 }, (_, n) => ({
      ...person,
      address: `198.51.100.${n}`,
    }));
    const before = others.map((actor) => changeInTurn(actor, () => held));
    const after = changeInTurn(last as Person, ({ kind }) => kind);
    await endSessionRow(driver(), person.sessionId, "ended-by-owner", new Date());
    release();
    await Promise.all(before);
    expect(await after).toBe("anonymous");
  });

  it("is refused to a program as a token that is over, and not made", async () => {
    const { person, token } = await tokensOf();
    const { held, release } = hold();
    const before = [1, 2].map(() => changeInTurn(person, () => held));
    const after = call("GET", DEEP_LINK, { token, address: person.address });
    const gates = onePerProcess<{ waiting: number }>("changes from a network");
    await expect.poll(() => gates.get(() => ({ waiting: 0 })).waiting).toBe(1);
    await endSessionRow(driver(), person.sessionId, "ended-by-owner", new Date());
    release();
    await Promise.all(before);
    expect(outcome(await after)).toEqual([401, 11]);
    expect(await db().mobileSecret.count()).toBe(0);
  });
});
