import "server-only";
import { createGates } from "./gates";

/**
 * Creates a function that runs changes of one row one after the other. They would wait for each other in the database
 * anyway, with a connection each: a few hundred at once would hold all of them, and everyone else would wait until the
 * database counts as unavailable. For changes that need a secret and no login; those of a logged-in person take turns
 * already (`createPersonalGates`).
 * @param name identifies the gates, as for `createGates`
 * @returns a function like that of `createGates`, with the row's id as the key
 */
export const createRowTurns = (name: string) =>
  createGates(name, { atOnce: 1, waitingAtOne: 256, waitingAtAll: 4_096, maxWaitMs: 20_000 });
