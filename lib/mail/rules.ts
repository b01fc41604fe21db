import { DAY_MS, MINUTE_MS, SECOND_MS } from "@/lib/core/durations/rules";

/** The back-off after each failed attempt; the last one repeats. Short at first: most faults pass, and links expire. */
const WAITS_MS = [
  15 * SECOND_MS,
  30 * SECOND_MS,
  MINUTE_MS,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
  10 * MINUTE_MS,
  15 * MINUTE_MS,
] as const;

/** How long a mail is retried, from its first attempt (RFC 5321, 4.5.4.1: at least four to five days). */
const GIVE_UP_AFTER_MS = 5 * DAY_MS;

/** Returns when to retry after a failed attempt; null when the mail has been tried for long enough. */
export function nextAttemptAt(message: { attempts: number; triedSince: Date }, now: Date): Date | null {
  const wait = WAITS_MS[message.attempts - 1] ?? WAITS_MS[WAITS_MS.length - 1] ?? MINUTE_MS;
  const next = new Date(now.getTime() + wait);
  return next.getTime() - message.triedSince.getTime() > GIVE_UP_AFTER_MS ? null : next;
}

const MAX_ANSWER_LENGTH = 500;

const onOneLine = (text: string) => text.replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();

/**
 * Makes a mail server's answer fit to be stored and shown: one line, 500 characters at most, and without the mail's
 * secrets, which the server may have quoted.
 */
export function redactedAnswer(answer: string, secrets: readonly string[]): string {
  let text = onOneLine(answer);
  for (const secret of secrets.map(onOneLine))
    if (secret.length > 3) text = text.replaceAll(secret, "[removed]");
  text = text.replace(/\b(token(?:=|%3D))[\w%-]+/gi, "$1[removed]");
  return text.length > MAX_ANSWER_LENGTH ? `${text.slice(0, MAX_ANSWER_LENGTH - 1)}…` : text;
}

/** Returns the secrets of the links among a mail's values: the values of their query parameters. */
export function linkSecrets(values: object): string[] {
  return Object.values(values).flatMap((value) => {
    const url = typeof value === "string" && URL.canParse(value) ? new URL(value) : null;
    return [...(url?.searchParams.values() ?? [])];
  });
}

/**
 * Returns what to look for of a login's password in an answer: a server may quote a line of the login, in which the
 * password stands as AUTH LOGIN or AUTH PLAIN has it (RFC 4616).
 */
export function loginSecrets({ user, password }: { user: string; password: string }): string[] {
  const lines = [password, `\0${user}\0${password}`].map((text) => Buffer.from(text).toString("base64"));
  return password === "" ? [] : [password, ...lines];
}

const QUALIFIED_NAME = /^(?:[a-z\d-]+\.)+[a-z][a-z\d-]*$/i;

/**
 * Returns the name by which Gatehouse introduces itself to a mail server, which should be one of DNS (RFC 5321, 4.1.1.1):
 * the machine's, or that of BASE_URL, because a container's has no domain. Null if neither is one. Some servers, such as
 * Google's relay, take no mail from a client that gives an address instead.
 */
export function clientNameOf(machine: string, baseUrl: string): string | null {
  return [machine, new URL(baseUrl).hostname].find((name) => QUALIFIED_NAME.test(name)) ?? null;
}
