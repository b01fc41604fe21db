import type { MailKind, MailValues } from "../schema";
import { renderHtml } from "./html";
import type { LetterContent, LetterFrame } from "./letter";
import { letters } from "./letters";
import { renderText } from "./text";

/** A mail ready to be sent, without its recipient. */
export type RenderedLetter = { subject: string; html: string; text: string };

/** Returns a letter whose link leads to Gatehouse's address of now: BASE_URL may have changed since the mail was queued. */
function atBaseUrl(letter: LetterContent, { baseUrl }: LetterFrame): LetterContent {
  if (!letter.action) return letter;
  const { pathname, search } = new URL(letter.action.url);
  return { ...letter, action: { ...letter.action, url: `${baseUrl}${pathname}${search}` } };
}

/** Renders a mail of one kind. */
export function renderLetter<K extends MailKind>(
  kind: K,
  values: MailValues[K],
  frame: LetterFrame,
): RenderedLetter {
  const write: (values: MailValues[K], frame: LetterFrame) => LetterContent = letters[kind];
  const letter = atBaseUrl(write(values, frame), frame);
  return { subject: letter.subject, html: renderHtml(letter, frame), text: renderText(letter, frame) };
}
