// Guesses passwords over REST in a separate process: in one with the client whose calls are timed, the attacker's own
// garbage collections would count as the server's delays.
import { restClient } from "./rest-client";
import { unknownEmail } from "./unknown-email";
import { serveJobs } from "./worker-process";

/**
 * Where to guess, and how many at once. `email`: the account; null for ever new addresses, which nobody has. `isCrowd`:
 * each guess comes from another of the 65,536 networks that one subscriber of IPv6 can have.
 */
export type Attack = Readonly<{ port: number; parallel: number; email: string | null; isCrowd: boolean }>;

const NETWORKS = 65_536;

/** Keeps `parallel` guesses under way. Returns a function that waits for the last of them, and throws on any other answer. */
function attack({ port, parallel, email, isCrowd }: Attack): () => Promise<void> {
  const client = restClient(port, parallel);
  let isOver = false;
  let guessed = 0;
  const guess = () => {
    guessed += 1;
    const username = email ?? unknownEmail();
    if (!isCrowd) return client.failToLogIn(username, "a guess");
    return client.failInCrowd(`2001:db8:1:${(guessed % NETWORKS).toString(16)}::1`, username, "a guess");
  };
  const guesses = Array.from({ length: parallel }, async () => {
    while (!isOver) await guess();
  });
  const all = Promise.all(guesses);
  all.catch(() => undefined);
  return async () => {
    isOver = true;
    await all;
    client.http.close();
  };
}

let end = async () => {};

export const attackerJobs = {
  begin: async (input: Attack) => {
    end = attack(input);
  },
  end: (_: null) => end(),
};

serveJobs(attackerJobs);
