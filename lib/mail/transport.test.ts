import { getEventListeners } from "node:events";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { hangUpAt, startBrokenMailServer, startSmtp } from "@/tests/support/smtp";
import type { MailServer } from "./mail-server";
import { type Letter, sendLetter } from "./transport";

/** Nothing listens on that port, so that every attempt fails at once. */
const AWAY: MailServer = {
  host: "127.0.0.1",
  port: 1,
  tls: "none",
  login: null,
  from: { name: "", address: "gatehouse@example.org" },
  clientName: "id.example.org",
};

const LETTER: Letter = {
  recipient: "ada@example.org",
  messageId: "<1@example.org>",
  subject: "A letter",
  html: "<p>Hello</p>",
  text: "Hello",
};

/** How much a signal holds, in all collections that Node keeps in it under symbols, such as that of dependent signals. */
function heldBy(signal: AbortSignal): number {
  const sizes = Object.getOwnPropertySymbols(signal).map(
    (key) => Number(Object(Reflect.get(signal, key)).size) || 0,
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

it("leaves nothing of a mail on the signal that stops the process, which lives for months", async () => {
  const { signal } = new AbortController();
  const send = () => sendLetter(AWAY, LETTER, signal);
  expect(await send()).toMatchObject({ outcome: "later", isServerAway: true });
  const held = heldBy(signal);
  for (let mails = 0; mails < 5; mails += 1) await send();
  expect(heldBy(signal)).toBe(held);
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

it("blames no setting when a server has the mail and does not say that it accepts it", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const later = () => void vi.advanceTimersByTime(40_000);
  const { port, stop } = await startBrokenMailServer(hangUpAt("after-data", later));
  onTestFinished(stop);
  expect(await sendLetter({ ...AWAY, port }, LETTER)).toEqual({
    outcome: "later",
    answer: "The server has the mail, but did not accept it within 40 seconds.",
    isServerAway: true,
  });
});

it("does not blame the settings when the server has the mail and hangs up without an answer", async () => {
  const { port, stop } = await startBrokenMailServer(hangUpAt("after-data"));
  onTestFinished(stop);
  expect(await sendLetter({ ...AWAY, port }, LETTER)).toEqual({
    outcome: "later",
    answer: "The connection ended before the server accepted the mail, which it may have received.",
    isServerAway: true,
  });
});

it("introduces Gatehouse by its name, without which some servers take no mail", async () => {
  const names: unknown[] = [];
  const { port, stop } = await startSmtp({
    onMailFrom: (_address, { hostNameAppearsAs }, done) => done(void names.push(hostNameAppearsAs) as never),
  });
  onTestFinished(stop);
  expect(await sendLetter({ ...AWAY, port }, LETTER)).toMatchObject({ outcome: "sent" });
  expect(names).toEqual(["id.example.org"]);
});

describe("a refusal of the recipient", () => {
  /** What comes of it when the server answers RCPT TO with that. */
  async function answeredWith(responseCode: number, message: string | string[]) {
    const { port, stop } = await startSmtp({
      onRcptTo: (_address, _session, done) => done(Object.assign(new Error(), { message, responseCode })),
    });
    onTestFinished(stop);
    return sendLetter({ ...AWAY, port }, LETTER);
  }

  it.each([
    [550, "5.1.1 User unknown", { outcome: "refused", fault: "recipient" }],
    [550, "5.1.1 <relay@example.org>: User unknown", { outcome: "refused", fault: "recipient" }],
    [554, "5.7.1 Relay access denied", { outcome: "later", isServerAway: false, fault: "relay" }],
    [550, "relay not permitted", { outcome: "later", isServerAway: false, fault: "relay" }],
    [550, "5.7.1 Authentication required", { outcome: "later", isServerAway: false, fault: "relay" }],
    [550, "5.7.1 Blocked by policy", { outcome: "refused" }],
    [454, "4.7.1 Relay access denied", { outcome: "later", isServerAway: false, fault: "relay" }],
    [450, "4.7.1 Greylisted", { outcome: "later", isServerAway: false, fault: "moment" }],
  ])("with %i %s concerns this mail, and points to its cause", async (code, message, expected) => {
    expect(await answeredWith(code, message)).toEqual({ ...expected, answer: `${code} ${message}` });
  });

  it("is understood in several lines as well", async () => {
    expect(await answeredWith(550, ["5.1.1 <relay@example.org>", "5.1.1 has no mailbox"])).toEqual({
      outcome: "refused",
      fault: "recipient",
      answer: "550-5.1.1 <relay@example.org>\n550 5.1.1 has no mailbox",
    });
  });

  it.each([
    [530, "SMTP authentication is required", "login"],
    [421, "4.3.2 Shutting down", "moment"],
  ])("with %i %s would hit any mail, and is no reason to give this one up", async (code, message, fault) => {
    const answer = `${code} ${message}`;
    expect(await answeredWith(code, message)).toEqual({
      outcome: "later",
      answer,
      fault,
      isServerAway: true,
    });
  });
});

it.each(["5.7.26 The sender is not authenticated", "5.6.0 Content rejected"])(
  "a refusal of the mail itself, %s, blames neither the recipient nor a missing login",
  async (message) => {
    const { port, stop } = await startSmtp({
      onData: (stream, _session, done) =>
        void stream.resume().on("end", () => done(Object.assign(new Error(message), { responseCode: 550 }))),
    });
    onTestFinished(stop);
    expect(await sendLetter({ ...AWAY, port }, LETTER)).toEqual({
      outcome: "refused",
      answer: `550 ${message}`,
    });
  },
);

it.each([
  [535, "5.7.8 Bad user name or password", "login"],
  [534, "5.7.9 Mechanism too weak", "login"],
  [432, "4.7.12 A password transition is needed", "login"],
  [454, "4.7.0 Temporary authentication failure", "moment"],
  [451, "4.7.0 Temporary server error", "moment"],
])("points to the login after %i %s only if that is to blame", async (responseCode, message, fault) => {
  const { port, stop } = await startSmtp({
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    onAuth: (_login, _session, done) => done(Object.assign(new Error(message), { responseCode })),
  });
  onTestFinished(stop);
  expect(await sendLetter({ ...AWAY, port, login: { user: "gate", password: "key" } }, LETTER)).toEqual({
    outcome: "later",
    answer: `${responseCode} ${message}`,
    isServerAway: true,
    fault,
  });
});

it("says so when what listens at the port is no mail server", async () => {
  const { port, stop } = await startBrokenMailServer((socket) => socket.write("* OK IMAP4rev1 ready\r\n"));
  onTestFinished(stop);
  expect(await sendLetter({ ...AWAY, port }, LETTER)).toEqual({
    outcome: "later",
    answer: "What answers at that host and port is no mail server. It said: * OK IMAP4rev1 ready",
    isServerAway: true,
    fault: "connection",
  });
});

it("asks Exchange for no automatic replies, but for the report of a mail that it could not deliver", async () => {
  const smtp = await startSmtp();
  onTestFinished(smtp.stop);
  await sendLetter({ ...AWAY, port: smtp.port }, LETTER);
  const header = String(smtp.mails[0]?.parsed.headers.get("x-auto-response-suppress"));
  expect(header.split(", ").sort()).toEqual(["AutoReply", "DR", "NRN", "OOF", "RN"]);
});

it("tells Gmail that two mails with the same subject are two conversations", async () => {
  const smtp = await startSmtp();
  onTestFinished(smtp.stop);
  for (const messageId of ["<1@example.org>", "<2@example.org>"])
    await sendLetter({ ...AWAY, port: smtp.port }, { ...LETTER, messageId });
  const references = smtp.mails.map(({ parsed }) => parsed.headers.get("x-entity-ref-id"));
  expect(references).toEqual(["<1@example.org>", "<2@example.org>"]);
});
