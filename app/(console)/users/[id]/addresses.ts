import { quoted } from "@/lib/core/text-search/rules";

/** An account's addresses, the present and earlier ones, for links to what happened under them. */
export type Addresses = { search: string; words: string };

/** Returns how a list is searched for an account's addresses, and how a link names them. */
export function addressesOf({ email, earlierEmails }: { email: string; earlierEmails: string[] }): Addresses {
  return {
    search: quoted(email, ...earlierEmails),
    words: earlierEmails.length > 0 ? "this address or an earlier one" : "this address",
  };
}
