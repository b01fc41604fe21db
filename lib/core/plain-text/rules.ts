/** Returns whether text can be stored and shown as it is: it has no control characters, and no half of a character. */
export function isPlainText(text: string): boolean {
  return !/\p{Cc}/u.test(text) && text.isWellFormed();
}

/** Returns whether text has a character that can be seen: not only blanks and characters that leave no mark. */
export function isVisible(text: string): boolean {
  return /[^\s\p{Cf}\p{Default_Ignorable_Code_Point}]/u.test(text);
}

/** Writes an invisible character as its code point: `\u{200B}`. */
export function codePointText(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16).toUpperCase()}}`;
}

/** Writes each invisible format character, which often comes with pasted text, as its code point. */
export function withInvisibleNamed(text: string): string {
  return text.replace(/\p{Cf}/gu, codePointText);
}
