import { expect, it } from "vitest";
import { escapeInvisible } from "./escape-invisible";

it.each([
  ["jane@example.org", "jane@example.org"],
  ["<b>&amp;</b>", "<b>&amp;</b>"],
  ["Łódź 東京 ספר", "Łódź 東京 ספר"],
  ["moc.live\u202e@admin", "moc.live\\u{202E}@admin"],
  ["a\u200bb\u00adc\ufeff", "a\\u{200B}b\\u{AD}c\\u{FEFF}"],
  ["p\u200dq p\u200cq 1\u200d2", "p\\u{200D}q p\\u{200C}q 1\\u{200D}2"],
  ["حسین\u200cزاده ශ්\u200dරී", "حسین\u200cزاده ශ්\u200dරී"],
  ["حسین\u200c", "حسین\\u{200C}"],
  ["حس\u200dین د\u200cا ۱\u200c۲ ،\u200c،", "حس\\u{200D}ین د\\u{200C}ا ۱\\u{200C}۲ ،\\u{200C}،"],
  ["क\u200dख क्\u200dष क्\u200cष ।\u200d।", "क\\u{200D}ख क्\u200dष क्\u200cष ।\\u{200D}।"],
  ["র\u200d্যাচেল ৰ\u200d্য ರ\u200d್ಕ", "র\u200d্যাচেল ৰ\u200d্য ರ\u200d್ಕ"],
  ["র\u200dক ক\u200d্য", "র\\u{200D}ক ক\\u{200D}্য"],
  ["©\u200d© 👩🏽\u200d⚕\ufe0f", "©\\u{200D}© 👩🏽\u200d⚕\ufe0f"],
  ["👩🏽\u200d🚀 🏳️\u200d🌈", "👩🏽\u200d🚀 🏳️\u200d🌈"],
  ["👩\u200dx", "👩\\u{200D}x"],
  ["line\nbreak\t\u0000", "line\\u{A}break\\u{9}\\u{0}"],
  ["a line\u2028a paragraph\u2029", "a line\\u{2028}a paragraph\\u{2029}"],
])("%j", (text, literal) => {
  expect(escapeInvisible(text)).toBe(literal);
});

it("keeps line breaks where they are asked for", () => {
  expect(escapeInvisible("{\n  1\r\n}", { lines: true })).toBe("{\n  1\\u{D}\n}");
});
