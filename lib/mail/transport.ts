import "server-only";
import nodemailer from "nodemailer";
import { emailSchema } from "@/lib/core/email/schema";
import type { MailServer } from "./mail-server";
import { markImage } from "./templates/mark";

/** How long one mail may take, from the DNS lookup until it is handed over in full, in milliseconds. */
const HANDOVER_LIMIT_MS = 12_000;
/**
 * How long the server may then take to accept it, in milliseconds. It may be checking or passing on the mail: Exchange
 * delays this answer by up to 30 s. Who does not wait for it sends the mail again, and again (RFC 5321, 4.5.3.2.6).
 */
const ACCEPTANCE_LIMIT_MS = 40_000;

export type Letter = {
  recipient: string;
  /** With its angle brackets. */
  messageId: string;
  subject: string;
  html: string;
  text: string;
};

/**
 * What an administrator should check after a failure: the connection includes its encryption. `relay`: the server passes
 * no mail on for Gatehouse; `moment`: nothing, because the server refuses only at the moment.
 */
export type MailFault = "connection" | "login" | "relay" | "sender" | "recipient" | "moment";

export type Delivery =
  | { outcome: "sent"; answer: string }
  /** The server will never accept this mail: a further attempt would end in the same way. */
  | { outcome: "refused"; answer: string; fault?: MailFault }
  /** A temporary failure. `isServerAway`: its cause is not this mail, and no other mail would have been accepted. */
  | { outcome: "later"; answer: string; isServerAway: boolean; fault?: MailFault };

const NO_ANSWER: Delivery = {
  outcome: "later",
  answer: `No answer within ${HANDOVER_LIMIT_MS / 1_000} seconds.`,
  isServerAway: true,
  fault: "connection",
};
/** Points to no setting: the connection and the login have served their purpose. */
const NOT_ACCEPTED: Delivery = {
  outcome: "later",
  answer: `The server has the mail, but did not accept it within ${ACCEPTANCE_LIMIT_MS / 1_000} seconds.`,
  isServerAway: true,
};
/** Points to no setting either, and the mail may arrive. */
const NOT_ANSWERED: Delivery = {
  outcome: "later",
  answer: "The connection ended before the server accepted the mail, which it may have received.",
  isServerAway: true,
};

/**
 * Asks for no automatic replies: everybody by RFC 3834, Exchange in its own way. Not with "All", which also suppresses the
 * report of a mail that Exchange took and could not deliver.
 */
const NO_REPLIES = {
  "Auto-Submitted": "auto-generated",
  "X-Auto-Response-Suppress": "DR, RN, NRN, OOF, AutoReply",
};

const BREAKS_HEADER = /\p{Cc}/u;

/**
 * Hands one mail to the server, and returns the outcome. Never throws, and never takes longer than both limits.
 * @param stop aborts the attempt, because the process stops
 */
export async function sendLetter(server: MailServer, letter: Letter, stop?: AbortSignal): Promise<Delivery> {
  const { from } = server;
  if (!emailSchema.safeParse(letter.recipient).success)
    return { outcome: "refused", answer: "Not sent: the recipient is not one e-mail address." };
  if ([letter.subject, letter.messageId, from.name, from.address].some((text) => BREAKS_HEADER.test(text)))
    return { outcome: "refused", answer: "Not sent: a header would have held a line break." };
  const attempt = new AbortController();
  const abort = () => attempt.abort();
  let isHandedOver = false;
  let limit = setTimeout(abort, HANDOVER_LIMIT_MS);
  const waitForAcceptance = () => {
    isHandedOver = true;
    clearTimeout(limit);
    limit = setTimeout(abort, ACCEPTANCE_LIMIT_MS);
  };
  // Not `AbortSignal.any`, of which Node keeps a trace on `stop` for each mail, for as long as the process lives.
  stop?.addEventListener("abort", abort);
  if (stop?.aborted) abort();
  const transport = nodemailer.createTransport(optionsFor(server));
  transport.use("stream", ({ message }, done) => {
    message.processFunc((text) => text.once("end", waitForAcceptance));
    done();
  });
  try {
    const sent = await transport.sendMail({
      from,
      // An object, because nodemailer would parse a string, which could contain a second mailbox.
      to: { name: "", address: letter.recipient },
      messageId: letter.messageId,
      subject: letter.subject,
      text: letter.text,
      html: letter.html,
      attachments: [markImage],
      // By its own reference, Gmail shows each mail for itself. Else those with one subject are one conversation, in which it
      // folds what the earlier ones say too.
      headers: { ...NO_REPLIES, "X-Entity-Ref-ID": letter.messageId },
      disableFileAccess: true,
      disableUrlAccess: true,
      signal: attempt.signal,
    });
    return { outcome: "sent", answer: sent.response };
  } catch (error) {
    if (stop?.aborted) return { outcome: "later", answer: "Gatehouse was stopped.", isServerAway: true };
    if (attempt.signal.aborted) return isHandedOver ? NOT_ACCEPTED : NO_ANSWER;
    const failure = error as SmtpError;
    return isHandedOver && !failure.response ? NOT_ANSWERED : judge(failure);
  } finally {
    clearTimeout(limit);
    stop?.removeEventListener("abort", abort);
    transport.close();
  }
}

function optionsFor({ host, port, tls, login, clientName }: MailServer) {
  return {
    host,
    port,
    secure: tls === "tls",
    requireTLS: tls === "starttls",
    ignoreTLS: tls === "none",
    // "auto" also sends in clear if no STARTTLS is offered, so checking the certificate would prove nothing (RFC 7435).
    tls: { minVersion: "TLSv1.2" as const, rejectUnauthorized: tls !== "auto" },
    ...(clientName && { name: clientName }),
    ...(login && { auth: { user: login.user, pass: login.password } }),
    allowInternalNetworkInterfaces: host === "localhost",
    connectionTimeout: HANDOVER_LIMIT_MS,
    greetingTimeout: HANDOVER_LIMIT_MS,
    dnsTimeout: HANDOVER_LIMIT_MS,
    socketTimeout: ACCEPTANCE_LIMIT_MS,
  };
}

type SmtpError = Error & {
  code?: string;
  /** The system's error code, if nodemailer has replaced `code` by its own. */
  originalCode?: string;
  command?: string;
  response?: string;
  responseCode?: number;
};

/** The commands whose refusal concerns this mail. A refusal before them would hit any mail. */
const ABOUT_THIS_MAIL = /^(?:RCPT TO|DATA)/;
/** 421: "service not available", the answer to any command when the server shuts down (RFC 5321, 3.8). */
const NOT_AVAILABLE = 421;
/** 530: "authentication required", or "must issue a STARTTLS command first" (RFC 4954, 6; RFC 3207, 4). */
const LOGIN_OR_TLS_REQUIRED = 530;
/** 432: "a password transition is needed", the one temporary refusal of a login that stays (RFC 4954, 4.1). */
const OTHER_LOGIN_REQUIRED = 432;

function judge(error: SmtpError): Delivery {
  const { responseCode = 0, command = "" } = error;
  const isAboutServer = responseCode === NOT_AVAILABLE || responseCode === LOGIN_OR_TLS_REQUIRED;
  const isAboutThisMail = ABOUT_THIS_MAIL.test(command) && !isAboutServer;
  const fault = faultOf(error);
  const failure = { answer: reasonOf(error), ...(fault && { fault }) };
  // The server may be the wrong one, or miss a login: the whole outbox would fail before somebody corrects that.
  if (isAboutThisMail && responseCode >= 500 && fault !== "relay") return { outcome: "refused", ...failure };
  return { outcome: "later", ...failure, isServerAway: !(isAboutThisMail && responseCode >= 400) };
}

/** A reply of SMTP begins with a code; what another service says does not. */
const SMTP_REPLY = /^\d{3}(?:[ -]|$)/;
/** A refusal to pass mail on, in the words that servers use for it. */
const NO_RELAY = /relay|authenticat/i;
/** A refusal of the address itself, which may have one of those words in it (RFC 3463, 3.2). */
const OF_ADDRESS = /^5\d\d[ -]5\.1\./;
/** A refusal for a reason of security or policy, not of the address (RFC 3463, 3.8). */
const BY_POLICY = /^5\d\d[ -]5\.7\./;

/** Returns what the failure points to; null if that is none of these. */
function faultOf({ code, command = "", response = "", responseCode = 0 }: SmtpError): MailFault | null {
  if (code === "EAUTH" && response === "") return "login";
  if (!SMTP_REPLY.test(response) || command === "STARTTLS" || /starttls/i.test(response)) return "connection";
  const isTemporary = responseCode >= 400 && responseCode < 500;
  if (responseCode === NOT_AVAILABLE) return "moment";
  if (code === "EAUTH" && isTemporary && responseCode !== OTHER_LOGIN_REQUIRED) return "moment";
  if (code === "EAUTH" || responseCode === LOGIN_OR_TLS_REQUIRED) return "login";
  if (command.startsWith("MAIL FROM")) return "sender";
  const isRecipient = command.startsWith("RCPT TO");
  if (isRecipient && NO_RELAY.test(response) && !OF_ADDRESS.test(response)) return "relay";
  if (isTemporary) return "moment";
  return isRecipient && !BY_POLICY.test(response) ? "recipient" : null;
}

const TLS_TOO_OLD = "The server speaks only versions of TLS older than 1.2.";
const UNKNOWN_ISSUER =
  "The server’s certificate comes from no authority that Gatehouse knows. NODE_EXTRA_CA_CERTS adds your own.";
const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "Connection refused: nothing listens at that host and port.",
  ENOTFOUND: "The mail server’s name is not known to DNS.",
  EDNS: "The mail server’s name could not be looked up.",
  EHOSTUNREACH: "There is no route to the mail server.",
  ENETUNREACH: "There is no route to the mail server.",
  ECONNRESET: "The server closed the connection.",
  ETIMEDOUT: "The server did not answer in time.",
  CERT_HAS_EXPIRED: "The server’s certificate has expired.",
  DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_ISSUER,
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_ISSUER,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_ISSUER,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_ISSUER,
  ERR_SSL_WRONG_VERSION_NUMBER: "The server does not speak TLS at that port.",
  ERR_SSL_UNSUPPORTED_PROTOCOL: TLS_TOO_OLD,
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: TLS_TOO_OLD,
};

/** Returns the server's answer; if there is none, why the server was not reached or the conversation ended early. */
function reasonOf({ code = "", originalCode = "", command, response, message }: SmtpError): string {
  if (message.startsWith("Missing credentials"))
    return "The mail server asks for a login, and there is no password for it.";
  if (!response) return reasons[originalCode] ?? reasons[code] ?? message;
  if (!SMTP_REPLY.test(response))
    return `What answers at that host and port is no mail server. It said: ${response}`;
  if (command !== "STARTTLS") return response;
  return `The server does not encrypt with STARTTLS, which is required. It said: ${response}`;
}
