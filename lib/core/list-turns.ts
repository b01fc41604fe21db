import "server-only";
import type { Person } from "./actor";
import { createPersonalGates } from "./personal-gates";

const pass = createPersonalGates("lists");

/**
 * Reads a page of a list, all about one account, or the key ring, a few at a time for each person
 * (`createPersonalGates`). A search for one or two letters may read a whole table, and a person or a key may have half a
 * million sessions to count: a hundred at once would hold all connections and all of the database's CPU time for long.
 * @throws Refusal "overloaded" when too many pages wait, or this one has waited too long
 */
export async function readListInTurn<Page>(person: Person, read: () => Promise<Page>): Promise<Page> {
  return pass(person, read);
}
