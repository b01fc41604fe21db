import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { db } from "@/lib/core/db";
import { env } from "@/lib/core/env";
import { log } from "@/lib/core/log";
import { SealBroken } from "@/lib/core/secrets";
import { type MailServer, mailServerInForce } from "./mail-server";
import { openPayload } from "./outbox";
import { linkSecrets, nextAttemptAt, redactedAnswer } from "./rules";
import { type MailKind, mailSchemas } from "./schema";
import { CLAIM_MS, type ClaimedMessage, claimDueMessages, markAttemptFailed, markSent } from "./store";
import { renderLetter } from "./templates/render";
import { type Delivery, type Letter, sendLetter } from "./transport";

/** How many mails are under way at once. */
const BATCH = 4;
const SETTLE_AGAIN_MS = 500;

/** `away`: what came of it where the server took no mail at all. */
export type Round = { tried: number; away: string | null };

/**
 * Sends what is due, a few mails at once. Any number of processes may do so on one database: each mail is one's own
 * while one sends it, and another's again after a crash.
 */
export async function deliverDueMails(now: () => Date, stopped: AbortSignal): Promise<Round> {
  const server = await mailServerInForce(db());
  if (!server) return { tried: 0, away: null };
  const messages = await claimDueMessages(db(), { limit: BATCH, now: now() });
  const deliveries = await Promise.all(
    messages.map((message) => deliverMessage(server, message, { now, stopped })),
  );
  const away = deliveries.find((one) => one.outcome === "later" && one.isServerAway);
  return { tried: messages.length, away: away?.answer ?? null };
}

/** Sends one claimed message and notes what became of it, for good or until the next attempt. */
export async function deliverMessage(
  server: MailServer,
  message: ClaimedMessage,
  options: { now: () => Date; stopped?: AbortSignal; isLastAttempt?: boolean },
): Promise<Delivery> {
  const { now, stopped, isLastAttempt = false } = options;
  const written = write(message);
  const secrets = [...(written?.secrets ?? []), server.login?.password ?? ""];
  const delivery: Delivery = written
    ? await sendLetter(server, written.letter, stopped)
    : { outcome: "refused", answer: "Not sent: no mail can be made of its stored content." };
  const told = { ...delivery, answer: redactedAnswer(delivery.answer, secrets) };
  let hasFailed = false;
  await settle(() => {
    const at = now();
    if (told.outcome === "sent") return markSent(db(), message.id, { answer: told.answer, now: at });
    const isFinal = told.outcome === "refused" || isLastAttempt;
    const dueAt = isFinal ? null : stopped?.aborted ? at : nextAttemptAt(message, at);
    hasFailed = dueAt === null;
    return markAttemptFailed(db(), message, { answer: told.answer, dueAt });
  });
  if (hasFailed) log().warn({ event: "mail-failed", mail: message.id, kind: message.kind });
  return told;
}

/**
 * The mail in words; null when none can be made of what was stored, which no further attempt would change. Whatever the
 * reason, the mails beside it go out.
 */
function write(message: ClaimedMessage): { letter: Letter; secrets: string[] } | null {
  const { kind, recipient, messageId, sealedPayload } = message;
  if (!isMailKind(kind) || !sealedPayload) return null;
  try {
    const values = openPayload(kind, sealedPayload);
    const rendered = renderLetter(kind, values, { baseUrl: env().BASE_URL });
    return { letter: { ...rendered, recipient, messageId }, secrets: linkSecrets(values) };
  } catch (error) {
    const isForeseen = error instanceof SealBroken || error instanceof z.ZodError;
    if (!isForeseen) log().error({ event: "mail-not-written", mail: message.id, kind, err: error });
    return null;
  }
}

function isMailKind(kind: string): kind is MailKind {
  return Object.hasOwn(mailSchemas, kind);
}

/**
 * Writes the outcome, again and again while the database is away and the claim lasts: a mail that is out and not
 * marked goes out twice.
 */
async function settle(mark: () => Promise<unknown>): Promise<void> {
  const end = performance.now() + CLAIM_MS / 2;
  for (;;) {
    try {
      await mark();
      return;
    } catch (error) {
      if (performance.now() > end) throw error;
      await sleep(SETTLE_AGAIN_MS, undefined, { ref: false });
    }
  }
}
