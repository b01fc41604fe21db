// Guesses passwords over REST in a separate process: in one with the client whose calls are timed, the attacker's own
// garbage collections would count as the server's delays.
import { restClient } from "./rest-client";
import { unknownEmail } from "./unknown-email";
import { serveJobs } from "./worker-process";

/** Where to guess, how many at once, and for which address; for ever new ones, which nobody has, if it is null. */
export type Attack = Readonly<{ port: number; parallel: number; email: string | null }>;

/** Keeps `parallel` guesses under way. Returns a function that waits for the last of them, and throws on any other answer. */
function attack({ port, parallel, email }: Attack): () => Promise<void> {
  const client = restClient(port, parallel);
  let isOver = false;
  const guesses = Array.from({ length: parallel }, async () => {
    while (!isOver) await client.failToLogIn(email ?? unknownEmail(), "a guess");
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
