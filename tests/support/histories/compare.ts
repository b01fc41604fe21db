import { expect } from "vitest";
import { describeLink } from "@/lib/accounts/service/link-owner";
import type { Person } from "@/lib/core/actor";
import { db, NIL_UUID as NOBODY } from "@/lib/core/db";
import { readKeyRing } from "@/lib/jwt-security/service/read-key-ring";
import { continueBrowserSession } from "@/lib/sessions/service/browser-session";
import { refreshTokens } from "@/lib/sessions/service/refresh";
import { describeUser } from "@/lib/users/service/describe-user";
import { listUsers } from "@/lib/users/service/list-users";
import { anonymous } from "../actors";
import type { ConsoleModel } from "./console-model";
import { type Held, NAMES, personOf, START, type Tokens } from "./held";
import { addressOf, type Session, type Token } from "./session-model";

// Compares what an administrator sees, and what links and tokens do, with what the model says of them.

/** How many are looked at after each step, the newest ones; at the end of a history, all are. */
const LOOKED_AT = { links: 2, sessions: 3, tokens: 1 };
const ALL: typeof LOOKED_AT = { links: Infinity, sessions: Infinity, tokens: Infinity };

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

/** Compares the state of the accounts, the keys, and the last few links and tokens. */
export async function expectSameState(held: Held, model: ConsoleModel): Promise<void> {
  expect(await works(held, model, LOOKED_AT)).toEqual(shouldWork(model, LOOKED_AT));
}

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
