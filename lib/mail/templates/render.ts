import type { MailKind, MailValues } from "../schema";
import { renderHtml } from "./html";
import type { LetterContent, LetterFrame } from "./letter";
import { letters } from "./letters";
import { renderText } from "./text";

/** A mail ready to be sent, without its recipient. */
export type RenderedLetter = { subject: string; html: string; text: string };

/** Renders a mail of one kind. */
export function renderLetter<K extends MailKind>(
  kind: K,
  values: MailValues[K],
  frame: LetterFrame,
): RenderedLetter {
  const write: (values: MailValues[K], frame: LetterFrame) => LetterContent = letters[kind];
  const letter = write(values, frame);
  return { subject: letter.subject, html: renderHtml(letter, frame), text: renderText(letter, frame) };
}
