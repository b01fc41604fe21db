import { quoted, quotedTexts } from "@/lib/core/text-search/rules";

/** Says whose events a filter by person selects: those of any of the addresses, if it has them in quotation marks. */
export function personWords(search: string): string {
  const addresses = quotedTexts(search).map((text) => quoted(text));
  return addresses.join(" or ") || search;
}
