import "server-only";
import { hasOtherAdministrator } from "@/lib/accounts/store";
import type { Span } from "@/lib/audit/schema";
import { countEvents } from "@/lib/audit/store";
import { type Actor, type Person, requireAdministrator } from "@/lib/core/actor";
import { db, driver } from "@/lib/core/db";
import { countResendableMessages, countRetriedMessages } from "@/lib/mail/entries/store";
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

/** Returns the state of the platform at a glance. @throws Refusal for anyone but a system administrator */
export async function readOverview(actor: Actor, now = new Date()): Promise<Overview> {
  const administrator = requireAdministrator(actor);
  const spans = lastTwoDays(now);
  const [settings, mailPanel, mail, accounts, expired, others, keys, events, sessions] = await Promise.all([
    settingsInForce(),
    readMailPanel(db()),
    readMailFacts(administrator),
    countUsersByState(db(), now),
    countExpiredInvitations(db(), now),
    hasOtherAdministrator(db(), administrator.userId),
    findVerifyingKeys(driver(), now),
    countEvents(db(), countedKinds, spans),
    countLiveByKind(db(), now),
  ]);
  const { general, password, jwt } = settings;
  const attention = attentionOf({
    damaged: {
      general: general.damaged,
      password: password.damaged,
      jwt: jwt.damaged,
      mail: mailPanel.damaged,
    },
    general: general.values,
    password: password.values,
    mail,
    accounts: { ...accounts, expiredInvitations: expired },
    hasOtherAdministrator: others,
    verifyingKeys: keys,
  });
  return { readAt: now, attention, settings, spans, events, sessions, accounts };
}

async function readMailFacts(administrator: Person): Promise<AttentionFacts["mail"]> {
  const [readiness, failed] = await Promise.all([
    readMailReadiness(administrator),
    countResendableMessages(db()),
  ]);
  // Without a server everything waits, whether or not it was tried before.
  const retried = readiness.hasServer ? await countRetriedMessages(db()) : 0;
  return { ...readiness, failed, retried };
}
