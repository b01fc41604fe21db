import type fc from "fast-check";
import { expect } from "vitest";
import { describeLink } from "@/lib/accounts/service/link-owner";
import { logInForTokens } from "@/lib/auth/service/token-login";
import type { Person } from "@/lib/core/actor";
import { db, NIL_UUID as NOBODY } from "@/lib/core/db";
import { Refusal } from "@/lib/core/errors";
import { openPayload } from "@/lib/mail/outbox";
import type { MailKind } from "@/lib/mail/schema";
import { authenticateBearer } from "@/lib/sessions/service/bearer";
import { describeUser } from "@/lib/users/service/describe-user";
import { listUsers } from "@/lib/users/service/list-users";
import { AccountModel, addressOf, OPERATIONS, type Outcome, type Session } from "./account-model";
import { makeSettings, makeUser } from "./accounts";
import { anonymous } from "./actors";
import { emptyDatabase, resetRateLimits } from "./database";
import { secretOf } from "./outbox";

// Runs a history, step by step, with the verbs and with the model, and compares the two after each step.

const START = Date.parse("2026-03-01T12:00:00Z");
/**
 * Each step takes so long. A used refresh token's grace is no multiple of it, because it is measured by the database's
 * clock, to which a time is converted with an error of some milliseconds.
 */
const STEP_MS = 4_000;
/** How many links and tokens are looked at after each step, the newest ones. */
const LOOKED_AT = 3;

/** The people of a history. Two administrators have just logged in, and the third one is invited. */
export const NAMES = ["ada", "bob", "cyd"];

/** What people hold: the secrets of their links and the tokens of their sessions, in the order of the model's lists. */
export type Held = {
  now: Date;
  /** The id of each person's account, or of their latest one if that is deleted. */
  ids: Map<string, string>;
  secrets: string[];
  tokens: { access: string; refresh: string[] }[];
};

/** What a verb answers, as far as a later step needs it. */
type Answer = {
  ok: boolean;
  code?: string;
  token?: string;
  refreshToken?: string;
  grant?: string;
  url?: string | null;
};

/** A step: a verb that is called, and what the model does instead. */
type Step = {
  name: string;
  /** Returns whether the step can be taken. One with a link, for example, cannot before there is one. */
  isPossible?: (model: AccountModel) => boolean;
  /** Calls the verb. The model is still as before the step. */
  call: (held: Held, model: AccountModel) => Promise<Answer>;
  expected: (model: AccountModel) => Outcome;
};

export class Command implements fc.AsyncCommand<AccountModel, Held> {
  constructor(private readonly step: Step) {}

  check(model: Readonly<AccountModel>): boolean {
    return this.step.isPossible?.(model as AccountModel) ?? true;
  }

  async run(model: AccountModel, held: Held): Promise<void> {
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
      mails: mails.map(({ kind, recipient: to }) => ({ kind, to })),
    }).toMatchObject(outcome);
    await keep(held, model, { answer, mails });
    expect(await works(held, model, LOOKED_AT)).toEqual(shouldWork(model, LOOKED_AT));
    model.now += STEP_MS;
  }

  toString(): string {
    return this.step.name;
  }
}

/** Returns an element of a list, counted from its end and beginning again at its end: 0 is the last one. */
export const fromEnd = <T>(list: readonly T[], at: number): T =>
  list[list.length - 1 - (at % list.length)] as T;

const usable = (model: AccountModel) => model.sessions.filter((session) => model.isUsable(session));

/**
 * Makes a step of whoever holds a session whose token works.
 * @param by which of those sessions, for `fromEnd`
 */
export function inSession(
  by: number,
  step: {
    name: string;
    call: (person: Person, held: Held, session: Session) => Promise<Answer>;
    expected: (model: AccountModel, session: Session) => Outcome;
  },
): Command {
  return new Command({
    name: `in session -${by}: ${step.name}`,
    isPossible: (model) => usable(model).length > 0,
    async call(held, model) {
      const session = fromEnd(usable(model), by);
      const { access } = held.tokens[model.sessions.indexOf(session)] ?? { access: "" };
      const bearer = await authenticateBearer(access, anonymous(), held.now);
      return bearer.ok ? step.call(bearer.person, held, session) : bearer;
    },
    expected: (model) => step.expected(model, fromEnd(usable(model), by)),
  });
}

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

/** Keeps what a step has given somebody: a link, tokens, an account. */
async function keep(
  held: Held,
  { links, sessions, now }: AccountModel,
  { answer, mails }: { answer: Answer; mails: Awaited<ReturnType<typeof mailsOf>> },
): Promise<void> {
  if (links.length > held.secrets.length) {
    const { activationUrl, resetUrl, unlockUrl } = Object.assign({}, ...mails.map(({ values }) => values));
    held.secrets.push(answer.grant ?? secretOf(answer.url ?? activationUrl ?? resetUrl ?? unlockUrl));
  }
  const at = sessions.findIndex(({ issuedAt }) => issuedAt === now);
  if (at >= 0) {
    const refresh = held.tokens[at]?.refresh ?? [];
    if (refresh.length < Number(sessions[at]?.refresh.length)) refresh.push(answer.refreshToken ?? "");
    // A used token returns the same successor again, as long as its grace lasts.
    expect(answer.refreshToken).toBe(refresh.at(-1));
    held.tokens[at] = { access: answer.token ?? "", refresh };
  }
  for (const { id, email } of await db().user.findMany()) {
    const name = NAMES.find((one) => addressOf(one) === email);
    if (name) held.ids.set(name, id);
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

/** Returns the state of the accounts, of the last few links and tokens, and how each link has ended. */
async function works({ now, secrets, tokens }: Held, { links }: AccountModel, last: number) {
  const { users } = await listUsers(observer, {}, now);
  const stateOf = (secret: string, at: number) =>
    describeLink(links.slice(-last)[at]?.purpose ?? "UNLOCK", secret, now);
  const rows = await db().accountLink.findMany({ orderBy: { createdAt: "asc" } });
  const isLive = async (token: string) => (await authenticateBearer(token, anonymous(), now)).ok;
  return {
    accounts: users.map(({ email, state, authority }) => ({ email, state, authority })),
    links: await Promise.all(secrets.slice(-last).map(stateOf)),
    ends: rows.map(({ usedAt, supersededAt }) => (usedAt ? "used" : supersededAt && "superseded")),
    tokens: await Promise.all(tokens.slice(-last).map(({ access }) => isLive(access))),
  };
}

/** Returns what the model says of the same. */
function shouldWork(model: AccountModel, last: number) {
  const existing = NAMES.flatMap((name) => model.account(name) ?? []);
  return {
    accounts: existing.map((account) => ({
      email: addressOf(account.name),
      state: account.state === "active" && model.isLocked(account) ? "locked" : account.state,
      authority: account.authority,
    })),
    links: model.links.slice(-last).map((link) => {
      if (model.works(link)) return "works";
      return link.owner.state === "deleted" ? "unknown" : "expired";
    }),
    ends: model.links.filter(({ owner }) => owner.state !== "deleted").map(({ end }) => end),
    tokens: model.sessions.slice(-last).map((session) => model.isUsable(session)),
  };
}

/** Returns what an administrator is told about an account, beyond its state; null if there is none. */
async function description({ ids, now }: Held, name: string) {
  const found = await describeUser(observer, ids.get(name) ?? NOBODY, now);
  if (!found) return null;
  const { obstacle, protection, passwordExpiresAt, liveSessions, openLinks } = found;
  return {
    ...{ protection, passwordExpiresAt, liveSessions },
    obstacle: obstacle?.code ?? null,
    openLinks: openLinks.map(({ purpose }) => purpose).toSorted(),
  };
}

/** Returns what the model says of the same. */
function expectedDescription(model: AccountModel, name: string) {
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

/** Compares at the end of a history what would take too long at each step: all links and tokens, and the accounts. */
export async function expectSameEnd(held: Held, model: AccountModel): Promise<void> {
  held.now = new Date(model.now);
  const all = Number.POSITIVE_INFINITY;
  expect(await works(held, model, all)).toEqual(shouldWork(model, all));
  for (const name of NAMES) expect(await description(held, name)).toEqual(expectedDescription(model, name));
}

/** Makes the settings and the people that a history begins with. */
export async function begin(password: string): Promise<{ model: AccountModel; real: Held }> {
  await emptyDatabase();
  const [model, now] = [new AccountModel(START), new Date(START)];
  const unmodelled = { userLockoutNotificationEmail: OPERATIONS, loginAttemptsPerAddressPerMinute: null };
  const settings = { general: { ...model.general, ...unmodelled }, password: model.password };
  await makeSettings(settings, { savedAt: now });
  // The first start has made an administrator that is not in the model.
  await db().user.deleteMany();
  const real: Held = { now, ids: new Map(), secrets: [], tokens: [] };
  for (const name of NAMES.slice(0, 2)) {
    const made = { authority: "SYS_ADMIN", password } as const;
    const { id, email } = await makeUser({ ...made, email: addressOf(name), passwordSetAt: now });
    const pair = await logInForTokens(anonymous(), { username: email, password }, now);
    if (!pair.ok) throw new Error(`${name} could not log in.`);
    real.ids.set(name, id);
    real.tokens.push({ access: pair.token, refresh: [pair.refreshToken] });
    model.begin(model.add({ ...made, name, state: "active" }));
  }
  model.now += STEP_MS;
  return { model, real };
}
