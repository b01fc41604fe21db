import { codePointText } from "@/lib/core/plain-text/rules";

// Two format characters, ZWNJ and ZWJ, are legitimate spelling where they change how a word is drawn: the non-joiner
// after an Arabic letter that would join the next one, both after a virama of the Indic scripts (RFC 5892, A.1 and
// A.2), the joiner between some of their letters and a virama, and where it combines several emoji into one.
const VIRAMA = "[\\u094d\\u09cd\\u0a4d\\u0acd\\u0b4d\\u0bcd\\u0c4d\\u0ccd\\u0d4d\\u0dca\\u1039\\u17d2]";
/** The letters before whose virama a joiner keeps them from being drawn above the next one (Unicode 17, 12.2 and 12.8). */
const FULL_RA = "[\\u09b0\\u09f0\\u0cb0]";
const ARABIC = "(?=[\\p{L}\\p{M}])\\p{Script=Arabic}";
/** Arabic letters that never join the next one. */
const ENDING = "[ءآأؤإاةدذرزوىٱڈڑژۀۃۆۇۈۋۏےۓە]";
const EMOJI = "(?:\\p{EPres}\\p{EMod}?|\\p{ExtPict}\\ufe0f)";
const SPELLED = [
  `(?<=${VIRAMA})[\\u200c\\u200d]`,
  `(?<=${FULL_RA})\\u200d(?=${VIRAMA})`,
  `(?<=${ARABIC})(?<!${ENDING})\\u200c(?=${ARABIC})`,
  `(?<=${EMOJI})\\u200d(?=${EMOJI})`,
].join("|");

// All other format and control characters are invisible, or change how their neighbours are drawn: with them, one text
// could pose as another.
const UNSEEN = new RegExp(`(?!${SPELLED})[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]`, "gu");

/**
 * Makes text from outside safe to read: replaces each character that is invisible or would reorder other letters with
 * its code point.
 */
export function escapeInvisible(text: string, { lines = false } = {}): string {
  return text.replace(UNSEEN, (character) => {
    if (lines && character === "\n") return character;
    return codePointText(character);
  });
}
