import { greeting, type LetterContent, type LetterFrame } from "./letter";

const WIDTH = 72;

/** Wraps a paragraph at spaces; a link that is longer than a line stays in one piece. */
function wrap(paragraph: string, width = WIDTH): string {
  let line = "";
  const lines: string[] = [];
  for (const word of paragraph.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join("\n");
}

/** Returns a fact with its value beside its term, on further lines too. */
function factLines({ term, value }: { term: string; value: string }, termWidth: number): string {
  const lines = wrap(value, WIDTH - termWidth).replaceAll("\n", `\n${" ".repeat(termWidth)}`);
  return `${`${term}:`.padEnd(termWidth)}${lines}`;
}

/** Renders the plain-text part of a mail: the same words as the HTML part, in the same order. */
export function renderText(letter: LetterContent, { baseUrl }: LetterFrame): string {
  const { subject, title = subject, greets, paragraphs, action, facts = [], closing = [] } = letter;
  const hello = greeting(greets);
  const termWidth = Math.max(0, ...facts.map(({ term }) => term.length)) + 2;
  const parts = [
    title.toUpperCase(),
    ...(hello ? [hello] : []),
    ...paragraphs.map((paragraph) => wrap(paragraph)),
    ...(action ? [`${action.label}:\n${action.url}`, wrap(action.note)] : []),
    ...(facts.length > 0 ? [facts.map((fact) => factLines(fact, termWidth)).join("\n")] : []),
    ...closing.map((paragraph) => wrap(paragraph)),
    `-- \n${wrap(`Gatehouse at ${baseUrl}. This message was sent automatically. Replies are not read.`)}`,
  ];
  return `${parts.join("\n\n")}\n`;
}
