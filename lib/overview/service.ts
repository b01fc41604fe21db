import "server-only";
import pLimit, { type LimitFunction } from "p-limit";
import { hasOtherAdministrator } from "@/lib/accounts/store";
import type { Span } from "@/lib/audit/schema";
import { countEvents } from "@/lib/audit/store";
import { type Actor, type Person, requireAdministrator } from "@/lib/core/actor";
import { db, driver } from "@/lib/core/db";
import { onePerProcess } from "@/lib/core/one-per-process";
import { countResendableMessages, countRetriedMessages } from "@/lib/mail/entries/store";
import { mailOfEnvironment } from "@/lib/mail/mail-server";
import { readMailReadiness } from "@/lib/mail/service/mail-settings";
import { countLiveByKind, type LiveCounts } from "@/lib/sessions/live/store";
import { settingsInForce } from "@/lib/settings/service";
import { readMailPanel, type StoredPanels } from "@/lib/settings/store";
import { findVerifyingKeys } from "@/lib/tokens/store";
import type { UserState } from "@/lib/users/schema";
import { countExpiredInvitations, countUsersByState } from "@/lib/users/store";
import {
  type Attention,
  type AttentionFacts,
  attentionOf,
  type CountedKind,
  countedKinds,
  lastTwoDays,
  mailFieldsInForce,
} from "./rules";

/** What an administrator wants to know first. Every count may have stopped at `COUNT_LIMIT`. */
export type Overview = {
  readAt: Date;
  /** What needs attention, the most urgent first. */
  attention: Attention[];
  /** The rules in force. */
  settings: StoredPanels;
  /** The 24 hours until now, and those before them; and how many events of each kind there were in both. */
  spans: { now: Span; before: Span };
  events: { kind: CountedKind; now: number; before: number }[];
  sessions: LiveCounts;
  accounts: Record<UserState, number>;
};

/** `next`: for each administrator who waits, the reading that has not begun yet. */
type Readings = { inTurn: LimitFunction; next: Map<string, Promise<Overview>> };

const held = onePerProcess<Readings>("overview-readings");

/**
 * Returns the state of the platform at a glance. A process reads it for one administrator at a time, in few statements
 * at a time, so that it never takes all connections from the logins, however often it is asked for. Whoever asks
 * during a reading waits for the next one: none is older than the question.
 * @throws Refusal for anyone but a system administrator
 */
export async function readOverview(actor: Actor, now?: Date): Promise<Overview> {
  const administrator = requireAdministrator(actor);
  const { inTurn, next } = held.get(() => ({ inTurn: pLimit(1), next: new Map() }));
  const { userId } = administrator;
  const reading =
    next.get(userId) ??
    inTurn(() => {
      next.delete(userId);
      return readAll(administrator, now ?? new Date());
    });
  next.set(userId, reading);
  return reading;
}

async function readAll(administrator: Person, now: Date): Promise<Overview> {
  const spans = lastTwoDays(now);
  const [rules, mail, people, sessions, events] = await Promise.all([
    readRules(now),
    readMail(administrator, now),
    readPeople(administrator, now),
    countLiveByKind(db(), now),
    countEvents(db(), countedKinds, spans),
  ]);
  const { general, password, jwt } = rules.settings;
  const attention = attentionOf({
    damaged: {
      general: general.damaged,
      password: password.damaged,
      jwt: jwt.damaged,
      mail: mail.damaged,
    },
    general: general.values,
    password: password.values,
    mail,
    accounts: { ...people.accounts, expiredInvitations: people.expiredInvitations },
    hasOtherAdministrator: people.hasOther,
    verifyingKeys: rules.verifyingKeys,
  });
  return {
    readAt: now,
    attention,
    settings: rules.settings,
    spans,
    events,
    sessions,
    accounts: people.accounts,
  };
}

async function readRules(now: Date) {
  const settings = await settingsInForce();
  return { settings, verifyingKeys: await findVerifyingKeys(driver(), now) };
}

async function readMail(
  administrator: Person,
  now: Date,
): Promise<AttentionFacts["mail"] & { damaged: string[] }> {
  const { hasServer, waiting } = await readMailReadiness(administrator);
  const { damaged } = await readMailPanel(db());
  const failed = await countResendableMessages(db(), now);
  // Without a server everything waits, whether or not it was tried before.
  const retried = hasServer ? await countRetriedMessages(db(), now) : 0;
  return { hasServer, waiting, failed, retried, damaged: mailFieldsInForce(damaged, mailOfEnvironment()) };
}

async function readPeople(administrator: Person, now: Date) {
  const accounts = await countUsersByState(db(), now);
  const expiredInvitations = await countExpiredInvitations(db(), now);
  const hasOther = await hasOtherAdministrator(db(), administrator.userId);
  return { accounts, expiredInvitations, hasOther };
}
