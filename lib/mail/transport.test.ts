import { getEventListeners } from "node:events";
import { expect, it, onTestFinished, vi } from "vitest";
import { hangUpAt, startBrokenMailServer } from "@/tests/support/smtp";
import type { MailServer } from "./mail-server";
import { type Letter, sendLetter } from "./transport";

/** Nothing listens on that port, so that every attempt fails at once. */
const AWAY: MailServer = {
  host: "127.0.0.1",
  port: 1,
  tls: "none",
  login: null,
  from: { name: "", address: "gatehouse@example.org" },
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
