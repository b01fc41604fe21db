import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { db } from "@/lib/core/db";
import { env } from "@/lib/core/env";
import { log } from "@/lib/core/log";
import { SealBroken } from "@/lib/core/secrets";
import type { MailServer } from "./mail-server";
import { openPayload } from "./outbox";
import { linkSecrets, loginSecrets, nextAttemptAt, redactedAnswer } from "./rules";
import { type MailKind, mailSchemas } from "./schema";
import { type ClaimedMessage, markAttemptFailed, markSent } from "./store";
import { renderLetter } from "./templates/render";
import { type Delivery, type Letter, sendLetter } from "./transport";

/** For how long, and how often, to try to record an outcome, in milliseconds. An attempt ends within a minute. */
const RECORD_LIMIT_MS = 30_000;
const RECORD_AGAIN_MS = 500;

type AttemptOptions = { now: () => Date; stopped?: AbortSignal; isLastAttempt?: boolean };

/**
 * Sends one claimed message, and records the outcome: sent, failed, or due again later.
 * @throws a database error if the outcome cannot be recorded
 */
export async function deliverMessage(
  server: MailServer,
  message: ClaimedMessage,
  options: AttemptOptions,
): Promise<Delivery> {
  const written = write(message);
  const secrets = [...(written?.secrets ?? []), ...(server.login ? loginSecrets(server.login) : [])];
  const delivery: Delivery = written
    ? await sendLetter(server, written.letter, options.stopped)
    : { outcome: "refused", answer: "Not sent: no mail can be made of its stored content." };
  const told = { ...delivery, answer: redactedAnswer(delivery.answer, secrets) };
  const hasFailed = await retryWhileClaimed(() => record(message, told, options));
  const { id: mail, kind, attempts } = message;
  if (hasFailed) log().warn({ event: "mail-failed", mail, kind });
  else if (told.outcome === "later" && told.fault === "relay" && attempts === 1)
    log().warn({ event: "mail-not-relayed", mail, kind });
  return told;
}

/**
 * Renders a message. Null if its stored content cannot be rendered, which no further attempt would change; no error
 * stops the other mails.
 */
function write(message: ClaimedMessage): { letter: Letter; secrets: string[] } | null {
  const { kind, recipient, messageId, sealedPayload } = message;
  if (!isMailKind(kind) || !sealedPayload) return null;
  try {
    const values = openPayload(kind, sealedPayload);
    const rendered = renderLetter(kind, values, { baseUrl: env().BASE_URL });
    return { letter: { ...rendered, recipient, messageId }, secrets: linkSecrets(values) };
  } catch (error) {
    const isForeseen = error instanceof SealBroken || error instanceof z.core.$ZodError;
    if (!isForeseen) log().error({ event: "mail-not-written", mail: message.id, kind, err: error });
    return null;
  }
}

function isMailKind(kind: string): kind is MailKind {
  return Object.hasOwn(mailSchemas, kind);
}

/** Records the outcome of an attempt. @returns whether the mail has failed, and is not tried again */
async function record(
  message: ClaimedMessage,
  { outcome, answer }: Delivery,
  { now, stopped, isLastAttempt = false }: AttemptOptions,
): Promise<boolean> {
  const at = now();
  if (outcome === "sent") {
    await markSent(db(), message.id, { answer, now: at });
    return false;
  }
  const isFinal = outcome === "refused" || isLastAttempt;
  const dueAt = isFinal ? null : stopped?.aborted ? at : nextAttemptAt(message, at);
  await markAttemptFailed(db(), message, { answer, dueAt });
  return dueAt === null;
}

/**
 * Retries within the time of the claim if the database fails: a mail that was sent but is not marked would be sent twice.
 */
async function retryWhileClaimed<T>(mark: () => Promise<T>): Promise<T> {
  const end = performance.now() + RECORD_LIMIT_MS;
  for (;;) {
    try {
      return await mark();
    } catch (error) {
      if (performance.now() > end) throw error;
      await sleep(RECORD_AGAIN_MS, undefined, { ref: false });
    }
  }
}
