import "server-only";
import type { Person } from "./actor";
import { createGates } from "./gates";
import { networkOf } from "./network";

const pass = createGates("lists", {
  atOnce: 2,
  waitingAtOne: 64,
  waitingAtAll: 1_024,
  maxWaitMs: 20_000,
});

/**
 * Reads a page of a list, two at a time for each administrator. A search for one or two letters may read a whole table:
 * a hundred at once would hold all connections and all of the database's CPU time for long.
 * @throws Refusal "overloaded" when too many pages wait, or this one has waited too long
 */
export async function readListInTurn<Page>({ userId }: Person, read: () => Promise<Page>): Promise<Page> {
  return pass(userId, read);
}

/**
 * Reads a page of a person's own list, two at a time from one network: whoever stole a token cannot keep its owner from
 * the page that ends the session. There may be half a million entries to count.
 * @throws Refusal as `readListInTurn` does
 */
export async function readOwnListInTurn<Page>(
  { userId, address }: Person,
  read: () => Promise<Page>,
): Promise<Page> {
  return pass(`${userId} ${networkOf(address)}`, read);
}
