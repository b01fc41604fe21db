// Measures the machine's argon2id rate: the library that Gatehouse uses, in a process that does nothing else.
import { verify } from "@node-rs/argon2";
import { runLoad } from "./load";
import { serveJobs } from "./worker-process";

export const rawJobs = {
  /** Verifies one password against one hash, over and over. */
  verify: (input: { hash: string; password: string; parallel: number; ms: number }) =>
    runLoad(input.parallel, input.ms, () => verify(input.hash, input.password)),
};

serveJobs(rawJobs);
