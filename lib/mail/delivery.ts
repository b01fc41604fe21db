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
const SETTLE_LIMIT_MS = 30_000;
const SETTLE_AGAIN_MS = 500;

/**
 * Sends one claimed message, and records the outcome: sent, failed, or due again later.
 * @throws a database error if the outcome cannot be recorded
 */
export async function deliverMessage(
  server: MailServer,
  message: ClaimedMessage,
  options: { now: () => Date; stopped?: AbortSignal; isLastAttempt?: boolean },
): Promise<Delivery> {
  const { now, stopped, isLastAttempt = false } = options;
  const written = write(message);
  const secrets = [...(written?.secrets ?? []), ...(server.login ? loginSecrets(server.login) : [])];
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

/**
 * Records the outcome, and retries within the time of the claim if the database fails: a mail that was sent but is not
 * marked would be sent twice.
 */
async function settle(mark: () => Promise<unknown>): Promise<void> {
  const end = performance.now() + SETTLE_LIMIT_MS;
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
