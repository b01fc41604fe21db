import "server-only";
import type { Person } from "./actor";
import { createGates } from "./gates";
import { createPersonalGates } from "./personal-gates";

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

const passOwn = createPersonalGates("own-lists");

/**
 * Reads a page of a person's own list, a few at a time (`createPersonalGates`): there may be half a million entries to
 * count. Not by the gates of the other lists, so that people who are no administrators cannot crowd those.
 * @throws Refusal as `readListInTurn` does
 */
export async function readOwnListInTurn<Page>(person: Person, read: () => Promise<Page>): Promise<Page> {
  return passOwn(person, read);
}
