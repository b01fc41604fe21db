const JOINING_SCRIPTS = "Arab Syrc Mong Deva Beng Guru Gujr Orya Taml Telu Knda Mlym Sinh Mymr Khmr";
const joining = `[${JOINING_SCRIPTS.split(" ")
  .map((script) => `\\p{scx=${script}}`)
  .join("")}]`;

// Two format characters are spelling where they stand between letters that join, as in many a Persian or Sinhala name,
// and where they make one emoji of several.
const SPELLED = `(?<=${joining})[\\u200c\\u200d](?=${joining})|(?<=\\p{ExtPict}[\\ufe0f\\p{EMod}]?)\\u200d(?=\\p{ExtPict})`;

// The others change how their neighbours are drawn or are not drawn at all: a text could pose as another one.
const UNSEEN = new RegExp(`(?!${SPELLED})[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]`, "gu");

/** Text from outside as it is: what could not be seen, or would turn other letters around, stands as its code point. */
export function literalText(text: string, { lines = false } = {}): string {
  return text.replace(UNSEEN, (character) => {
    if (lines && character === "\n") return character;
    return `\\u{${character.codePointAt(0)?.toString(16).toUpperCase()}}`;
  });
}
