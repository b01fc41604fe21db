import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { expect } from "vitest";
import { describeLink } from "@/lib/accounts/service/link-owner";
import { logInForTokens } from "@/lib/auth/service/token-login";
import type { Person } from "@/lib/core/actor";
import { db, NIL_UUID as NOBODY } from "@/lib/core/db";
import { Refusal } from "@/lib/core/errors";
import { readKeyRing } from "@/lib/jwt-security/service/read-key-ring";
import { openPayload } from "@/lib/mail/outbox";
import type { MailKind } from "@/lib/mail/schema";
import { authenticate } from "@/lib/sessions/service/authenticate";
import { authenticateBearer } from "@/lib/sessions/service/bearer";
import { continueBrowserSession } from "@/lib/sessions/service/browser-session";
import { refreshTokens } from "@/lib/sessions/service/refresh";
import { currentKey } from "@/lib/tokens/key-ring";
import { describeUser } from "@/lib/users/service/describe-user";
import { listUsers } from "@/lib/users/service/list-users";
import { makeSettings, makeUser } from "../accounts";
import { anonymous } from "../actors";
import { emptyDatabase, resetRateLimits } from "../database";
import { secretOf } from "../outbox";
import { readToken } from "../tokens";
import { OPERATIONS } from "./account-model";
import { ConsoleModel } from "./console-model";
import { addressOf, byKindAndAddress, type Outcome, type Session, type Token } from "./session-model";

// Runs a history, step by step, with the verbs and with the model, and compares the two after each step.

const START = Date.parse("2026-03-01T12:00:00Z");
/**
 * Each step takes so long. A used refresh token's grace is no multiple of it, because it is measured by the database's
 * clock, to which a time is converted with an error of some milliseconds.
 */
const STEP_MS = 3_000;
/** How many are looked at after each step, the newest ones; at the end of a history, all are. */
const LOOKED_AT = { links: 2, sessions: 3, tokens: 1 };
const ALL: typeof LOOKED_AT = { links: Infinity, sessions: Infinity, tokens: Infinity };

/**
 * The addresses of a history, by their first part. The first two are those of administrators who have just logged in,
 * and the third one's is invited. The fourth is nobody's yet.
 */
export const NAMES = ["ada", "bob", "cyd", "dan"];

/** What people hold, such as the secrets of links and the tokens of sessions, in the order of the model's lists. */
export type Held = {
  now: Date;
  /** The id of each person's account, or of their latest one if that is deleted. */
  ids: Map<string, string>;
  secrets: string[];
  codes: string[];
  tokens: Tokens[];
  kids: string[];
};
type Tokens = { access: string[]; refresh: string[] };

/** What a verb answers, as far as a later step needs it. */
type Answer = {
  ok: boolean;
  code?: string;
  token?: string;
  refreshToken?: string | null;
  secret?: string;
  grant?: string;
  url?: string | null;
};

/** A step: a verb that is called, and what the model does instead. */
type Step = {
  name: string;
  /** Returns whether the step can be taken. One with a link, for example, cannot before there is one. */
  isPossible?: (model: ConsoleModel) => boolean;
  /** Calls the verb. The model is still as before the step. */
  call: (held: Held, model: ConsoleModel) => Promise<Answer>;
  expected: (model: ConsoleModel) => Outcome;
};

export class Command implements fc.AsyncCommand<ConsoleModel, Held> {
  /** @param isTakenAnyway also if it changes nothing */
  constructor(
    private readonly step: Step,
    private readonly isTakenAnyway = true,
  ) {}

  /** The same step, left out where it changes nothing, as most steps do in most states: it would teach little. */
  ifItChangesAnything(): Command {
    return new Command(this.step, false);
  }

  check(model: Readonly<ConsoleModel>): boolean {
    const [before, after] = [model.copy(), model.copy()];
    if (this.step.isPossible?.(after) === false) return false;
    if (this.isTakenAnyway) return true;
    this.step.expected(after);
    for (const one of [...before.sessions, ...after.sessions]) one.usedAt = 0;
    return !isDeepStrictEqual(before, after);
  }

  async run(model: ConsoleModel, held: Held): Promise<void> {
    held.now = new Date(model.now);
    // The windows of the limits are minutes of real time, in which a whole history takes place.
    await resetRateLimits();
    const answer = await this.step.call(held, model).catch((error): Answer => {
      if (error instanceof Refusal) return { ok: false, code: error.code };
      throw error;
    });
    const outcome = this.step.expected(model);
    const mails = await mailsOf(held.now);
    expect({
      answer: answer.ok ? "ok" : answer.code,
      events: await eventsOf(held.now),
      mails: mails.map(({ kind, recipient: to }) => ({ kind, to })).toSorted(byKindAndAddress),
    }).toMatchObject(outcome);
    await keep(held, model, { answer, mails });
    expect(await works(held, model, LOOKED_AT)).toEqual(shouldWork(model, LOOKED_AT));
    model.now += STEP_MS;
  }

  toString(): string {
    return this.step.name;
  }
}

/** Steps that are taken right after each other, each of them if it can be. */
class Sequence implements fc.AsyncCommand<ConsoleModel, Held> {
  constructor(private readonly steps: Command[]) {}

  ifItChangesAnything(): Sequence {
    return new Sequence(this.steps.map((step) => step.ifItChangesAnything()));
  }

  check(model: Readonly<ConsoleModel>): boolean {
    return this.steps[0]?.check(model) === true;
  }

  async run(model: ConsoleModel, held: Held): Promise<void> {
    for (const step of this.steps) if (step.check(model)) await step.run(model, held);
  }

  toString(): string {
    return this.steps.join(", then ");
  }
}
/** Makes one step of several that would hardly ever follow each other by chance. */
export const sequence = (...kinds: fc.Arbitrary<Command>[]) =>
  fc.tuple(...kinds).map((steps) => new Sequence(steps));

/** Returns an element of a list, counted from its end and beginning again at its end: 0 is the last one. */
export const fromEnd = <T>(list: readonly T[], at: number): T =>
  list[list.length - 1 - (at % list.length)] as T;

const usable = (model: ConsoleModel) => model.sessions.filter((session) => model.isUsable(session));

/**
 * Makes a step of whoever holds a session whose token works.
 * @param by which of those sessions, for `fromEnd`
 */
export function inSession(
  by: number,
  step: {
    name: string;
    isPossible?: (model: ConsoleModel) => boolean;
    call: (person: Person, held: Held, session: Session, model: ConsoleModel) => Promise<Answer>;
    expected: (model: ConsoleModel, session: Session) => Outcome;
  },
): Command {
  return new Command({
    name: `in session -${by}: ${step.name}`,
    isPossible: (model) => usable(model).length > 0 && step.isPossible?.(model) !== false,
    async call(held, model) {
      const session = fromEnd(usable(model), by);
      const at = session.access.findLastIndex((token) => model.accepts(session, token));
      const token = held.tokens[model.sessions.indexOf(session)]?.access[at] ?? "";
      const person = await personOf(token, session, held.now);
      return person ? step.call(person, held, session, model) : { ok: false, code: "not authenticated" };
    },
    expected(model) {
      const session = fromEnd(usable(model), by);
      if (session.kind !== "BROWSER") model.use(session);
      return step.expected(model, session);
    },
  });
}

/** Returns the person whom an access token authenticates; null when it does not work. */
async function personOf(token: string, { kind }: Session, now: Date): Promise<Person | null> {
  if (kind === "BROWSER") return authenticate(token, kind, anonymous(), now);
  const bearer = await authenticateBearer(token, anonymous(), now);
  return bearer.ok ? bearer.person : null;
}

/** Returns the id of a session, which is also in its tokens. */
export const sessionIdOf = ({ access }: Tokens) => String(readToken(access.at(-1) ?? "").claims.sessionId);

/** The audit events of one step, which are those of one time. */
async function eventsOf(at: Date) {
  const rows = await db().auditEvent.findMany({ where: { at }, orderBy: { id: "asc" } });
  return rows.map(({ kind, subjectEmail: about, details }) => ({ kind, about, details }));
}

async function mailsOf(createdAt: Date) {
  const rows = await db().outboxMessage.findMany({ where: { createdAt }, orderBy: { kind: "asc" } });
  return rows.map(({ kind, recipient, sealedPayload }) => {
    const values: Record<string, unknown> = openPayload(kind as MailKind, sealedPayload ?? "");
    return { kind, recipient, values };
  });
}

/** Keeps what a step has given somebody: a link, a code, tokens, an account, a key. */
async function keep(
  held: Held,
  model: ConsoleModel,
  { answer, mails }: { answer: Answer; mails: Awaited<ReturnType<typeof mailsOf>> },
): Promise<void> {
  if (model.links.length > held.secrets.length) {
    const { activationUrl, resetUrl, unlockUrl } = Object.assign({}, ...mails.map(({ values }) => values));
    held.secrets.push(answer.grant ?? secretOf(answer.url ?? activationUrl ?? resetUrl ?? unlockUrl));
  }
  if (model.codes.length > held.codes.length) held.codes.push(answer.secret ?? "");
  if (model.keys.length > held.kids.length) held.kids.push((await currentKey(db())).kid);
  for (const at of model.sessions.keys()) keepTokens(held, model, at, answer);
  const users = await db().user.findMany();
  for (const name of NAMES) {
    const id = users.find(({ email }) => email === addressOf(name))?.id;
    if (id) held.ids.set(name, id);
    // The account has another address now.
    else if (users.some((one) => one.id === held.ids.get(name))) held.ids.delete(name);
  }
}

function keepTokens(held: Held, { keys, sessions }: ConsoleModel, at: number, answer: Answer): void {
  const { access = [], refresh = [] } = sessions[at] ?? {};
  const kept = held.tokens[at] ?? { access: [], refresh: [] };
  held.tokens[at] = kept;
  const keep = (list: string[], token: string, expected: Token) => {
    list.push(token);
    const { header, claims } = readToken(token);
    expect({ kid: header.kid, issuer: claims.iss, expiresAt: claims.exp * 1000 }).toEqual({
      kid: held.kids[keys.indexOf(expected.key)],
      issuer: expected.key.issuer,
      expiresAt: expected.expiresAt,
    });
  };
  for (const token of access.slice(kept.access.length)) keep(kept.access, answer.token ?? "", token);
  for (const token of refresh.slice(kept.refresh.length)) {
    keep(kept.refresh, answer.refreshToken ?? "", token);
    // A copy of a refresh token has the same id, so that it can be used once together with the others.
    const ids = kept.refresh.map((one) => readToken(one).claims.jti);
    expect(ids.map((id) => id === ids.at(-1))).toEqual(refresh.map(({ use }) => use === token.use));
  }
}

/** Somebody who may see everything, and is nobody in the model. */
export const observer: Person = {
  ...anonymous(),
  kind: "person",
  userId: NOBODY,
  sessionId: NOBODY,
  kid: NOBODY,
  email: "observer@example.org",
  name: "",
  authority: "SYS_ADMIN",
  confirmedAt: new Date(START),
};

/** Returns the state of the accounts, the keys, the last few links and tokens, and how each link has ended. */
async function works(held: Held, { links, sessions }: ConsoleModel, last: typeof LOOKED_AT) {
  const { now, secrets, tokens } = held;
  const { users } = await listUsers(observer, {}, now);
  const stateOf = (secret: string, at: number) =>
    describeLink(links.slice(-last.links)[at]?.purpose ?? "UNLOCK", secret, now);
  const rows = await db().accountLink.findMany({ orderBy: { createdAt: "asc" } });
  const peopleOf = (session: Session) => {
    const { access } = tokens[sessions.indexOf(session)] ?? { access: [] };
    return Promise.all(
      access.slice(-last.tokens).map(async (one) => {
        const person = await personOf(one, session, now);
        return person && { email: person.email, authority: person.authority, provedAt: +person.confirmedAt };
      }),
    );
  };
  return {
    keys: held.kids.length > 1 ? await keyRing(held) : null,
    accounts: users.map(({ email, state, authority }) => ({ email, state, authority })),
    links: await Promise.all(secrets.slice(-last.links).map(stateOf)),
    ends: rows.map(({ usedAt, supersededAt }) => (usedAt ? "used" : supersededAt && "superseded")),
    tokens: await Promise.all(sessions.slice(-last.sessions).map(peopleOf)),
  };
}

/** Returns what the model says of the same. */
function shouldWork(model: ConsoleModel, last: typeof LOOKED_AT) {
  const existing = NAMES.flatMap((name) => model.account(name) ?? []);
  return {
    keys: model.keys.length > 1 ? expectedKeyRing(model) : null,
    accounts: existing.map((account) => ({
      email: addressOf(account.name),
      state: account.state === "active" && model.isLocked(account) ? "locked" : account.state,
      authority: account.authority,
    })),
    links: model.links.slice(-last.links).map((link) => {
      if (model.works(link)) return "works";
      return model.isKnown(link) ? "expired" : "unknown";
    }),
    ends: model.links.filter((link) => model.isKnown(link)).map(({ end }) => end),
    tokens: model.sessions.slice(-last.sessions).map((session) => {
      const { name, authority } = session.owner;
      const person = { email: addressOf(name), authority, provedAt: session.provedAt };
      const tokens = session.access.slice(-last.tokens);
      const people = tokens.map((token) => (model.accepts(session, token) ? person : null));
      // To look is to use.
      if (people.includes(person) && session.kind !== "BROWSER") model.use(session);
      return people;
    }),
  };
}

/** Leaves out what may follow from a policy that was saved since the last login: the model does not suspect anything. */
function certainObstacle(code: string | undefined): string | null {
  if (code === "reset-doubtful") return "reset-required";
  return code === undefined || code === "reset-possible" ? null : code;
}

/** Returns what an administrator is told about an account, beyond its state; null if there is none. */
async function description({ ids, now }: Held, name: string) {
  const found = await describeUser(observer, ids.get(name) ?? NOBODY, now);
  if (!found) return null;
  const { obstacle, protection, passwordExpiresAt, liveSessions, openLinks } = found;
  return {
    ...{ protection, passwordExpiresAt, liveSessions },
    obstacle: certainObstacle(obstacle?.code),
    openLinks: openLinks.map(({ purpose }) => purpose).toSorted(),
  };
}

/** Returns what the model says of the same. */
function expectedDescription(model: ConsoleModel, name: string) {
  const account = model.account(name);
  if (!account) return null;
  const expiry = model.expiryOf(account);
  const sessions = model.sessions.filter((one) => one.owner === account && model.isAlive(one));
  const open = model.links.filter((one) => one.owner === account && model.isOpen(one));
  return {
    protection: model.isLastAdministrator(account) ? "last-administrator" : null,
    passwordExpiresAt: expiry === null ? null : new Date(expiry),
    liveSessions: sessions.length,
    obstacle: model.obstacleTo(account),
    openLinks: open.map(({ purpose }) => purpose).toSorted(),
  };
}

/** Returns to whom mails with links are waiting. */
async function waitingLinks() {
  const where = { linkId: { not: null }, sealedPayload: { not: null } };
  const rows = await db().outboxMessage.findMany({ where });
  return rows.map(({ recipient }) => recipient).toSorted();
}

/**
 * Returns what the model says of the same: no such mail carries a link that is used or superseded. The notice of a lock
 * is sent in any case.
 */
const expectedWaitingLinks = ({ links }: ConsoleModel) =>
  links
    .filter(({ owner, mailedAt, end }) => owner.state !== "deleted" && mailedAt !== null && end === null)
    .map(({ owner }) => addressOf(owner.name))
    .toSorted();

/** Returns the key ring, as an administrator sees it; not the keys that are retired. */
async function keyRing({ kids, now }: Held) {
  const { keys } = await readKeyRing(observer, now);
  const inUse = keys.filter(({ verifyUntil }) => verifyUntil === null || verifyUntil > now);
  return inUse
    .map(({ kid, ...key }) => ({ at: kids.indexOf(kid), ...key }))
    .map(({ at, issuer, verifyUntil, sessions }) => ({ at, issuer, verifyUntil, sessions }))
    .toSorted((a, b) => a.at - b.at);
}

/** Returns what the model says of the same. */
function expectedKeyRing(model: ConsoleModel) {
  return model.keys
    .filter((key) => key === model.signingKey() || model.isVerifying(key))
    .map((key) => ({
      at: model.keys.indexOf(key),
      issuer: key.issuer,
      verifyUntil: key.verifiesUntil && new Date(key.verifiesUntil),
      sessions: key.verifiesUntil
        ? model.sessions.filter((one) => one.key === key && model.isAlive(one)).length
        : 0,
    }));
}

/**
 * Compares at the end of a history what would take too long at each step: all links, tokens and mails, and the
 * accounts; and at last whether each session can still be renewed with its newest token.
 */
export async function expectSameEnd(held: Held, model: ConsoleModel): Promise<void> {
  const now = new Date(model.now);
  held.now = now;
  expect(await works(held, model, ALL)).toEqual(shouldWork(model, ALL));
  for (const name of NAMES) expect(await description(held, name)).toEqual(expectedDescription(model, name));
  expect(await waitingLinks()).toEqual(expectedWaitingLinks(model));
  for (const [at, session] of model.sessions.entries()) {
    const [access, refresh] = [session.access.at(-1), session.refresh.at(-1)];
    const { answer } = refresh ? model.refresh(session, refresh) : model.continue(session, access as Token);
    expect(await renewal(held.tokens[at], session, now)).toBe(answer);
  }
}

/** Renews a session with its newest token, and returns the answer. */
async function renewal(tokens: Tokens | undefined, { kind }: Session, now: Date): Promise<string> {
  if (kind === "BROWSER") return (await continueBrowserSession(tokens?.access.at(-1) ?? "", now)).state;
  const refreshToken = tokens?.refresh.at(-1) ?? "";
  const answer = await refreshTokens(anonymous(), { refreshToken }, now);
  return answer.ok ? "ok" : answer.code;
}

/** Makes the settings and the people that a history begins with. */
export async function begin(password: string): Promise<{ model: ConsoleModel; real: Held }> {
  await emptyDatabase();
  const [model, now] = [new ConsoleModel(START), new Date(START)];
  const general = { ...model.general, userLockoutNotificationEmail: OPERATIONS };
  const settings = { general, password: model.password };
  await makeSettings(settings, { savedAt: now });
  // The first start has made an administrator that is not in the model.
  await db().user.deleteMany();
  const { kid } = await currentKey(db());
  const real: Held = { now, ids: new Map(), secrets: [], codes: [], tokens: [], kids: [kid] };
  for (const name of NAMES.slice(0, 2)) {
    const made = { authority: "SYS_ADMIN", password } as const;
    const { id, email } = await makeUser({ ...made, email: addressOf(name), passwordSetAt: now });
    const pair = await logInForTokens(anonymous(), { username: email, password }, now);
    if (!pair.ok) throw new Error(`${name} could not log in.`);
    real.ids.set(name, id);
    real.tokens.push({ access: [pair.token], refresh: [pair.refreshToken] });
    model.begin(model.add({ ...made, name, state: "active" }), "REST");
  }
  model.now += STEP_MS;
  return { model, real };
}
