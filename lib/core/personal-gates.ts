import "server-only";
import type { Person } from "./actor";
import { createGates } from "./gates";
import { networkOf } from "./network";

/**
 * How long any may wait at each of the two gates, in milliseconds: longer than two test mails take, unless their server
 * is slow to accept them.
 */
const MAX_WAIT_MS = 20_000;

/**
 * Creates a function that runs what a person asks for, two at a time from one network, and four at a time from all of
 * them. By network, so that whoever stole a token cannot keep its owner from ending the session. From all of them,
 * because a single client can have hundreds of networks (an IPv6 address counts as its /64), and would hold all of the
 * database's connections.
 * @param name identifies the gates, as for `createGates`
 * @returns a function like that of `createGates`, with the person as the key
 */
export function createPersonalGates(name: string) {
  // Two, so that what takes long, such as a test mail, does not hold up the next.
  const fromNetwork = createGates(`${name} from a network`, {
    atOnce: 2,
    waitingAtOne: 256,
    waitingAtAll: 4_096,
    maxWaitMs: MAX_WAIT_MS,
  });
  const fromAnywhere = createGates(name, {
    atOnce: 4,
    waitingAtOne: 1_024,
    waitingAtAll: 4_096,
    maxWaitMs: MAX_WAIT_MS,
  });
  return <T>(
    { userId, address }: Pick<Person, "userId" | "address">,
    work: (hasWaited: boolean) => Promise<T>,
  ): Promise<T> =>
    fromNetwork(`${userId} ${networkOf(address)}`, (hasWaited) =>
      fromAnywhere(userId, (hasWaitedAgain) => work(hasWaited || hasWaitedAgain)),
    );
}
