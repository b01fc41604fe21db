import "server-only";
import { audit } from "@/lib/audit/service";
import { type Actor, requireAdministrator } from "@/lib/core/actor";
import { db } from "@/lib/core/db";
import type { Failure, Success } from "@/lib/core/result";
import { SealBroken } from "@/lib/core/secrets";
import { deliverMessage } from "../delivery";
import { mailServerInForce } from "../mail-server";
import { enqueueMail } from "../outbox";
import { claimOwnMessage } from "../store";
import type { MailFault } from "../transport";

/** The server that the test used, which need not be the one that the page was loaded with. */
type UsedServer = { host: string; port: number };

export type TestMailResult =
  /** The server accepted the mail; `answer` is what it said. */
  | Success<{ recipient: string; server: UsedServer; answer: string }>
  | Failure<"no-server">
  | Failure<"password-unreadable">
  /** The server refused the mail, or was not reached, or did not answer in time; `answer` says which. */
  | Failure<"not-sent", { recipient: string; server: UsedServer; answer: string; fault: MailFault | null }>;

/**
 * Sends a mail at once by the server in force, and waits for the server's answer, a minute at most. The mail is tried
 * once, and is in the outbox like any other.
 * @throws Refusal for anyone but a system administrator
 */
export async function sendTestMail(
  actor: Actor,
  { recipient }: { recipient: string },
  now = new Date(),
): Promise<TestMailResult> {
  const person = requireAdministrator(actor);
  const server = await mailServerInForce(db()).catch((error) => {
    if (error instanceof SealBroken) return "unreadable" as const;
    throw error;
  });
  if (server === "unreadable") return { ok: false, code: "password-unreadable" };
  if (!server) return { ok: false, code: "no-server" };
  const message = await db().$transaction(async (tx) => {
    const values = { requestedBy: person.email, requestedAt: now.toISOString() };
    const id = await enqueueMail(tx, { kind: "test", recipient, userId: null, values }, now);
    await audit(tx, person, [{ kind: "test-mail-sent", subject: { id: null, email: recipient } }], now);
    return claimOwnMessage(tx, id, now);
  });
  if (!message) throw new Error("The test mail was not in the outbox.");
  const delivery = await deliverMessage(server, message, {
    now: () => new Date(),
    isLastAttempt: true,
  });
  const { host, port } = server;
  const outcome = { recipient, server: { host, port }, answer: delivery.answer };
  return delivery.outcome === "sent"
    ? { ok: true, ...outcome }
    : { ok: false, code: "not-sent", ...outcome, fault: delivery.fault ?? null };
}
