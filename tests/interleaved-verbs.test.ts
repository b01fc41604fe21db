import { afterAll, beforeAll, expect, it } from "vitest";
import { db } from "@/lib/core/db";
import { jwtSettingsDefaults } from "@/lib/settings/jwt/schema";
import { generateSigningKey } from "@/lib/tokens/key-ring";
import { type MadeUser, makeSettings, makeUser, PASSWORD } from "./support/accounts";
import { anonymous, loggedIn } from "./support/actors";
import { emptyDatabase } from "./support/database";
import { startJitterRelay } from "./support/jitter-relay";
import { makeLink } from "./support/links";
import type { PersonalVerb } from "./support/worker";
import { startWorkers, stopWorkers, type Worker } from "./support/workers";

/** Mulberry32, for the same choices in every run. How the statements interleave still depends on the machine. */
function chancesFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

// Two servers concurrently run what people ask for, and what a thief of one of their sessions may ask for. Each result
// must be one that some sequential order could have given (serializability); this test looks for results that none can.

const chance = chancesFrom(1);
const oneOf = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)] as T;

/** The number of wrong passwords that locks an account. */
const LIMIT = 3;
const ROUNDS = 16;
const AT_ONCE = 10;
/** The kinds of audit event that each successful verb writes exactly once. */
const AUDITED_KINDS = [
  "login-succeeded",
  "password-changed",
  "account-disabled",
  "account-deleted",
  "settings-changed",
] as const;

let workers: Worker[];
let relay: Awaited<ReturnType<typeof startJitterRelay>>;
beforeAll(async () => {
  relay = await startJitterRelay(process.env.DATABASE_URL ?? "", chancesFrom(2));
  workers = await startWorkers(2, { DATABASE_URL: relay.url });
});
afterAll(async () => {
  await stopWorkers(workers);
  relay.stop();
});

/** A program's tokens, and their origin. */
type Held = {
  owner: MadeUser;
  token: string;
  refreshToken: string;
  /** The ids of the sessions that it was signed in from, in order, and last its own. */
  lineage: readonly string[];
  /** When the password behind it was last proved. */
  provedAt: number;
};
/** A verb that ended sessions: when it was called, and whether it ends a given one. */
type End = { what: string; askedAt: number; mustEnd: (held: Held) => boolean };

/** The state of one round: what it starts with, and what its verbs have done. */
type Round = {
  people: MadeUser[];
  held: Held[];
  ends: End[];
  codes: { secret: string; from: Held; uses: number }[];
  links: { secret: string; owner: MadeUser; uses: number }[];
  /** Each password that was set, with its owner. */
  chosen: string[];
  /** The number of successful calls, by the kind of audit event that they write. */
  done: Record<string, number>;
};

const sessionOf = (token: string): string =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()).sessionId;

function hold(
  { held }: Round,
  owner: MadeUser,
  pair: { token: string; refreshToken?: string | null },
  { from = [], provedAt = performance.now() }: { from?: Held["lineage"]; provedAt?: number } = {},
): Held {
  const { token, refreshToken } = pair;
  const lineage = [...from, sessionOf(token)];
  const one = { owner, token, refreshToken: refreshToken ?? "", lineage, provedAt };
  held.push(one);
  return one;
}

let turn = 0;
function server(): Worker {
  turn += 1;
  return workers[turn % workers.length] as Worker;
}

async function begin(): Promise<Round> {
  await emptyDatabase();
  await makeSettings({
    general: { maxFailedLoginAttempts: LIMIT, loginAttemptsPerAddressPerMinute: null },
    password: { passwordReuseFrequencyDays: 1 },
  });
  const authorities = ["SYS_ADMIN", "SYS_ADMIN", "CUSTOMER_USER", "CUSTOMER_USER"] as const;
  const people = await Promise.all(authorities.map((authority) => makeUser({ authority })));
  const round: Round = { people, held: [], ends: [], codes: [], links: [], chosen: [], done: {} };
  for (const owner of people) {
    const { person, ...pair } = await loggedIn(owner, { kind: "REST" });
    hold(round, owner, await loggedIn(owner, { kind: "REST" }));
    const made = await server().call("makeMobileCode", person);
    if (made.ok) round.codes.push({ secret: made.secret, from: hold(round, owner, pair), uses: 0 });
    round.links.push({ secret: (await makeLink(owner.id, "PASSWORD_RESET")).secret, owner, uses: 0 });
  }
  await db().auditEvent.deleteMany();
  return round;
}

type Act = (round: Round) => Promise<void>;

const note = ({ done }: Round, kind: string) => {
  done[kind] = (done[kind] ?? 0) + 1;
};

/** Calls a verb with a token. If it succeeds, notes in the round its event and the sessions that it must have ended. */
async function asOne(
  round: Round,
  by: Held,
  verb: PersonalVerb,
  { input, mustEnd, event }: { input?: object; mustEnd?: End["mustEnd"]; event?: string },
): Promise<{ token?: string; refreshToken?: string } | null> {
  const askedAt = performance.now();
  const answer = await server().call("callWithToken", by.token, verb, input);
  if (!answer.ok) return null;
  if (event) note(round, event);
  if (mustEnd) round.ends.push({ what: verb, askedAt, mustEnd });
  return answer;
}

const administrators = ({ held }: Round) => held.filter(({ owner }) => owner.authority === "SYS_ADMIN");
const descendsFrom = ({ lineage }: Held, by: Held) =>
  by.lineage.every((session) => lineage.includes(session));
const PASSWORDS = ["first new password", "second new password"];

/** The acts that end sessions. */
const endings: Record<string, Act> = {
  async endsOthers(round) {
    const by = oneOf(round.held);
    const mustEnd = (one: Held) => one.owner === by.owner && !descendsFrom(one, by);
    await asOne(round, by, "endOtherSessions", { mustEnd });
  },
  async endsEveryones(round) {
    const by = oneOf(administrators(round));
    const input = { includesOwn: false, word: "everyone" };
    await asOne(round, by, "endAllSessions", { input, mustEnd: (one) => !descendsFrom(one, by) });
  },
  async signsEveryoneOut(round) {
    const values = jwtSettingsDefaults;
    const input = { version: 1, values, key: generateSigningKey(), mode: "sign-out", password: null };
    const by = oneOf(administrators(round));
    await asOne(round, by, "updateJwtSecurity", { input, mustEnd: () => true, event: "settings-changed" });
  },
  async logsOut(round) {
    const by = oneOf(round.held);
    const session = by.lineage.at(-1);
    await asOne(round, by, "logOut", { mustEnd: ({ lineage }) => lineage.at(-1) === session });
  },
  async disables(round) {
    const owner = oneOf(round.people);
    const how = { input: { userId: owner.id }, mustEnd: (one: Held) => one.owner === owner };
    await asOne(round, oneOf(administrators(round)), "disableUser", { ...how, event: "account-disabled" });
  },
  async deletes(round) {
    const owner = oneOf(round.people);
    const input = { userId: owner.id, email: owner.email };
    const how = { input, mustEnd: (one: Held) => one.owner === owner, event: "account-deleted" };
    await asOne(round, oneOf(administrators(round)), "deleteUser", how);
  },
  async changes(round) {
    const by = oneOf(round.held);
    const newPassword = oneOf(PASSWORDS);
    const input = { currentPassword: PASSWORD, newPassword };
    const how = { input, mustEnd: (one: Held) => one.owner === by.owner, event: "password-changed" };
    const pair = await asOne(round, by, "changePasswordForTokens", how);
    if (!pair?.token) return;
    hold(round, by.owner, { ...pair, token: pair.token });
    round.chosen.push(`${newPassword} of ${by.owner.email}`);
  },
  async resets(round) {
    const link = oneOf(round.links);
    const [askedAt, password] = [performance.now(), oneOf(PASSWORDS)];
    const input = { purpose: "PASSWORD_RESET", secret: link.secret, password } as const;
    const answer = await server().call("choosePassword", anonymous(), input);
    if (!answer.ok) return;
    link.uses += 1;
    note(round, "password-changed");
    round.ends.push({ what: "choosePassword", askedAt, mustEnd: ({ owner }) => owner === link.owner });
    round.chosen.push(`${password} of ${link.owner.email}`);
  },
};

/** The acts that begin a session, continue from one, or make sessions continue with another key. */
const continuations: Record<string, Act> = {
  async exchanges(round) {
    const code = oneOf(round.codes);
    const { from } = code;
    const pair = await server().call("exchangeMobileSecret", anonymous(), { secret: code.secret });
    if (!pair.ok) return;
    code.uses += 1;
    note(round, "login-succeeded");
    hold(round, from.owner, pair, { from: from.lineage, provedAt: from.provedAt });
  },
  async refreshes(round) {
    const { owner, refreshToken, lineage, provedAt } = oneOf(round.held);
    const pair = await server().call("refreshTokens", anonymous(), { refreshToken });
    if (pair.ok) hold(round, owner, pair, { from: lineage.slice(0, -1), provedAt });
  },
  async changesKey(round) {
    const how = { version: 1, values: jwtSettingsDefaults, mode: "keep", password: null } as const;
    const input = { ...how, key: generateSigningKey() };
    await asOne(round, oneOf(administrators(round)), "updateJwtSecurity", {
      input,
      event: "settings-changed",
    });
  },
  async logsIn(round) {
    const owner = oneOf(round.people);
    const typed = { username: owner.email, password: oneOf([PASSWORD, ...PASSWORDS]) };
    const pair = await server().call("logInForTokens", anonymous(), typed);
    if (!pair.ok) return;
    note(round, "login-succeeded");
    hold(round, owner, pair);
  },
};

async function isLive({ token }: Held): Promise<boolean> {
  return (await server().call("authenticateBearer", token, anonymous())).ok;
}

/** The tokens that still work although a verb must have ended their session. */
async function survivors({ held, ends }: Round): Promise<string[]> {
  const found: string[] = [];
  for (const one of held) {
    const end = ends.find(({ askedAt, mustEnd }) => askedAt > one.provedAt && mustEnd(one));
    if (end && (await isLive(one)))
      found.push(`${one.owner.authority} ${one.lineage.join(" > ")} after ${end.what}`);
  }
  return found;
}

it("a verb that ends sessions on one server ends all of them, whatever continues from them on another", {
  timeout: 180_000,
}, async () => {
  const ways = Object.values(endings);
  let [ended, wentOn] = [0, 0];
  for (let n = 0; n < ROUNDS; n += 1) {
    const round = await begin();
    const [ending, more] = [ways[n % ways.length] as Act, oneOf(ways)];
    const acts = [
      ending,
      continuations.exchanges as Act,
      continuations.refreshes as Act,
      oneOf(Object.values(continuations)),
      more,
    ];
    await Promise.all(Array.from({ length: AT_ONCE }, (_, at) => acts[at % acts.length]?.(round)));

    ended += round.ends.length;
    wentOn += round.held.filter(({ lineage }) => lineage.length > 1).length;
    expect(await survivors(round)).toEqual([]);
    expect([...round.codes, ...round.links].filter(({ uses }) => uses > 1)).toEqual([]);
    expect(round.chosen.length).toBe(new Set(round.chosen).size);
    for (const person of await db().user.findMany()) {
      expect(person).toMatchObject({ attemptsInFlight: 0 });
      expect(person.failedAttempts).toBeLessThanOrEqual(LIMIT);
      const reachedLimit = person.failedAttempts === LIMIT;
      // An account that was disabled while its last wrong password was compared is not locked.
      if (person.state === "ACTIVE" || !reachedLimit) expect(person.lockedAt !== null).toBe(reachedLimit);
    }
    for (const kind of AUDITED_KINDS) {
      expect([kind, await db().auditEvent.count({ where: { kind } })]).toEqual([kind, round.done[kind] ?? 0]);
    }
    const administrator = { authority: "SYS_ADMIN", state: "ACTIVE" } as const;
    expect(await db().user.count({ where: administrator })).toBeGreaterThan(0);
  }
  // Otherwise every verb was refused, and the test has shown nothing.
  expect(ended).toBeGreaterThan(ROUNDS / 2);
  expect(wentOn).toBeGreaterThan(0);
});
