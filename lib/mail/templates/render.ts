import type { MailKind, MailValues } from "../schema";
import { renderHtml } from "./html";
import type { LetterContent, LetterFrame } from "./letter";
import { letters } from "./letters";
import { renderText } from "./text";

/** A mail as it is sent, but for whom it goes to. */
export type RenderedLetter = { subject: string; html: string; text: string };

/** Writes a mail of one kind. */
export function renderLetter<K extends MailKind>(
  kind: K,
  values: MailValues[K],
  frame: LetterFrame,
): RenderedLetter {
  const write: (values: MailValues[K], frame: LetterFrame) => LetterContent = letters[kind];
  const letter = write(values, frame);
  return { subject: letter.subject, html: renderHtml(letter, frame), text: renderText(letter, frame) };
}
