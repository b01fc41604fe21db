/** Returns whether text can be stored and shown as it is: it has no control characters, and no half of a character. */
export function isPlainText(text: string): boolean {
  return !/\p{Cc}/u.test(text) && text.isWellFormed();
}
