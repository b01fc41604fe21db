import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { expect } from "vitest";
import { logInForTokens } from "@/lib/auth/service/token-login";
import type { Person } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import { Refusal } from "@/lib/core/errors";
import { openPayload } from "@/lib/mail/outbox";
import type { MailKind } from "@/lib/mail/schema";
import { currentKey } from "@/lib/tokens/key-ring";
import { makeSettings, makeUser } from "../accounts";
import { anonymous } from "../actors";
import { emptyDatabase, resetRateLimits } from "../database";
import { OPERATIONS } from "./account-model";
import { expectSameState } from "./compare";
import { ConsoleModel } from "./console-model";
import { type Answer, type Held, keep, NAMES, personOf, START } from "./held";
import { addressOf, byKindAndAddress, type Outcome, type Session } from "./session-model";

// Runs a history, step by step, with the verbs and with the model, and compares the two after each step.

/**
 * Each step takes so long. A used refresh token's grace is no multiple of it, because it is measured by the database's
 * clock, to which a time is converted with an error of some milliseconds.
 */
const STEP_MS = 3_000;

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
    await expectSameState(held, model);
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
