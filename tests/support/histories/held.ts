import { expect } from "vitest";
import type { Person } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { authenticate } from "@/lib/sessions/service/authenticate";
import { authenticateBearer } from "@/lib/sessions/service/bearer";
import { currentKey } from "@/lib/tokens/key-ring";
import { anonymous } from "../actors";
import { secretOf } from "../outbox";
import { readToken } from "../tokens";
import type { ConsoleModel } from "./console-model";
import { addressOf, type Session, type Token } from "./session-model";

// What people hold in a history, and what of it works.

/** When a history begins. */
export const START = Date.parse("2026-03-01T12:00:00Z");

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
export type Tokens = { access: string[]; refresh: string[] };

/** What a verb answers, as far as a later step needs it. */
export type Answer = {
  ok: boolean;
  code?: string;
  token?: string;
  refreshToken?: string | null;
  secret?: string;
  grant?: string;
  url?: string | null;
};

/** Returns the person whom an access token authenticates; null when it does not work. */
export async function personOf(token: string, { kind }: Session, now: Date): Promise<Person | null> {
  if (kind === "BROWSER") return authenticate(token, kind, anonymous(), now);
  const bearer = await authenticateBearer(token, anonymous(), now);
  return bearer.ok ? bearer.person : null;
}

/** Returns the id of a session, which is also in its tokens. */
export const sessionIdOf = ({ access }: Tokens) => String(readToken(access.at(-1) ?? "").claims.sessionId);

/** Keeps what a step has given somebody: a link, a code, tokens, an account, a key. */
export async function keep(
  held: Held,
  model: ConsoleModel,
  { answer, mails }: { answer: Answer; mails: readonly { values: object }[] },
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
