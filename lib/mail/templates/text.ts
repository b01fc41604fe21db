import { greeting, type LetterContent, type LetterFrame } from "./letter";

const WIDTH = 72;

/** Wraps a paragraph at spaces; a link that is longer than a line stays in one piece. */
function wrap(paragraph: string): string {
  let line = "";
  const lines: string[] = [];
  for (const word of paragraph.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join("\n");
}

/** Renders the plain-text part of a mail: the same words as the HTML part, in the same order. */
export function renderText(letter: LetterContent, { baseUrl }: LetterFrame): string {
  const { title, greets, paragraphs, action, facts = [], closing = [] } = letter;
  const hello = greeting(greets);
  const termWidth = Math.max(0, ...facts.map(({ term }) => term.length)) + 2;
  const parts = [
    title.toUpperCase(),
    ...(hello ? [hello] : []),
    ...paragraphs.map(wrap),
    ...(action ? [`${action.label}:\n${action.url}`, wrap(action.note)] : []),
    ...(facts.length > 0
      ? [facts.map(({ term, value }) => `${`${term}:`.padEnd(termWidth)}${value}`).join("\n")]
      : []),
    ...closing.map(wrap),
    `-- \n${wrap(`Gatehouse at ${baseUrl}. This message was sent automatically. Replies are not read.`)}`,
  ];
  return `${parts.join("\n\n")}\n`;
}
