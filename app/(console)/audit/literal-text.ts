// Format characters change how their neighbours are drawn or are not drawn at all: a text could pose as another one.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Text from outside as it is: what could not be seen, or would turn other letters around, stands as its code point. */
export function literalText(text: string, { lines = false } = {}): string {
  return text.replace(UNSEEN, (character) => {
    if (lines && character === "\n") return character;
    return `\\u{${character.codePointAt(0)?.toString(16).toUpperCase()}}`;
  });
}
