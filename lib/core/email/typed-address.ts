import { domainToASCII } from "node:url";
import { MAX_EMAIL_LENGTH } from "./rules";

/** Without what ends or encodes a host name in a URL, as which `domainToASCII` reads it. */
const FOREIGN_DOMAIN = /^(?<mailbox>.*@)(?<domain>[^\s@/\\?#%:]*\P{ASCII}[^\s@/\\?#%:]*)$/u;

/**
 * Returns an address that its owner typed in the form in which it is stored: without blanks around it, without the
 * invisible characters that come with text pasted from chats and contacts, and the domain in ASCII. Firefox sends
 * “ann@bücher.example” as it was typed, other browsers as “ann@xn--bcher-kva.example”.
 */
export function typedAddress(text: string): string {
  const address = text.replace(/\p{Cf}/gu, "").trim();
  const parts = address.length > MAX_EMAIL_LENGTH ? undefined : FOREIGN_DOMAIN.exec(address)?.groups;
  return parts ? `${parts.mailbox}${domainToASCII(parts.domain ?? "")}` : address;
}
